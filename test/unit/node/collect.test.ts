// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Discovery, EvidenceItem, Judgement, VerificationRequest } from '../../../src/core/attestations/model.ts';
import { MAX_ITEMS } from '../../../src/core/attestations/assemble.ts';
import { audit } from '../../../src/core/evidence/audit.ts';
import { auditReportSchema } from '../../../src/core/evidence/report.ts';
import { err, ok } from '../../../src/core/model/result.ts';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import type { AuditEvent, AuditRequest, EvidenceCollector } from '../../../src/core/ports.ts';
import { collectEvidence, keyFingerprint, type CollectRequest } from '../../../src/node/evidence/collect.ts';
import { createCollector } from '../../../src/node/evidence/collector.ts';
import { certificate, INDEX, SUBJECTS } from '../attestations/evidence.ts';
import * as from from '../attestations/statements.ts';
import { artifact, NOW, ports, REQUEST, RESOLVED } from '../evidence/reports.ts';
import { keptLog, never, scratch } from './support.ts';

const quiet = (): void => undefined;
const item = (index: number, more: Partial<EvidenceItem> = {}): EvidenceItem => ({
  kind: 'bundle',
  place: 'referrers',
  subject: INDEX,
  manifestDigest: null,
  digest: `sha256:${index.toString(16).padStart(64, '0')}`,
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  annotations: {},
  bytes: new Uint8Array(),
  problem: null,
  ...more,
});
const discovery = (items: readonly EvidenceItem[]): Discovery => ({
  subjects: SUBJECTS,
  places: [
    { kind: 'referrers', subject: INDEX, address: 'x', state: items.length > 0 ? 'ok' : 'absent', reason: null },
  ],
  items,
});
const verified = (statement: unknown): Judgement => ({
  verdict: 'verified',
  code: 'ok',
  reason: '',
  checks: [],
  signer: certificate(from.WORKFLOW),
  logEntries: [],
  times: [{ source: 'log', time: '2026-11-22T16:41:09Z' }],
  root: { source: 'seed', asOf: '2026-11-21' },
  content: 'attestation',
  predicateType: null,
  statement,
});
const wish: CollectRequest = {
  source: { scheme: 'registry', target: 'ghcr.io/northwind/payments-api:4.7.1' },
  platform: 'linux/amd64',
  offline: false,
  cosignRepository: null,
  githubRepository: null,
  policy: null,
  now: NOW,
};
const SBOM = { spdxVersion: 'SPDX-2.3', packages: [{ name: 'a' }, { name: 'b' }] };
const attested = from.statement('https://spdx.dev/Document', SBOM);
const discovererOf = (found: Discovery) => ({ discover: async () => ok(found) });

describe('collecting evidence', () => {
  it('has every item verified, a few at a time, and keeps their order', async () => {
    let running = 0;
    let most = 0;
    const verifier = {
      verify: async ({ item: { digest } }: VerificationRequest) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, digest.endsWith('0') ? 8 : 1));
        running--;
        return verified(attested);
      },
    };
    const items = Array.from({ length: 12 }, (_, index) => item(index));
    const said: string[] = [];
    const found = await collectEvidence(
      wish,
      { discoverer: discovererOf(discovery(items)), verifier },
      (text) => said.push(text),
      never,
    );
    assert.ok(found.ok);
    assert.deepEqual(
      found.value.evidence.items.map(({ digest }) => digest),
      items.map(({ digest }) => digest),
    );
    assert.ok(most > 1 && most <= 4, `${most} at once`);
    assert.equal(said.at(-1), 'Verified 12 of 12 statements');
    assert.equal(found.value.sboms.length, 12);
    assert.deepEqual(found.value.sboms[0], { digest: item(0).digest, document: SBOM });
  });

  it('believes nothing that a failing verifier left behind', async () => {
    const verifier = { verify: async () => Promise.reject(new Error('broken')) };
    const found = await collectEvidence(
      wish,
      { discoverer: discovererOf(discovery([item(1)])), verifier },
      quiet,
      never,
    );
    assert.ok(found.ok);
    const [only] = found.value.evidence.items;
    assert.deepEqual([only?.verdict, only?.code, only?.signer], ['could-not-check', 'internal', null]);
  });

  it('looks at so many items and no more', async () => {
    let asked = 0;
    const verifier = { verify: async () => (asked++, verified(attested)) };
    const items = Array.from({ length: MAX_ITEMS + 50 }, (_, index) => item(index));
    const found = await collectEvidence(wish, { discoverer: discovererOf(discovery(items)), verifier }, quiet, never);
    assert.ok(found.ok && found.value.evidence.items.length === MAX_ITEMS && asked === MAX_ITEMS);
  });

  it('hands on why nothing was found out, and stops when it is told to', async () => {
    const problem = { code: 'access-denied', what: 'a', why: 'b', todo: 'c' } as const;
    const verifier = { verify: async () => assert.fail('nothing to verify') };
    const failed = await collectEvidence(
      wish,
      { discoverer: { discover: async () => err(problem) }, verifier },
      quiet,
      never,
    );
    assert.deepEqual(failed, err(problem));
    const stop = AbortSignal.abort();
    const stopped = await collectEvidence(
      wish,
      { discoverer: discovererOf(discovery([item(1)])), verifier },
      quiet,
      stop,
    );
    assert.equal(stopped.ok ? '' : stopped.error.code, 'cancelled');
  });

  it('tells the verifier the keys of the policy and their days, and knows a key by its fingerprint', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const policy = await loadPolicy(
      'p.yaml',
      async () => pem,
      'trust:\n  - images: "**"\n    signers:\n      - {key: a.pub, log: optional, validFrom: 2026-01-01, validUntil: 2026-12-31}\n',
    );
    assert.deepEqual(policy.problems, []);
    const seen: VerificationRequest['keys'][] = [];
    const fingerprint = keyFingerprint(pem);
    assert.match(fingerprint ?? '', /^sha256:[0-9a-f]{64}$/);
    const statement = from.statement('https://sigstore.dev/cosign/sign/v1', {});
    const verifier = {
      verify: async ({ keys, expected }: VerificationRequest) => {
        assert.deepEqual(expected, { kind: 'anyone' });
        seen.push(keys);
        return {
          ...verified(statement),
          content: 'signature' as const,
          signer: {
            kind: 'key' as const,
            identity: fingerprint ?? '',
            issuer: null,
            extensions: {},
            certificate: null,
          },
        };
      },
    };
    const found = await collectEvidence(
      { ...wish, policy },
      { discoverer: discovererOf(discovery([item(1)])), verifier },
      quiet,
      never,
    );
    assert.ok(found.ok);
    assert.deepEqual(seen, [
      [{ name: 'a.pub', pem, validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-12-31T23:59:59Z' }],
    ]);
    assert.equal(found.value.evidence.policy.state, 'met');
    assert.equal(found.value.evidence.items[0]?.keyName, 'a.pub');
    assert.equal(keyFingerprint('no key'), null);
  });

  it('reads what a legacy signature names out of its own payload', async () => {
    const payload = (digest: string) =>
      new TextEncoder().encode(JSON.stringify({ critical: { image: { 'docker-manifest-digest': digest } } }));
    const verifier = { verify: async () => ({ ...verified(null), content: 'signature' as const }) };
    for (const [digest, other] of [
      [INDEX, false],
      [`sha256:${'0'.repeat(64)}`, true],
    ] as const) {
      const legacy = item(1, { kind: 'legacy-signature', bytes: payload(digest) });
      const found = await collectEvidence(
        wish,
        { discoverer: discovererOf(discovery([legacy])), verifier },
        quiet,
        never,
      );
      assert.ok(found.ok);
      assert.equal(found.value.evidence.items[0]?.aboutOther, other);
    }
  });

  it('gives BuildKit provenance the signer of its manifest', async () => {
    const manifest = SUBJECTS[2].digest;
    const docker = 'https://github.com/docker/github-builder/.github/workflows/build.yml@refs/tags/v1.2.3';
    const bare = item(1, {
      kind: 'buildkit-statement',
      manifestDigest: manifest,
      bytes: new TextEncoder().encode(JSON.stringify(from.buildkitV1(from.RUN))),
    });
    const signature = item(2, { subject: manifest });
    const signed = from.statement(
      'https://sigstore.dev/cosign/sign/v1',
      {},
      { subject: [{ digest: { sha256: manifest.slice(7) } }] },
    );
    const verifier = {
      verify: async ({ item: { kind } }: VerificationRequest): Promise<Judgement> =>
        kind === 'buildkit-statement'
          ? {
              ...verified(from.buildkitV1(from.RUN)),
              verdict: 'unsigned',
              code: 'unsigned',
              signer: null,
              times: [],
              root: null,
            }
          : { ...verified(signed), content: 'signature', signer: certificate(docker) },
    };
    const found = await collectEvidence(
      wish,
      { discoverer: discovererOf(discovery([bare, signature])), verifier },
      quiet,
      never,
    );
    assert.ok(found.ok);
    const { items, slsa } = found.value.evidence;
    assert.equal(items.find(({ type }) => type === 'provenance')?.signedBy, signature.digest);
    assert.equal(slsa.level, 3);
    assert.match(slsa.sentence, /^SLSA Build L3, by claim of Docker GitHub Builder\./);
    // Another manifest's signature is nobody's here.
    const apart = { ...bare, manifestDigest: `sha256:${'7'.repeat(64)}` };
    const unsigned = await collectEvidence(
      wish,
      { discoverer: discovererOf(discovery([apart, signature])), verifier },
      quiet,
      never,
    );
    assert.ok(unsigned.ok && unsigned.value.evidence.slsa.level === 1);
  });
});

describe('evidence as a stage of an audit', () => {
  const request = (more: Partial<AuditRequest>): AuditRequest => ({ ...REQUEST, ...more });
  const run = async (asked: AuditRequest, evidence: EvidenceCollector | undefined) => {
    const events: AuditEvent[] = [];
    const resolver = { resolve: async () => ok({ ...RESOLVED, source: asked.source }) };
    const all = ports([artifact('1', 'lodash')], [], { resolver, ...(evidence === undefined ? {} : { evidence }) });
    const outcome = await audit(asked, all, (event) => events.push(event), never);
    return { ...outcome, events: events.filter(({ stage }) => stage === 'evidence').map(({ state }) => state) };
  };
  const collector = (folder: string, items: readonly EvidenceItem[] = [item(1)]): EvidenceCollector =>
    createCollector({
      clock: { now: () => NOW },
      log: keptLog(),
      folder,
      discoverer: () => discovererOf(discovery(items)),
      verifier: () => ({ verify: async () => verified(attested) }),
    });

  it('adds what was found to the report, and the SBOMs as files', () =>
    scratch(async (folder) => {
      const {
        report,
        attested: files,
        events,
      } = await run(request({ source: { scheme: 'registry', target: 'ghcr.io/a/b:1' } }), collector(folder));
      assert.equal(report.stages.evidence.state, 'ok');
      assert.equal(report.evidence?.items.length, 1);
      assert.deepEqual(
        events.filter((state) => state !== 'running'),
        ['waiting', 'ok'],
      );
      assert.ok(report.findings.some(({ ruleId }) => ruleId === 'WB4001'));
      assert.deepEqual(
        files.map(({ digest }) => digest),
        [item(1).digest],
      );
      assert.deepEqual(JSON.parse(gunzipSync(readFileSync(files[0]?.path ?? '')).toString()), SBOM);
      assert.ok(auditReportSchema.safeParse(JSON.parse(JSON.stringify(report))).success);
    }));

  it('asks no registry about an image of a local engine, unless that is asked for', () =>
    scratch(async (folder) => {
      const local = request({ source: { scheme: 'docker', target: 'app:1' } });
      const { report } = await run(local, { collect: async () => assert.fail('a registry was asked') });
      assert.equal(report.stages.evidence.state, 'skipped');
      assert.match(report.stages.evidence.reason ?? '', /no registry is asked about a local image unasked/);
      assert.equal(report.evidence, null);
      const asked = {
        policy: null,
        trustedRoot: null,
        tuf: null,
        githubRoot: null,
        fetchRoots: false,
        localImages: true,
        cosignRepository: null,
        githubRepository: null,
        problem: null,
      };
      assert.equal((await run({ ...local, evidence: asked }, collector(folder))).report.stages.evidence.state, 'ok');
    }));

  it('looks at no registry offline, and at layouts all the same', () =>
    scratch(async (folder) => {
      const offline = await run(
        request({ offline: true, source: { scheme: 'registry', target: 'ghcr.io/a/b:1' } }),
        collector(folder),
      );
      assert.deepEqual(offline.events.at(-1), 'skipped');
      assert.match(offline.report.stages.evidence.reason ?? '', /offline/);
      assert.equal((await run(request({ offline: true }), collector(folder))).report.stages.evidence.state, 'ok');
    }));

  it('hides no other stage where it fails', async () => {
    const problem = { code: 'access-denied', what: 'ghcr.io answered 401', why: 'x', todo: 'Sign in.' } as const;
    const { report } = await run(REQUEST, { collect: async () => err(problem) });
    assert.deepEqual(
      [report.stages.evidence.state, report.stages.sbom.state, report.stages.matching.state],
      ['failed', 'ok', 'ok'],
    );
    assert.match(report.stages.evidence.reason ?? '', /answered 401.*Sign in\.$/);
    const thrown = await run(REQUEST, { collect: async () => Promise.reject(new Error('boom')) });
    assert.equal(thrown.report.stages.evidence.code, 'internal');
  });

  it('is not there where nobody looks, and reports of before are read', async () => {
    const { report } = await run(REQUEST, undefined);
    assert.equal(report.stages.evidence.state, 'skipped');
    const {
      evidence: _evidence,
      stages: { evidence: _stage, ...stages },
      ...old
    } = JSON.parse(JSON.stringify(report));
    const read = auditReportSchema.parse({ ...old, stages });
    assert.equal(read.evidence, null);
    assert.match(read.stages.evidence.reason ?? '', /earlier version/);
  });
});
