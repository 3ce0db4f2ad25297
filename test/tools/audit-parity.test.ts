// SPDX-License-Identifier: Apache-2.0
// What `waybill audit` reports against what Syft and Grype say by hand on the same image and database: the multisets of
// the command line's contract, on every image of the test bed, and one image from every kind of source.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditReport } from '../../src/core/evidence/report.ts';
import { createAuditor } from '../../src/node/audit-entry.ts';
import { run } from '../testbed/command.ts';
import { startEngine } from '../testbed/engines.ts';
import { imageNames, imagePaths } from '../testbed/images.ts';
import { pushImage, startRegistry } from '../testbed/registry.ts';
import { quietToolEnv } from '../testbed/tools.ts';
import { auditJson, prepareAudit, waybill, type Bench } from './audit-cli.ts';

interface Located {
  readonly name: string;
  readonly version: string;
  readonly locations: readonly { readonly path: string }[];
}
interface SyftDocument {
  readonly artifacts: readonly (Located & { readonly id: string; readonly type: string })[];
  readonly source: { readonly metadata: { readonly imageID: string; readonly manifestDigest: string } };
  readonly files: readonly {
    readonly location: { readonly path: string };
    readonly digests?: readonly unknown[];
    readonly executable?: unknown;
  }[];
}
interface GrypeDocument {
  readonly matches: readonly {
    readonly vulnerability: {
      readonly id: string;
      readonly namespace: string;
      readonly severity: string;
      readonly fix: { readonly state: string; readonly versions: readonly string[] };
    };
    readonly artifact: Located;
  }[];
}

const paths = (locations: readonly { readonly path: string }[]): string[] =>
  locations.map(({ path }) => path).toSorted();
const multiset = (items: readonly unknown[]): string[] => items.map((item) => JSON.stringify(item)).toSorted();

const packagesByHand = ({ artifacts }: SyftDocument): string[] =>
  multiset(artifacts.map(({ name, version, type, locations }) => [name, version, type, paths(locations)]));
const packagesOf = ({ packages }: AuditReport): string[] =>
  multiset(packages.map(({ name, version, type, locations }) => [name, version, type, locations]));

const vulnerabilitiesByHand = ({ matches }: GrypeDocument): string[] =>
  multiset(
    matches.map(({ vulnerability: { id, namespace, severity, fix }, artifact: { name, version, locations } }) => [
      id,
      namespace,
      severity.toLowerCase(),
      name,
      version,
      fix.state,
      fix.versions,
      paths(locations),
    ]),
  );
function vulnerabilitiesOf({ packages, vulnerabilities }: AuditReport): string[] {
  const byId = new Map(packages.map((each) => [each.id, each]));
  return multiset(
    vulnerabilities.map(({ id, namespace, severity, packageId, fix, locations }) => {
      const of = byId.get(packageId);
      assert.ok(of, packageId);
      return [id, namespace, severity, of.name, of.version, fix.state, fix.versions, locations];
    }),
  );
}

describe('waybill audit and the raw tools', function () {
  this.timeout(300_000);
  let bench: Bench;
  /** Syft and Grype as a person runs them, each on the image itself. */
  let byHand: (image: string) => Promise<{ readonly syft: SyftDocument; readonly grype: GrypeDocument }>;

  before(async () => {
    bench = await prepareAudit();
    const env = { ...quietToolEnv, GRYPE_DB_CACHE_DIR: bench.env['GRYPE_DB_CACHE_DIR'] ?? '' };
    byHand = async (image) => {
      const raw = async (tool: string): Promise<unknown> =>
        JSON.parse(await run(bench.env[`WAYBILL_${tool}`] ?? '', [image, '-o', 'json'], { env }));
      return { syft: (await raw('SYFT')) as SyftDocument, grype: (await raw('GRYPE')) as GrypeDocument };
    };
  });
  after(() => bench.dispose());

  for (const name of imageNames) {
    it(`agree on ${name}`, async () => {
      const image = `oci-dir:${(await imagePaths(name)).ociDir}`;
      const { syft, grype } = await byHand(image);
      const { code, report } = await auditJson(image, bench.env);
      assert.equal(code, 0);
      assert.equal(report.image.configDigest, syft.source.metadata.imageID);
      assert.equal(report.image.manifestDigest, syft.source.metadata.manifestDigest);
      assert.ok(report.packages.length > 0 && report.vulnerabilities.length > 0);
      assert.deepEqual(packagesOf(report), packagesByHand(syft));
      assert.deepEqual(vulnerabilitiesOf(report), vulnerabilitiesByHand(grype));
      assert.equal(report.summary.vulnerabilities, grype.matches.length);
      console.log(
        `      ${name}: ${report.packages.length} packages, ${report.vulnerabilities.length} vulnerabilities`,
      );
    });
  }

  it('name one image the same whatever it is read from, and agree there as well', async () => {
    const goapp = await imagePaths('goapp');
    const multi = await imagePaths('goapp-multi');
    const { imageId = '', dockerArchive = '', reference } = goapp;
    const expected = await byHand(`oci-dir:${goapp.ociDir}`);
    const check = async (from: string, env: NodeJS.ProcessEnv = {}): Promise<AuditReport> => {
      const { code, report, stderr } = await auditJson(from, { ...bench.env, ...env });
      assert.equal(code, 0, `${from}: ${stderr}`);
      assert.equal(report.image.configDigest, imageId, from);
      assert.equal(report.image.platform, 'linux/amd64');
      assert.deepEqual(packagesOf(report), packagesByHand(expected.syft), from);
      assert.deepEqual(vulnerabilitiesOf(report), vulnerabilitiesByHand(expected.grype), from);
      return report;
    };
    await check(`oci-archive:${goapp.ociArchive}`);
    await check(`docker-archive:${dockerArchive}`);

    const registry = await startRegistry();
    try {
      const index = await pushImage(multi.ociDir, `${registry.host}/team/goapp:1`);
      const report = await check(`registry:${registry.host}/team/goapp:1`);
      assert.equal(report.image.indexDigest, index);
      assert.equal(report.image.manifestDigest, goapp.digest);
      await check(`registry:${registry.host}/team/goapp@${index}`);
    } finally {
      await registry.stop();
    }

    for (const kind of ['docker', 'podman'] as const) {
      const engine = await startEngine(kind);
      try {
        await engine.load(dockerArchive);
        await check(`${kind}:${reference}`, engine.env);
        await check(`${kind}:${imageId.slice(7, 19)}`, engine.env);
        // Without a socket Podman's own command line hands the image over.
        const { CONTAINER_HOST: _, ...own } = engine.env;
        if (kind === 'podman') await check(`podman:${reference}`, own);

        const folder = join(bench.folder, kind);
        mkdirSync(folder);
        const auditor = createAuditor({
          env: { ...bench.env, ...engine.env },
          log: { debug: () => undefined, info: () => undefined, warn: assert.fail, error: assert.fail },
          clock: { now: Date.now },
          dataFolder: folder,
          programs: { syft: null, grype: null, docker: null, podman: null, nerdctl: null },
        });
        const listings = await auditor.engineImages(new AbortController().signal);
        const listing = listings.find(({ engine: name }) => name === kind);
        assert.ok(listing?.result.ok);
        const images = listing.result.value;
        assert.deepEqual(
          images.map(({ id, reference: named }) => [id, named]),
          [[imageId, reference]],
        );
        assert.ok((images[0]?.size ?? 0) > 1_000_000);
        assert.equal(images[0]?.createdAt, '2025-10-09T08:53:20.000Z');
      } finally {
        await engine.stop();
      }
    }
  });

  it('take the platform that is asked for, and Syft the same one', async () => {
    const { ociDir, ociArchive } = await imagePaths('goapp-multi');
    for (const image of [`oci-dir:${ociDir}`, `oci-archive:${ociArchive}`]) {
      const { code, report } = await auditJson(image, bench.env, ['--platform', 'linux/arm64']);
      assert.equal(code, 0);
      assert.equal(report.image.platform, 'linux/arm64');
      const raw = await run(bench.env['WAYBILL_SYFT'] ?? '', [image, '--platform', 'linux/arm64', '-o', 'json'], {
        env: quietToolEnv,
      });
      assert.equal(report.image.configDigest, (JSON.parse(raw) as SyftDocument).source.metadata.imageID);
    }
  });

  it('write the same SBOM in three formats from the one scan, with the digests that evidence needs', async () => {
    const image = `oci-dir:${(await imagePaths('distroless')).ociDir}`;
    const file = (name: string): string => join(bench.folder, name);
    const wishes = ['syft-json=syft.json', 'spdx-json=spdx.json', 'cyclonedx-json=cyclonedx.json'].flatMap((wish) => {
      const [format = '', name = ''] = wish.split('=');
      return ['--sbom', `${format}=${file(name)}`];
    });
    const output = file('report.json');
    const done = await waybill(['audit', image, ...wishes, '--format', 'json', '--output', output], bench.env);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(done.stdout, '');
    const json = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(file(name), 'utf8')) as Record<string, unknown>;
    const report = json('report.json') as unknown as AuditReport;
    const syft = json('syft.json') as unknown as SyftDocument;
    assert.deepEqual(packagesOf(report), packagesByHand(syft));
    const executables = syft.files.filter(({ executable }) => executable !== undefined);
    assert.ok(executables.length > 100);
    assert.ok(
      executables.every(({ digests = [] }) => digests.length > 0),
      'also those that no package owns',
    );
    assert.equal(json('spdx.json')['spdxVersion'], 'SPDX-2.3');
    assert.equal(json('cyclonedx.json')['bomFormat'], 'CycloneDX');
    const named = (list: unknown): string[] =>
      (list as { name: string; versionInfo?: string }[]).map(({ name }) => name);
    for (const { name } of report.packages) {
      assert.ok(named(json('spdx.json')['packages']).includes(name), name);
      assert.ok(named(json('cyclonedx.json')['components']).includes(name), name);
    }
    assert.ok(existsSync(join(bench.data, 'reports')));
  });

  it('say at which severity to fail, print SARIF, and give the same bytes for the same image', async () => {
    const image = `oci-dir:${(await imagePaths('goapp')).ociDir}`;
    const critical = await waybill(['audit', image, '--fail-on', 'critical'], bench.env);
    assert.equal(critical.code, 0, critical.stderr);
    assert.match(critical.stdout, /Config {4}sha256:/);
    assert.equal(critical.stderr, '', 'no progress where nobody looks');
    const high = await waybill(['audit', image, '--fail-on', 'high', '--format', 'sarif'], bench.env);
    assert.equal(high.code, 1);
    const sarif = JSON.parse(high.stdout) as { version: string; runs: { results: unknown[] }[] };
    assert.equal(sarif.version, '2.1.0');
    const first = await auditJson(image, bench.env);
    const second = await auditJson(image, bench.env);
    const { vulnerabilities, findings } = first.report;
    assert.equal(sarif.runs[0]?.results.length, vulnerabilities.length + findings.length);
    // Nobody signed it, and nothing says where it comes from: no policy asks for either, so neither is an error.
    assert.deepEqual(
      findings.map(({ ruleId, severity }) => `${ruleId} ${severity}`),
      ['WB4001 info', 'WB4003 hint'],
    );
    const timeless = ({ stdout }: { stdout: string }): string => stdout.replace(/"generated": "[^"]+"/, '');
    assert.equal(timeless(first), timeless(second));
  });
});
