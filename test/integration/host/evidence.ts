// SPDX-License-Identifier: Apache-2.0
// Signatures and provenance as the person at the window meets them: an image in a real registry, signed and attested by
// real Cosign and by a workflow, audited with the real tools, first without a policy, then with one.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import type { Evidence } from '../../../src/core/evidence/evidence.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import {
  answerOf,
  auditAgain,
  auditByName,
  chooseStatement,
  openNode,
  copied,
  inTerminal,
  openTab,
  policyHolds,
  run,
  statements,
  STATES,
  WORKFLOW,
  writePolicy,
  type EvidenceScene,
  nodeOf,
} from './evidence-support.ts';
import { environment, read, readUntil } from './runner.ts';
import { auditAccess, workspaceFile } from './support.ts';

/** What stands in the list of statements, with a policy that knows workflow and key. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  verified: [
    'Image signature verified, key cosign.pub',
    `Image signature verified, ${WORKFLOW}`,
    `SLSA provenance v1 verified, ${WORKFLOW}`,
    'SPDX 2.3 SBOM verified, key cosign.pub',
  ],
  absent: ['SLSA provenance v1 not signed', 'SPDX 2.3 SBOM not signed'],
  failed: ['CycloneDX 1.6 SBOM not verified: names another image'],
};
/** The same where nobody says who may sign: who did is told, a key that nobody named proves nobody. */
const UNJUDGED: Readonly<Record<string, readonly string[]>> = {
  notice: [`Image signature signed by ${WORKFLOW}`, `SLSA provenance v1 signed by ${WORKFLOW}`],
  absent: ['SLSA provenance v1 not signed', 'SPDX 2.3 SBOM not signed'],
  couldNotCheck: ['CycloneDX 1.6 SBOM', 'Image signature', 'SPDX 2.3 SBOM'].map(
    (label) => `${label} could not check: it was signed with a key that nobody named`,
  ),
};
/** Both signers, in the order of their bytes in the registry. */
const SIGNED = new RegExp(
  `^Signed by (?:key cosign\\.pub and ${WORKFLOW}|${WORKFLOW} and key cosign\\.pub), as the trust policy`,
);
/** Words that never stand beside an image. */
const NEVER = /compliant|\bsecure\b|\bsafe\b/i;

function allOk({ stages }: AuditReport): void {
  for (const [name, { state, reason }] of Object.entries(stages)) assert.equal(state, 'ok', `${name}: ${reason}`);
}

function evidenceOf(report: AuditReport | null): Evidence {
  const evidence = report?.evidence;
  assert.ok(evidence !== null && evidence !== undefined, 'the report has no evidence');
  return evidence;
}

async function assertStatements(expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await readUntil('.found-row', /SLSA provenance/, true);
  const seen: Record<string, readonly string[]> = {};
  for (const state of STATES) {
    const rows = await statements(state);
    if (rows.length > 0) seen[state] = rows.toSorted();
  }
  assert.deepEqual(seen, expected);
}

export function judgedSuite(scene: EvidenceScene): void {
  describe('an image that was signed, without a policy', () => {
    it('is audited from its registry by "Audit Image…", and asked for its evidence beside the scan', async () => {
      const { report, key } = await auditByName(scene.reference);
      assert.ok(report && key !== null);
      allOk(report);
      assert.equal(report.image.indexDigest, environment('WAYBILL_TEST_SIGNED_DIGEST'));
      assert.ok(report.packages.length > 0 && report.vulnerabilities.length > 0);
      const evidence = evidenceOf(report);
      assert.deepEqual(evidence.policy.state, 'none');
      assert.equal(evidence.items.length, 7);
      assert.ok(evidence.places.every(({ state }) => state === 'ok' || state === 'absent' || state === 'skipped'));
    });

    it('says who signed it and where it came from, and gives nobody a tick', async () => {
      const signed = await answerOf('signature', 'notice');
      assert.match(signed, new RegExp(`^Signed by ${WORKFLOW}\\. Of 7 statements, 2 are signed`));
      assert.match(signed, /No trust policy says who may sign it\.$/);
      const origin = await answerOf('origin', 'notice');
      assert.match(origin, /^SLSA Build L2, by claim of GitHub Actions\. Level only; the source was not checked\./);
      assert.match(origin, /northwind\/payments-api 3f9c2e1 → release\.yml → GitHub-hosted runner/);
      await openTab('signatures');
      await assertStatements(UNJUDGED);
      for (const label of ['Signatures', 'Provenance'])
        assert.equal((await nodeOf(scene, 'Evidence', label)).icon.id, 'info');
      assert.doesNotMatch((await read('body', true)).join(' '), NEVER);
    });
  });

  describe('an image that was signed as its policy asks', () => {
    before(async () => {
      await writePolicy(scene.images);
      await policyHolds(scene.images);
    });

    it('is judged by the policy of the folder when it is audited again', async () => {
      const { report } = await auditAgain();
      assert.ok(report);
      allOk(report);
      const { policy, items, slsa } = evidenceOf(report);
      assert.deepEqual([policy.state, policy.file], ['met', '.waybill.yaml']);
      assert.ok(policy.requirements.length === 5 && policy.requirements.every(({ state }) => state === 'met'));
      assert.equal(slsa.level, 2);
      const times = items.flatMap(({ signer, logEntries }) => (signer?.kind === 'certificate' ? logEntries : []));
      assert.equal(times.length, 2, 'what the workflow signed is in the log');
      assert.deepEqual(
        report.findings.map(({ ruleId, severity }) => [ruleId, severity]),
        [['WB4006', 'warning']],
      );
    });

    it('answers on the Overview, and marks the tab with what does not hold', async () => {
      await openTab('overview');
      const signed = await answerOf('signature', 'attention');
      assert.match(signed, SIGNED);
      assert.match(signed, /Of 7 statements, 4 are verified, 1 is not verified and 2 are not signed\./);
      assert.match(signed, /The CycloneDX 1\.6 SBOM names another image\. It is left out of every answer here\.$/);
      assert.match(await answerOf('origin', 'verified'), /The provenance agrees with its certificate\./);
      assert.equal((await read('#tab-signatures .codicon-warning', true)).length, 1);
      assert.equal((await read('#tab-provenance .codicon', true)).length, 0);
    });

    it('lists every statement with its verdict, and every place where it was looked for', async () => {
      await openTab('signatures');
      await assertStatements(JUDGED);
      const places = await read('.looked li', true);
      assert.ok(places.includes('Referrers of the index 5 found'), places.join(' | '));
      assert.ok(places.includes('BuildKit attestation manifest of the platform image 2 found'), places.join(' | '));
      assert.ok(places.includes('Cosign tags .sig .att .sbom of the index none'), places.join(' | '));
    });

    it('shows of one that holds every check, who signed, when, and by which root', async () => {
      const title = await chooseStatement(`Image signature verified, ${WORKFLOW}`);
      assert.equal(title, 'Image signature: verified');
      const steps = await read('.evidence-page .steps li', true);
      assert.ok(steps.length >= 8 && steps.every((step) => step.startsWith('Passed')), steps.join(' | '));
      assert.ok(
        steps.some((step) => step.includes('.waybill.yaml:2 lists the signer')),
        steps.join(' | '),
      );
      const facts = (await read('.evidence-page dl', true)).join(' | ');
      for (const like of [
        /Identity\s?https:\/\/github\.com\/northwind\/payments-api\/\.github\/workflows\/release\.yml@refs\/tags\/v4\.7\.1/,
        /Issuer\s?https:\/\/token\.actions\.githubusercontent\.com/,
        /Log entry\s?https:\/\/rekor\.sigstore\.test, index \d+/,
        /Used\s?trusted_root\.json, a file of yours/,
        /Issued by\s?O=sigstore\.test, CN=signing/,
      ])
        assert.match(facts, like);
    });

    it('shows of one that does not hold what failed first', async () => {
      const title = await chooseStatement('CycloneDX 1.6 SBOM');
      assert.equal(title, 'CycloneDX 1.6 SBOM: not verified');
      const [first = '', ...others] = await read('.evidence-page .steps li', true);
      assert.match(first, /^Failed Subject is this image ?It (?:is about another digest|names sha256:)/);
      assert.ok(others.every((step) => !step.startsWith('Failed')));
    });

    it('gives the Cosign command of each, and Cosign says the same', async () => {
      const root = dirname(environment('WAYBILL_TEST_TRUSTED_ROOT'));
      const folder = workspaceFile('').fsPath;
      const copy = '.evidence-page .command [aria-label="Copy the cosign command"]';
      const cases: readonly (readonly [row: string, place: string, proves: boolean])[] = [
        ['Image signature verified, key cosign.pub', folder, true],
        [`Image signature verified, ${WORKFLOW}`, root, true],
        [`SLSA provenance v1 verified, ${WORKFLOW}`, root, true],
        ['SPDX 2.3 SBOM verified', folder, true],
        ['CycloneDX 1.6 SBOM', folder, false],
      ];
      for (const [row, place, proves] of cases) {
        await chooseStatement(row);
        const command = await copied(copy);
        assert.match(command, /^cosign verify(?:-attestation)? /);
        assert.ok(command.endsWith(`@${environment('WAYBILL_TEST_SIGNED_DIGEST')}`), command);
        const { code, said } = await inTerminal(command, place);
        assert.equal(code === 0, proves, `${command}\n${said}`);
        assert.match(said, proves ? /The cosign claims were validated/ : /none of the attestations matched/);
      }
    });

    it('copies a statement as JSON', async () => {
      await chooseStatement('SPDX 2.3 SBOM verified');
      const item = JSON.parse(await copied('.evidence-page button:has-text("Copy as JSON")')) as Evidence['items'][0];
      assert.deepEqual([item.label, item.verdict, item.keyName], ['SPDX 2.3 SBOM', 'verified', 'cosign.pub']);
      assert.match(item.digest, /^sha256:[0-9a-f]{64}$/);
    });

    it('tells the way from source to image, and the level by its steps', async () => {
      await openTab('provenance');
      await readUntil('.chain', /./, true);
      const nodes = await read('.chain .node', true);
      for (const [at, like] of [
        /^Source ?northwind\/payments-api ?commit 3f9c2e1b ?tag v4\.7\.1$/,
        /^Workflow ?\.github\/workflows\/release\.yml ?on push ?run 19284412057, try 1$/,
        /^Builder ?GitHub Actions ?GitHub-hosted runner$/,
        /^Image ?sha256:[0-9a-f]{8}… ?index digest$/,
      ].entries())
        assert.match(nodes[at] ?? '', like);
      const steps = await read('.evidence-page section .steps li', true);
      assert.deepEqual(
        steps.map((step) => /^(?:Passed|Not met|Failed|Skipped)/.exec(step)?.[0]),
        ['Passed', 'Passed', 'Passed', 'Passed', 'Passed', 'Passed', 'Not met', 'Passed'],
      );
      assert.match((await read('.evidence-page h2', true))[0] ?? '', /^SLSA Build L2 ?by claim of GitHub Actions$/);
      const also = (await read('.evidence-page section:has-text("Also found") li', true)).join(' | ');
      assert.match(also, /BuildKit provenance: not signed ?Attestation manifest sha256:[0-9a-f]{8}…/);
      const command = await copied('.evidence-page .command [aria-label="Copy the gh command"]');
      assert.match(command, /^gh attestation verify oci:\/\/\S+ --repo=northwind\/payments-api .*--bundle-from-oci /);
    });

    it('stands in the tree, and a double click there opens the tab', async () => {
      const audit = await auditAccess();
      const expected = [
        ['Provenance', 'pass', 'SLSA L2, by claim', 'provenance'],
        ['Signatures', 'warning', '4 verified, 1 not', 'signatures'],
      ] as const;
      await run('workbench.view.extension.waybill');
      for (const [label, icon, says, tab] of expected) {
        const node = await nodeOf(scene, 'Evidence', label);
        assert.equal(node.icon.id, icon);
        assert.equal(node.description, says);
        await openTab('overview');
        await audit.view.reveal(node, { select: false, focus: false });
        await openNode(label);
        await readUntil(`#tab-${tab}[aria-selected="true"]`, /./, true);
      }
      const [finding] = await audit.tree.getChildren(await nodeOf(scene, 'Findings'));
      assert.equal(finding?.label, 'evidence-names-another-image');
      assert.match(finding.description, /^CycloneDX 1\.6 SBOM is about another image/);
    });
  });
}
