// SPDX-License-Identifier: Apache-2.0
// Every way in which an audit can fail, provoked with the real tools where that can be done: the exit code, the stage
// that says it, its next step, and that nothing is left behind.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditReport } from '../../src/core/evidence/report.ts';
import { databaseFolder } from '../testbed/database.ts';
import { startEngine } from '../testbed/engines.ts';
import { imagePaths } from '../testbed/images.ts';
import { pushImage, startRegistry } from '../testbed/registry.ts';
import { auditJson, prepareAudit, processesWith, script, waybill, type Bench } from './audit-cli.ts';

/** `code` of a stage and the sentence that goes with it. */
function failure(report: AuditReport, stage: keyof AuditReport['stages']): string {
  const { code, reason } = report.stages[stage];
  return `${code}: ${reason}`;
}

const auth = (text: string): string => Buffer.from(text).toString('base64');

/** A file system of its own, too small for what is written to it. */
async function tinyDisk(under: string, kilobytes: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(under, 'tiny');
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'waybill-test', folder]);
  try {
    await work(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
}

describe('waybill audit, when it fails', function () {
  this.timeout(180_000);
  let bench: Bench;
  let goapp: string;

  before(async () => {
    bench = await prepareAudit();
    goapp = `oci-dir:${(await imagePaths('goapp')).ociDir}`;
  });
  after(() => bench.dispose());
  afterEach(() => assert.deepEqual(readdirSync(bench.temporary), [], 'the private folder is gone'));

  const stored = (): readonly string[] =>
    existsSync(join(bench.data, 'reports'))
      ? readdirSync(join(bench.data, 'reports')).filter((name) => name.startsWith('sha'))
      : [];

  describe('for want of a tool', () => {
    it('names Syft, and still says how the database is', async () => {
      const { WAYBILL_SYFT: _, ...rest } = bench.env;
      const env = { ...rest, PATH: bench.folder };
      const { code, report } = await auditJson(goapp, env);
      assert.equal(code, 3);
      assert.match(
        failure(report, 'sbom'),
        /^tool-missing: Syft was not found.*Install Syft 1\.54\.0, or choose its path\.$/,
      );
      assert.equal(report.stages.database.state, 'ok');
      assert.equal(report.stages.matching.state, 'skipped');
      const moved = await auditJson(goapp, { ...bench.env, WAYBILL_SYFT: '/nowhere/syft' });
      assert.match(failure(moved.report, 'sbom'), /^tool-missing: .*\/nowhere\/syft is no program/);
    });

    it('names Grype, and keeps the SBOM', async () => {
      const { WAYBILL_GRYPE: _, ...rest } = bench.env;
      const env = { ...rest, PATH: bench.folder };
      const { code, report } = await auditJson(goapp, env);
      assert.equal(code, 3);
      assert.match(failure(report, 'database'), /^tool-missing: Grype was not found.*Install Grype/);
      assert.equal(report.stages.matching.state, 'skipped');
      assert.ok(report.packages.length > 0);
      assert.equal(stored().length, 1);
    });
  });

  describe('for want of a database', () => {
    it('tells missing, past its limit, broken and changed apart, and names the next step', async () => {
      const changed = join(bench.folder, 'database-changed');
      cpSync(await databaseFolder('fresh'), changed, { recursive: true });
      appendFileSync(join(changed, '6', 'vulnerability.db'), 'x');
      const cases = [
        [
          await databaseFolder('missing', bench.folder),
          /^database-missing: .*no vulnerability database.*grype db update\.$/,
        ],
        [
          await databaseFolder('stale'),
          /^database-stale: .*built 2026-01-01, which is past its limit\..*grype db update/,
        ],
        [await databaseFolder('corrupt', bench.folder), /^database-broken: .*not a database.*grype db delete/],
        [changed, /^database-broken: .*changed after it was imported.*grype db delete/],
      ] as const;
      for (const [folder, pattern] of cases) {
        const { code, report } = await auditJson(goapp, { ...bench.env, GRYPE_DB_CACHE_DIR: folder });
        assert.equal(code, 3, folder);
        assert.match(failure(report, 'database'), pattern);
        assert.equal(report.stages.sbom.state, 'ok');
        assert.equal(report.stages.matching.state, 'skipped');
        assert.equal(report.vulnerabilities.length, 0);
      }
    });

    it('uses a database past its limit where that was asked for, and says so', async () => {
      const env = { ...bench.env, GRYPE_DB_CACHE_DIR: await databaseFolder('stale') };
      const { code, report } = await auditJson(goapp, env, ['--allow-stale-database']);
      assert.equal(code, 0);
      assert.equal(report.database?.stale, true);
      assert.ok(report.vulnerabilities.length > 0);
      const refused = await waybill(['audit', goapp], env);
      assert.match(refused.stderr, /--allow-stale-database uses it once anyway/);
    });
  });

  describe('for want of an image', () => {
    it('says of paths what is wrong with them', async () => {
      const text = join(bench.folder, 'text.tar');
      writeFileSync(text, 'no archive\n'.repeat(200));
      const cases = [
        ['oci-dir:/nowhere/at/all', /^image-missing: .*does not exist/],
        [`oci-dir:${bench.folder}`, /^image-missing: .*index\.json.*does not exist/],
        [`oci-archive:${text}`, /^file-unreadable: .*no tar archive/],
        [`docker-archive:${text}`, /^file-unreadable: .*no tar archive/],
        [`docker-archive:${bench.folder}`, /^file-unreadable: .*a folder, not an archive/],
      ] as const;
      for (const [reference, pattern] of cases) {
        const { code, report } = await auditJson(reference, bench.env);
        assert.equal(code, 3);
        assert.match(failure(report, 'resolve'), pattern);
      }
      const { report } = await auditJson(goapp, bench.env, ['--platform', 'linux/s390x']);
      assert.match(
        failure(report, 'resolve'),
        /^image-missing: There is no image for linux\/s390x: it has linux\/amd64/,
      );
    });

    it('tells a missing engine from one that does not answer', async () => {
      const none = await auditJson('docker:app:1', { ...bench.env, PATH: bench.folder });
      assert.equal(none.code, 3);
      assert.match(failure(none.report, 'resolve'), /^engine-unreachable: docker was not found/);
      const silent = `unix://${join(bench.folder, 'none.sock')}`;
      for (const engine of ['docker', 'podman']) {
        const env = { ...bench.env, DOCKER_HOST: silent, CONTAINER_HOST: silent };
        const { code, report } = await auditJson(`${engine}:app:1`, env);
        assert.equal(code, 3);
        assert.match(
          failure(report, 'resolve'),
          new RegExp(`^engine-unreachable: ${engine} does not answer.*Start ${engine}`),
        );
      }
    });

    for (const kind of ['docker', 'podman'] as const) {
      it(`does not ask ${kind} to pull what it does not have`, async () => {
        const engine = await startEngine(kind);
        try {
          const env = { ...bench.env, ...engine.env };
          const missing = await auditJson(`${kind}:docker.io/library/nothing:1`, env);
          assert.equal(missing.code, 3);
          assert.match(
            failure(missing.report, 'resolve'),
            new RegExp(`^image-missing: No image .* in ${kind}: .*nothing is pulled`),
          );
          const { dockerArchive = '', reference } = await imagePaths('goapp');
          await engine.load(dockerArchive);
          const other = await auditJson(`${kind}:${reference}`, env, ['--platform', 'linux/arm64']);
          assert.match(failure(other.report, 'resolve'), /^image-missing: .*for linux\/arm64.*is for linux\/amd64/);
        } finally {
          await engine.stop();
        }
      });
    }

    it('tells access denied, missing, unreachable and offline apart for a registry', async () => {
      const registry = await startRegistry({ auth: { user: 'ada', password: 'pass:word' } });
      try {
        const config = (text: string): string => {
          const folder = join(bench.folder, `docker-${text.length}`);
          mkdirSync(folder, { recursive: true });
          writeFileSync(
            join(folder, 'config.json'),
            JSON.stringify({ auths: { [registry.host]: { auth: auth(text) } } }),
          );
          return folder;
        };
        const reference = `${registry.host}/team/app:1`;
        await pushImage((await imagePaths('goapp')).ociDir, reference, config('ada:pass:word'));
        const at = async (ref: string, env: NodeJS.ProcessEnv, more: readonly string[] = []): Promise<string> => {
          const { code, report } = await auditJson(`registry:${ref}`, { ...bench.env, ...env }, more);
          assert.equal(code, report.stages.resolve.state === 'ok' ? 0 : 3);
          return failure(report, 'resolve');
        };
        const right = { DOCKER_CONFIG: config('ada:pass:word') };
        assert.equal(await at(reference, right), 'null: null');
        const file = join(config('ada:pass:word'), 'config.json');
        assert.equal(
          await at(reference, { REGISTRY_AUTH_FILE: file }),
          'null: null',
          'the scanner gets what was found',
        );
        assert.match(await at(reference, {}), /^access-denied: .*answered 401.*no credentials.*docker login/);
        assert.match(
          await at(reference, { DOCKER_CONFIG: config('ada:wrong') }),
          /^access-denied: .*do not give access/,
        );
        assert.match(await at(`${registry.host}/team/app:2`, right), /^image-missing: .*answered 404/);
        assert.match(await at('127.0.0.1:1/team/app:1', right), /^registry-unreachable: /);
        assert.match(await at('no-such-host.invalid/app:1', right), /^registry-unreachable: /);
        assert.match(await at(reference, right, ['--offline']), /^offline: .*this audit is offline/);
      } finally {
        await registry.stop();
      }
    });
  });

  describe('for a fault of a tool', () => {
    const fake = (name: string, text: string): NodeJS.ProcessEnv => ({
      ...bench.env,
      [`WAYBILL_${name.toUpperCase()}`]: script(bench.folder, name, text),
    });
    /** Finds the file that the tool was told to write. */
    const OUT = 'for a in "$@"; do case "$a" in syft-json=*) out=${a#syft-json=};; json=*) out=${a#json=};; esac; done';

    it('never takes what Syft left for an SBOM', async () => {
      const other = join(bench.folder, 'other.json');
      const metadata = { imageID: `sha256:${'0'.repeat(64)}` };
      writeFileSync(other, JSON.stringify({ artifacts: [], source: { type: 'image', metadata }, descriptor: {} }));
      const kept = stored().length;
      const cases = [
        ['kill -SEGV $$', /^tool-failed: Syft ended: it was killed by SIGSEGV/],
        ['echo "[0001] ERROR out of luck" >&2; exit 1', /^tool-failed: Syft stopped with exit code 1: out of luck/],
        [`${OUT}; printf '{"artifacts":[' > "$out"; exit 1`, /^tool-failed/],
        ['exit 0', /^tool-output: .*it wrote none/],
        [`${OUT}; : > "$out"`, /^tool-output: .*it is empty/],
        [`${OUT}; printf '{"artifacts":[' > "$out"`, /^tool-output: .*no JSON/],
        [`${OUT}; echo '{"bomFormat":"CycloneDX"}' > "$out"`, /^tool-output: .*no syft-json/],
        [`${OUT}; cp ${other} "$out"`, /^tool-output: The SBOM was refused: the scanner read sha256:0+/],
      ] as const;
      for (const [text, pattern] of cases) {
        const { code, report } = await auditJson(goapp, fake('syft', text));
        assert.equal(code, 3, text);
        assert.match(failure(report, 'sbom'), pattern);
        assert.equal(report.packages.length, 0);
      }
      assert.equal(stored().length, kept, 'nothing of it is stored');
    });

    it('keeps the packages when Grype crashes or writes nonsense', async () => {
      const kept = join(bench.folder, 'kept.json');
      assert.equal((await waybill(['audit', goapp, '--sbom', `syft-json=${kept}`], bench.env)).code, 0);
      const syft = script(bench.folder, 'syft-again', `${OUT}; cp ${kept} "$out"`);
      const real = bench.env['WAYBILL_GRYPE'] ?? '';
      const status = `if [ "$1" = db ]; then exec ${real} "$@"; fi; ${OUT}`;
      const cases = [
        [`${status}; kill -ABRT $$`, /^tool-failed: Grype ended: it was killed by SIGABRT/],
        [`${status}; exit 1`, /^tool-failed: Grype stopped with exit code 1: it gave no reason/],
        [`${status}; exit 0`, /^tool-output: .*it wrote none/],
        [`${status}; echo '{"matches":5}' > "$out"`, /^tool-output: .*no Grype report/],
        [`${status}; printf '{"matches":[' > "$out"`, /^tool-output: .*no JSON/],
      ] as const;
      for (const [text, pattern] of cases) {
        const { code, report } = await auditJson(goapp, { ...fake('grype', text), WAYBILL_SYFT: syft });
        assert.equal(code, 3, text);
        assert.match(failure(report, 'matching'), pattern);
        assert.ok(report.packages.length > 0);
      }
      const silent = await auditJson(goapp, { ...fake('grype', 'exit 7'), WAYBILL_SYFT: syft });
      assert.match(failure(silent.report, 'database'), /^tool-failed: Grype stopped with exit code 7/);
    });
  });

  describe('for want of space', () => {
    it('says so when the temporary folder is full', () =>
      tinyDisk(bench.folder, 2048, async (folder) => {
        const archive = (await imagePaths('goapp')).ociArchive;
        const { code, report } = await auditJson(`oci-archive:${archive}`, { ...bench.env, TMPDIR: folder });
        assert.equal(code, 3);
        assert.match(failure(report, 'sbom'), /^disk-full: .*no space is left.*Free space/);
        assert.deepEqual(readdirSync(folder), []);
      }));

    it('prints the report when it cannot be stored, and reads nothing half-written back', () =>
      tinyDisk(bench.folder, 40, async (folder) => {
        const sbom = join(bench.folder, 'unstored.json');
        const env = { ...bench.env, WAYBILL_DATA: folder };
        const { code, report, stderr } = await auditJson(goapp, env, ['--sbom', `syft-json=${sbom}`]);
        assert.equal(code, 3);
        assert.equal(report.stages.matching.state, 'ok');
        assert.equal(JSON.parse(readFileSync(sbom, 'utf8')).artifacts.length, report.packages.length);
        assert.match(stderr, /The report was not stored\. .*no space is left.*Free space/);
        const reports = readdirSync(join(folder, 'reports')).filter((name) => name.startsWith('sha'));
        for (const name of reports) assert.deepEqual(readdirSync(join(folder, 'reports', name)), []);
      }));

    it('leaves no part of a file behind that was asked for', () =>
      tinyDisk(bench.folder, 16, async (folder) => {
        const output = join(folder, 'report.json');
        const { code, stderr } = await waybill(['audit', goapp, '--format', 'json', '--output', output], bench.env);
        assert.equal(code, 3);
        assert.match(stderr, /no space is left/);
        const sbom = await waybill(['audit', goapp, '--sbom', `syft-json=${join(folder, 's.json')}`], bench.env);
        assert.equal(sbom.code, 3);
        assert.deepEqual(readdirSync(folder), []);
      }));
  });

  describe('because it was asked to stop', () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`ends Syft and all else on ${signal}, leaves nothing, stores nothing, and does not exit with 0`, async () => {
        const big = `oci-dir:${(await imagePaths('big')).ociDir}`;
        rmSync(join(bench.data, 'reports'), { recursive: true, force: true });
        const mark = `TMPDIR=${bench.temporary}`;
        let scanning = false;
        const run = await waybill(['audit', big, '--format', 'json'], bench.env, (kill) => {
          void (async () => {
            for (let waited = 0; waited < 60_000 && !scanning; waited += 50) {
              await delay(50);
              scanning = processesWith(mark).some((each) => each.includes('syft'));
            }
            await delay(400);
            kill(signal);
          })();
        });
        assert.ok(scanning, 'Syft was running');
        assert.equal(run.signal, null);
        assert.equal(run.code, 3);
        const { stages } = JSON.parse(run.stdout) as AuditReport;
        assert.equal(stages.sbom.state, 'cancelled');
        assert.equal(stages.matching.state, 'cancelled');
        assert.deepEqual(processesWith(mark), []);
        assert.deepEqual(stored(), []);
      });
    }
  });

  it('tells mistakes in the call from failures', async () => {
    for (const [args, pattern] of [
      [[], /takes one REF/],
      [['alpine:3.20'], /does not say where the image is/],
      [['registry:x.test/UPPER'], /no image reference/],
      [['registry:ada:s3cret@x.test/app'], /^waybill: REF carries credentials; (?!.*s3cret)/],
      [['docker:https://ada:s3cret@x.test/app'], /^waybill: REF carries credentials; (?!.*s3cret)/],
      [['https://s3cret@x.test/app:1'], /^waybill: REF carries credentials; (?!.*s3cret)/],
      [[goapp, '--platform', 'linux'], /--platform takes OS\/ARCH/],
      [[goapp, '--fail-on', 'severe'], /--fail-on takes critical/],
      [[goapp, '--format', 'xml'], /--format takes text, json, sarif/],
      [[goapp, '--sbom', 'xml=x'], /--sbom takes syft-json/],
      [[goapp, '--policy', ''], /--policy names no file/],
    ] as const) {
      const run = await waybill(['audit', ...args], bench.env);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.stderr, pattern);
      assert.equal(run.stdout, '');
    }
  });
});
