// SPDX-License-Identifier: Apache-2.0
// What the page says of evidence: rows, answers, provenance. A tick only where a policy said what was expected.
import assert from 'node:assert/strict';
import type { Evidence } from '../../../src/core/evidence/evidence.ts';
import { evidenceText, verifyText } from '../../../src/core/output/evidence-text.ts';
import { verifyDocument, verifyDocumentSchema } from '../../../src/core/output/verify-document.ts';
import { evidenceDetail, evidenceList } from '../../../src/core/panel/evidence.ts';
import { originAnswer, signatureAnswer } from '../../../src/core/panel/evidence-answers.ts';
import { provenanceView } from '../../../src/core/panel/provenance.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import { reportOf } from '../evidence/reports.ts';
import * as from from '../attestations/statements.ts';

const W = from.WORKFLOW;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const POLICY = `trust:
  - images: ghcr.io/northwind/**
    signers:
      - {issuer: https://token.actions.githubusercontent.com, identity: '${W}'}
`;
const items = (...lines: string[]): string =>
  `items:${lines.length === 0 ? ' []' : ''}\n${lines.map((each) => `  - ${each}\n`).join('')}`;
const SIG = `{what: signature, signer: '${W}'}`;
const PROV = `{what: provenance, signer: '${W}'}`;
const OTHER =
  "{what: cyclonedx, about: another, verdict: invalid, code: subject-mismatch, reason: 'It is about another digest. (it names sha256:bb)'}";
const FAILED = 'places:\n  - {kind: referrers, state: failed, reason: ghcr.io answered 401.}\n';

const evidence = async (text: string, policy?: string): Promise<Evidence> =>
  (await exampleEvidence(text, policy)).evidence;
const report = async (text: string, policy?: string) => ({
  ...(await reportOf([], [])),
  image: { ...(await reportOf([], [])).image, reference: 'registry:ghcr.io/northwind/payments-api:4.7.1' },
  evidence: await evidence(text, policy),
});

describe('evidence on the page', () => {
  describe('who signed it', () => {
    const cases: readonly (readonly [string, string, string | undefined, string, RegExp])[] = [
      [
        'as the policy asks',
        items(SIG),
        POLICY,
        'verified',
        /^Signed by release\.yml@refs\/tags\/v4\.7\.1, as the trust policy asks\.$/,
      ],
      [
        'as the policy asks, and something does not hold',
        items(SIG, OTHER),
        POLICY,
        'attention',
        /Of 2 statements, 1 is verified and 1 is not verified\.$/,
      ],
      ['not as the policy asks', items(), POLICY, 'failed', /^Not signed\.$/],
      ['the policy asks and a place is silent', `${FAILED}items: []\n`, POLICY, 'couldNotCheck', /answered 401/],
      [
        'by somebody, without a policy',
        items(SIG),
        undefined,
        'notice',
        /^Signed by release\.yml@refs\/tags\/v4\.7\.1\.$/,
      ],
      ['by nobody', items(), undefined, 'absent', /^Not signed\. 1 place answered/],
      [
        'by nobody, and not all were asked',
        `places:
  - {kind: referrers, state: unsupported, reason: No API.}
  - {kind: fallback-tag, state: absent}
  - {kind: cosign-signature-tag, state: absent}
  - {kind: github-attestations, state: skipped, reason: Not asked for.}
items: []
`,
        undefined,
        'absent',
        /^Not signed\. 2 places answered, and none held a signature\.$/,
      ],
      ['nobody knows', `${FAILED}items: []\n`, undefined, 'couldNotCheck', /answered 401/],
      ['only what does not hold', items(OTHER), undefined, 'failed', /^No signature holds\./],
      [
        'with a key that is not supported',
        items('{what: signature, verdict: unsupported, reason: The key is Ed25519.}'),
        undefined,
        'unsupported',
        /Ed25519/,
      ],
      [
        'with no root',
        items('{what: signature, verdict: could-not-check, reason: There is no trusted root.}'),
        undefined,
        'couldNotCheck',
        /no trusted root/,
      ],
    ];
    for (const [name, text, policy, state, sentence] of cases) {
      it(name, async () => {
        const found = signatureAnswer(await evidence(text, policy));
        assert.equal(found.state, state, found.sentence);
        assert.match(found.sentence, sentence);
        assert.doesNotMatch(`${found.sentence} ${found.note ?? ''}`, /compliant|secure\b|undefined/);
      });
    }
    it('calls nothing verified where the policy has no entry for the image', async () => {
      const found = signatureAnswer(await evidence(items(SIG, OTHER), POLICY.replace('ghcr.io', 'registry.example')));
      assert.match(found.sentence, /Of 2 statements, 1 is signed and 1 is not verified\.$/);
    });
    it('never has a tick without a policy', async () => {
      for (const text of [items(SIG), items(SIG, PROV), items(SIG, OTHER), items()]) {
        const found = await evidence(text);
        assert.notEqual(signatureAnswer(found).state, 'verified');
        assert.notEqual(originAnswer(found).state, 'verified');
        assert.ok(evidenceList(found).rows.every(({ state }) => state !== 'verified'));
      }
    });
  });

  describe('where it comes from', () => {
    const SOURCE = `${POLICY}    source: {repository: 'https://github.com/northwind/payments-api'}\n`;
    const cases: readonly (readonly [string, string, string | undefined, string, RegExp])[] = [
      [
        'the source that the policy expects',
        items(SIG, PROV),
        SOURCE,
        'verified',
        /^SLSA Build L2, by claim of GitHub Actions\. The provenance agrees/,
      ],
      [
        'a level, and nobody said what is expected',
        items(SIG, PROV),
        undefined,
        'notice',
        /Level only; the source was not checked/,
      ],
      [
        'another source',
        items(SIG, PROV),
        SOURCE.replace("northwind/payments-api'}", "northwind/other'}"),
        'failed',
        /^Built from another source/,
      ],
      ['not signed', items('{what: provenance, verdict: unsigned}'), undefined, 'unknown', /unverified claim/],
      ['none', items(SIG), undefined, 'absent', /^No provenance was found/],
      ['nobody knows', `${FAILED}items: []\n`, undefined, 'couldNotCheck', /answered 401/],
      [
        'could not be checked',
        items('{what: provenance, verdict: could-not-check, reason: There is no trusted root.}'),
        undefined,
        'couldNotCheck',
        /could not be checked/,
      ],
    ];
    for (const [name, text, policy, state, sentence] of cases) {
      it(name, async () => {
        const found = originAnswer(await evidence(text, policy));
        assert.equal(found.state, state, found.sentence);
        assert.match(found.sentence, sentence);
      });
    }
    it('tells the way in one line', async () => {
      assert.equal(
        originAnswer(await evidence(items(PROV))).note,
        'northwind/payments-api 3f9c2e1 → release.yml → GitHub-hosted runner → sha256:aaaaaaaa…',
      );
    });
  });

  it('lists every statement with its state in words, and where it looked', async () => {
    const found = evidenceList(await evidence(items(PROV, SIG, OTHER, '{what: spdx, verdict: unsigned}'), POLICY));
    assert.equal(found.heading, '4 statements');
    assert.deepEqual(
      found.rows.map(({ title, note, state }) => [title, note, state]),
      [
        ['Image signature', 'verified, release.yml@refs/tags/v4.7.1', 'verified'],
        ['SLSA provenance v1', 'verified, release.yml@refs/tags/v4.7.1', 'verified'],
        ['SPDX 2.3 SBOM', 'not signed', 'absent'],
        ['CycloneDX 1.6 SBOM', 'not verified: names another image', 'failed'],
      ],
    );
    assert.deepEqual(
      found.places.map(({ label, note }) => `${label} ${note}`),
      ['Referrers of the index 4 found'],
    );
  });

  it('names a key as the policy does, and what is about another image in a few words', async () => {
    const policy = 'trust:\n  - images: ghcr.io/northwind/**\n    signers:\n      - {key: cosign.pub, log: optional}\n';
    const found = await evidence(items('{what: signature, signer: key}', OTHER), policy);
    assert.equal(evidenceList(found).rows[0]?.note, 'verified, key cosign.pub');
    const { sentence, note } = signatureAnswer(found);
    assert.match(sentence, /^Signed by key cosign\.pub, as the trust policy asks\./);
    assert.equal(note, 'The CycloneDX 1.6 SBOM names another image. It is left out of every answer here.');
    const unnamed = await evidence(items('{what: signature, signer: key}'));
    assert.match(evidenceList(unnamed).rows[0]?.note ?? '', /^signed by key sha256:[0-9a-f]{8}…$/);
  });

  it("puts Cosign's tags that answer the same into one row, and no others", async () => {
    const tags = ['signature', 'attestation', 'sbom'].map((kind) => `{kind: cosign-${kind}-tag, state: STATE}`);
    const places = (...states: string[]): string =>
      `places:\n  - {kind: referrers, state: absent}\n${tags.map((tag, at) => `  - ${tag.replace('STATE', states[at] ?? '')}\n`).join('')}items: []\n`;
    const labels = async (...states: string[]): Promise<readonly string[]> =>
      evidenceList(await evidence(places(...states))).places.map(({ label, note }) => `${label} ${note}`);
    assert.deepEqual(await labels('absent', 'absent', 'absent'), [
      'Referrers of the index none',
      'Cosign tags .sig .att .sbom of the index none',
    ]);
    assert.deepEqual(await labels('absent', 'failed, reason: ghcr.io answered 403.', 'absent'), [
      'Referrers of the index none',
      'Cosign tag .sig of the index none',
      'Cosign tag .att of the index ghcr.io answered 403.',
      'Cosign tag .sbom of the index none',
    ]);
    const [, row] = evidenceList(await evidence(places('absent', 'absent', 'absent'))).places;
    assert.equal(row?.address.split('\n').length, 3);
  });

  it('calls no check failed where nothing was found against a statement', async () => {
    const unknown = '{what: signature, verdict: could-not-check, reason: It was signed with a key that nobody named.}';
    const detail = evidenceDetail(await report(items(unknown)), '0', NOW);
    assert.deepEqual(
      detail?.checks.map(({ word, state }) => [word, state]),
      [['Could not check', 'couldNotCheck']],
    );
    assert.equal(detail.checkSummary, '1 could not be checked');
    const { rows } = evidenceList(await evidence(items(unknown)));
    assert.equal(rows[0]?.note, 'could not check: it was signed with a key that nobody named');
  });

  it('says which root was believed, and of a key nothing', async () => {
    const roots: readonly (readonly [string, readonly string[]])[] = [
      ['seed', ['Used Public good Sigstore, as it came with Waybill', 'Of 2026-11-21, 2 days ago']],
      ['tuf:tuf-repo-cdn.sigstore.dev', ['Used Public good Sigstore, by TUF', 'Fetched 2026-11-21, 2 days ago']],
      ['tuf:tuf.example', ['Used tuf.example, by TUF', 'Fetched 2026-11-21, 2 days ago']],
      ['file:root.json', ['Used root.json, a file of yours', 'Written 2026-11-21, 2 days ago']],
      ['key', []],
    ];
    for (const [root, fields] of roots) {
      const detail = evidenceDetail(
        await report(items(`{what: signature, signer: '${W}', root: '${root}'}`)),
        '0',
        NOW,
      );
      assert.deepEqual(
        detail?.root.map(({ label, value }) => `${label} ${value}`),
        fields,
      );
    }
  });

  it('shows one statement: checks, signer, certificate, times, root, commands', async () => {
    const detail = evidenceDetail(await report(items(PROV), POLICY), '0', NOW);
    assert.ok(detail !== null);
    assert.equal(detail.title, 'SLSA provenance v1: verified');
    assert.equal(detail.checkSummary, '3 passed');
    assert.deepEqual(
      detail.checks.map(({ word, title }) => `${word} ${title}`),
      [
        'Passed Certificate was logged when it was issued',
        'Passed Signature fits the payload',
        'Passed Signer is allowed by the trust policy',
      ],
    );
    assert.ok(detail.signer.some(({ label, value }) => label === 'Identity' && value === W));
    assert.ok(detail.certificate.length === 3 && detail.times.length === 2 && detail.root.length === 2);
    assert.deepEqual(
      detail.commands.map(({ tool }) => tool),
      ['cosign', 'gh'],
    );
    assert.equal(evidenceDetail(await report(items(PROV)), '7', NOW), null);
    assert.equal(evidenceDetail(await reportOf([], []), '0', NOW), null);
  });

  it('shows what is of an unknown type as text', async () => {
    const detail = evidenceDetail(
      await report(items("{what: 'https://example.test/<script>', signer: key}")),
      '0',
      NOW,
    );
    assert.equal(detail?.raw, '{}');
    assert.equal(detail.title, 'Unknown statement: signed');
    assert.match(detail.explanation ?? '', /No trust policy says who may sign/);
  });

  it('draws provenance: four nodes with what was checked of each, the steps, the materials', async () => {
    const view = provenanceView(await report(items(PROV, '{what: provenance, verdict: unsigned}'), POLICY));
    assert.ok(view !== null);
    assert.deepEqual(
      view.chain.map(({ kind, lines }) => [kind, lines[0]?.text]),
      [
        ['source', 'northwind/payments-api'],
        ['workflow', '.github/workflows/release.yml'],
        ['builder', 'GitHub Actions'],
        ['image', 'sha256:aaaaaaaa…'],
      ],
    );
    const texts = view.chain.flatMap(({ checks }) => checks.map(({ state, text }) => `${state} ${text}`));
    for (const text of [
      'verified Repository equals certificate',
      'verified Commit equals certificate',
      'verified Workflow equals signer identity',
      'verified Run id equals certificate',
      'verified Recognised builder',
      'verified Hosted, says certificate',
      'absent Not in the isolated list',
      'verified Digest is the subject',
      'notChecked Commit signature not checked',
    ])
      assert.ok(texts.includes(text), `${text} is not among\n${texts.join('\n')}`);
    assert.deepEqual(
      view.slsa.levels.map(({ reached }) => reached),
      [true, true, false],
    );
    assert.equal(view.slsa.steps.length, 8);
    assert.equal(view.slsa.by, 'by claim of GitHub Actions');
    assert.equal(view.materials.note, 'resolvedDependencies, 1');
    assert.equal(view.materials.rows[0]?.check?.text, 'Agrees with the certificate');
    assert.equal(view.also.length, 1);
    assert.equal(view.commands.length, 2);
    assert.match(view.description, /^Source: northwind\/payments-api, commit 3f9c2e1b, tag v4\.7\.1; Workflow:/);
  });

  it('draws no chain where nothing can be read, and says why', async () => {
    const view = provenanceView(await report(items(SIG)));
    assert.deepEqual(view?.chain, []);
    assert.equal(view?.slsa.sentence, 'No SLSA provenance was found, so no level can be told.');
    assert.equal(provenanceView(await reportOf([], [])), null);
  });
});

describe('waybill verify, printed', () => {
  it('has exactly the keys of the contract', async () => {
    const document = verifyDocument(await evidence(items(SIG, OTHER), POLICY));
    assert.deepEqual(Object.keys(document), ['schemaVersion', 'subjects', 'places', 'items', 'policy']);
    assert.deepEqual(Object.keys(document.subjects[0] ?? {}), ['role', 'digest']);
    assert.deepEqual(Object.keys(document.places[0] ?? {}), ['kind', 'subject', 'state', 'reason']);
    assert.deepEqual(Object.keys(document.items[0] ?? {}), [
      'kind',
      'predicateType',
      'digest',
      'verdict',
      'code',
      'signer',
      'checks',
    ]);
    assert.deepEqual(Object.keys(document.items[0]?.checks[0] ?? {}), ['id', 'state', 'detail']);
    assert.deepEqual(document.policy, { file: '.waybill.yaml', state: 'met' });
    assert.ok(verifyDocumentSchema.safeParse(JSON.parse(JSON.stringify(document))).success);
    assert.deepEqual(verifyDocument(await evidence(items())).policy, { file: null, state: 'none' });
  });

  const OPTIONS = {
    colour: false,
    reference: 'ghcr.io/northwind/payments-api:4.7.1',
    repository: 'ghcr.io/northwind/payments-api',
    trustedRoot: null,
  };

  it('reads calmly for a person', async () => {
    const text = verifyText(
      await evidence(items(SIG, PROV, OTHER), `${POLICY}    require: [signature, sbom]\n`),
      OPTIONS,
    );
    for (const part of [
      /^ghcr\.io\/northwind\/payments-api:4\.7\.1\n\nIndex {5}sha256:a+\n/,
      /\nFound\n {2}Image signature {5}verified, release\.yml@refs\/tags\/v4\.7\.1\n/,
      /CycloneDX 1\.6 SBOM {2}not verified: names another image\n/,
      /\nOrigin {4}SLSA Build L2, by claim of GitHub Actions\./,
      /\nPolicy {4}\.waybill\.yaml:2\n {2}met {14}Signature by/,
      /\n {2}not met {10}SBOM, signed by release\.yml@refs\/tags\/v4\.7\.1\n {4}Not verified: the SBOM names sha256:bbbbbbbb…/,
      /\nLooked at\n {2}Referrers of the index: 3 found\n/,
      /\nRepeat it with\n {2}cosign verify --certificate-identity=/,
    ])
      assert.match(text, part, text);
    assert.doesNotMatch(text, /undefined|compliant/);
    assert.ok(!text.includes('\u001b'));
  });

  it('lets no text of a registry move the cursor', async () => {
    const text = verifyText(
      await evidence(
        items(
          '{what: signature, signer: "https://x.example/\\u001b[2J\\u202e"}',
          '{what: spdx, verdict: invalid, code: x, reason: "a\\u001b[31m"}',
        ),
      ),
      { ...OPTIONS, reference: 'a\u001b[2J' },
    );
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('colours the words of states only where that is asked for', async () => {
    const found = await evidence(items(SIG), POLICY);
    assert.ok(verifyText(found, { ...OPTIONS, colour: true }).includes('\u001b[32mverified, release'));
    assert.equal(evidenceText(found, false).includes('\u001b'), false);
    assert.match(evidenceText(found, false), /^Signed {4}Signed by release\.yml/);
  });
});
