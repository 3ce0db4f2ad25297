// SPDX-License-Identifier: Apache-2.0
// Discovery against a real registry, with the referrers API and without it, of what real Cosign wrote into it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Discovery, DiscoveryRequest, EvidenceItem } from '../../src/core/attestations/model.ts';
import { createDiscoverer } from '../../src/node/discovery/discoverer.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import {
  attachSbom,
  attestWithKey,
  cosign,
  pushBuildkitImage,
  pushTinyImage,
  signWithKey,
  type Repository,
} from '../testbed/signing.ts';

async function discover(
  target: string,
  request: Partial<DiscoveryRequest> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Discovery> {
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const discoverer = createDiscoverer({ env: { HOME: '/nonexistent', ...env }, log, architecture: 'x64' });
  const found = await discoverer.discover(
    {
      source: { scheme: 'registry', target },
      platform: '',
      offline: false,
      cosignRepository: null,
      githubRepository: null,
      ...request,
    },
    new AbortController().signal,
  );
  assert.ok(found.ok, found.ok ? '' : JSON.stringify(found.error));
  const failed = found.value.places.filter(({ state }) => state === 'failed');
  assert.deepEqual(failed, [], 'no place failed');
  assert.ok(found.value.items.every(({ bytes }) => bytes !== null));
  return found.value;
}

/** Kinds with the place where each was found. */
const kinds = ({ items }: Discovery): readonly string[] =>
  items.map(({ kind, place }) => `${kind} ${place}`).toSorted();

/** Predicate types that a bundle, an envelope or a statement carries. */
function predicateTypes(items: readonly EvidenceItem[]): readonly string[] {
  return items
    .map(({ bytes }) => {
      const document = JSON.parse(Buffer.from(bytes ?? []).toString());
      const envelope = document.dsseEnvelope ?? document;
      const statement =
        envelope.payload === undefined ? document : JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
      return String(statement.predicateType);
    })
    .toSorted();
}

for (const referrers of [true, false]) {
  const list = referrers ? 'referrers' : 'fallback-tag';

  describe(`discovery in a registry ${referrers ? 'with' : 'without'} the referrers API`, function () {
    this.timeout(120_000);
    let registry: Registry;
    let repository: Repository;
    let name: string;
    before(async () => {
      registry = await startRegistry({ referrers });
      repository = { host: registry.host, name: 'demo/app' };
      name = `${registry.host}/demo/app`;
    });
    after(() => registry.stop());

    it('finds signature and attestations of Cosign 3', async () => {
      const { reference, digest } = await pushTinyImage(repository, 'bundles');
      await signWithKey(`${name}@${digest}`);
      // One after the other: without the API Cosign reads and writes one list for all.
      for (const type of ['spdxjson', 'cyclonedx', 'slsaprovenance1'] as const)
        await attestWithKey(`${name}@${digest}`, type);
      const found = await discover(reference);
      assert.deepEqual(found.subjects, [{ role: 'platform', digest }]);
      assert.deepEqual(
        kinds(found),
        Array.from({ length: 4 }, () => `bundle ${list}`),
      );
      assert.deepEqual(predicateTypes(found.items), [
        'https://cyclonedx.org/bom',
        'https://sigstore.dev/cosign/sign/v1',
        'https://slsa.dev/provenance/v1',
        'https://spdx.dev/Document',
      ]);
      const folder = mkdtempSync(join(tmpdir(), 'waybill-save-'));
      try {
        // Cosign 3.1.3 saves bundles among the blobs and lists them in no index.
        await cosign(['save', '--allow-http-registry', '--dir', folder, `${name}@${digest}`]);
        const saved = await discover('', { source: { scheme: 'oci-dir', target: folder }, offline: true });
        assert.deepEqual(predicateTypes(saved.items), predicateTypes(found.items));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it("finds what is under Cosign's older tags, beside index and platform, in the registry and on disk", async () => {
      const { reference, digest, platforms } = await pushTinyImage(repository, 'tags', ['amd64', 'arm64']);
      const amd64 = platforms['linux/amd64'] ?? '';
      await signWithKey(`${name}@${digest}`, 'tags');
      await attestWithKey(`${name}@${digest}`, 'spdxjson', 'tags');
      await attachSbom(`${name}@${amd64}`);
      const found = await discover(reference);
      assert.deepEqual(found.subjects, [
        { role: 'index', digest },
        { role: 'platform', digest: amd64 },
      ]);
      assert.deepEqual(kinds(found), [
        'legacy-attestation cosign-attestation-tag',
        'legacy-signature cosign-signature-tag',
        'unsigned-sbom cosign-sbom-tag',
      ]);
      assert.equal(found.items.find(({ kind }) => kind === 'unsigned-sbom')?.subject, amd64);
      const other = await discover(reference, { platform: 'linux/arm64' });
      assert.equal(other.subjects[1]?.digest, platforms['linux/arm64']);
      assert.equal(other.items.length, 2, 'the SBOM is about the other platform');

      const folder = mkdtempSync(join(tmpdir(), 'waybill-save-'));
      try {
        await cosign(['save', '--allow-http-registry', '--dir', folder, `${name}@${digest}`]);
        const saved = await discover('', { source: { scheme: 'oci-dir', target: folder }, offline: true });
        assert.deepEqual(saved.subjects, found.subjects);
        assert.deepEqual(kinds(saved), [
          'legacy-attestation cosign-attestation-tag',
          'legacy-signature cosign-signature-tag',
        ]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    for (const form of ['old', 'new'] as const) {
      it(`finds BuildKit's attestations in their ${form} form, and the signature of their manifest`, async () => {
        const { reference, digest, platforms, attestation } = await pushBuildkitImage(repository, `bk-${form}`, form);
        const platform = platforms['linux/amd64'] ?? '';
        await signWithKey(`${name}@${attestation}`);
        const found = await discover(reference);
        assert.deepEqual(found.subjects, [
          { role: 'index', digest },
          { role: 'platform', digest: platform },
          { role: 'attestation-manifest', digest: attestation },
        ]);
        const statement = 'buildkit-statement attestation-manifest';
        assert.deepEqual(kinds(found), [statement, statement, `bundle ${list}`].toSorted());
        assert.equal(found.items.find(({ kind }) => kind === 'bundle')?.subject, attestation);
        assert.deepEqual(predicateTypes(found.items.filter(({ kind }) => kind !== 'bundle')), [
          'https://slsa.dev/provenance/v1',
          'https://spdx.dev/Document',
        ]);
        // By the digest of the platform alone, only the new form says where its attestations are, and only in a list.
        const alone = await discover(`${name}@${platform}`);
        assert.equal(alone.items.length, form === 'new' && referrers ? 3 : 0);
      });
    }

    it('finds what Cosign was told to keep in another repository, and only when told', async () => {
      const { reference, digest } = await pushTinyImage(repository, 'elsewhere');
      const other = `${registry.host}/signatures/all`;
      for (const form of ['bundle', 'tags'] as const)
        await signWithKey(`${name}@${digest}`, form, { COSIGN_REPOSITORY: other });
      const found = await discover(reference, { cosignRepository: other });
      assert.deepEqual(kinds(found), [`bundle ${list}`, 'legacy-signature cosign-signature-tag']);
      assert.deepEqual((await discover(reference)).items, []);
    });

    it('looks at every place and finds nothing beside an image that nobody signed', async () => {
      const { reference } = await pushTinyImage(repository, 'unsigned', ['amd64', 'arm64']);
      const found = await discover(reference);
      assert.deepEqual(found.items, []);
      const states = found.places.map(({ kind, state }) => `${kind} ${state}`);
      const perSubject = [
        ...(referrers ? ['referrers absent'] : ['referrers unsupported', 'fallback-tag absent']),
        'cosign-signature-tag absent',
        'cosign-attestation-tag absent',
        'cosign-sbom-tag absent',
      ];
      assert.deepEqual(states, [
        'attestation-manifest absent',
        ...perSubject,
        ...perSubject,
        'github-attestations skipped',
      ]);
    });

    if (referrers) {
      it("finds the older referrers of Cosign's experiment", async () => {
        const { reference, digest } = await pushTinyImage(repository, 'experiment');
        await signWithKey(`${name}@${digest}`, 'experimental-referrer');
        const found = await discover(reference);
        assert.deepEqual(kinds(found), ['legacy-signature referrers']);
        assert.ok('dev.cosignproject.cosign/signature' in (found.items[0]?.annotations ?? {}));
      });
    }
  });
}
