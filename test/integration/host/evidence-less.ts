// SPDX-License-Identifier: Apache-2.0
// What is said where there is less to go on: places that give no answer, a registry that is gone, no network at all. "Could
// not check" is never "not signed", and never hides what the scan found.
import assert from 'node:assert/strict';
import {
  auditAgain,
  auditByName,
  answerOf,
  openTab,
  policyHolds,
  run,
  statements,
  writePolicy,
  nodeOf,
} from './evidence-support.ts';
import type { EvidenceScene } from './evidence-support.ts';
import { environment, read, readUntil } from './runner.ts';
import { auditAccess } from './support.ts';

export function lessSuite(scene: EvidenceScene): void {
  describe('evidence with less to go on', () => {
    after(() => {
      scene.mirror.answers = 'everything';
    });

    it('a registry that keeps back lists and tags: could not check, and the scan stands', async () => {
      scene.mirror.answers = 'images';
      await openTab('overview');
      const { report, key } = await auditAgain();
      assert.ok(report && key !== null);
      const { evidence, sbom, matching } = report.stages;
      assert.deepEqual([evidence.state, sbom.state, matching.state], ['ok', 'ok', 'ok']);
      assert.ok(report.packages.length > 0 && report.vulnerabilities.length > 0);
      assert.equal(report.evidence?.policy.state, 'could-not-check');
      assert.deepEqual([...new Set(report.findings.map(({ ruleId }) => ruleId))], ['WB4008']);
      for (const id of ['signature', 'origin'] as const) {
        const says = await answerOf(id, 'couldNotCheck');
        assert.match(says, /403/);
        assert.doesNotMatch(says, /not signed|none found/i);
      }
      assert.match((await read('[data-answer="contents"] .text', true))[0] ?? '', /^10 components/);
      await openTab('signatures');
      await readUntil('.looked li', /403/, true);
      assert.deepEqual(await statements('verified'), []);
      assert.equal((await nodeOf(scene, 'Evidence', 'Signatures')).icon.id, 'debug-disconnect');
    });

    it('and once it answers again, "Try again" brings back what was there', async () => {
      scene.mirror.answers = 'everything';
      await openTab('overview');
      const { report } = await auditAgain('[data-answer="signature"] button:has-text("Try again")');
      assert.equal(report?.evidence?.policy.state, 'met');
      await answerOf('signature', 'attention');
    });

    it('a registry that is gone: the attempt says so, and the last report stays', async () => {
      scene.mirror.answers = 'nothing';
      const { report, key } = await auditAgain();
      assert.equal(key, null);
      assert.deepEqual([report?.stages.resolve.state, report?.stages.evidence.state], ['failed', 'skipped']);
      const says = await answerOf('signature', 'couldNotCheck');
      assert.ok(says.includes(scene.mirror.host), says);
      assert.doesNotMatch(says, /not signed/i);
      const { service } = await auditAccess();
      const [stored] = await service.load();
      const kept = await service.report(stored?.key ?? '');
      assert.ok(kept.ok && kept.value.evidence?.policy.state === 'met');
    });

    it('offline: an image on disk brings its evidence with it, and nobody is asked', async () => {
      const layout = environment('WAYBILL_TEST_SIGNED_LAYOUT');
      await writePolicy(`oci-dir:${layout}`);
      await policyHolds(`oci-dir:${layout}`);
      scene.mirror.asked.length = 0;
      await run('workbench.action.closeAllEditors');
      const { report, request } = await auditByName(`oci-dir:${layout}`);
      assert.ok(report);
      assert.equal(request.offline, true);
      assert.equal(report.stages.evidence.state, 'ok', report.stages.evidence.reason ?? '');
      assert.deepEqual([report.evidence?.policy.state, report.evidence?.slsa.level], ['met', 2]);
      assert.deepEqual(scene.mirror.asked, []);
      await answerOf('signature', 'attention');
      await openTab('signatures');
      await readUntil('.found-row', /SLSA provenance v1 verified/, true);
      // Other tools look in registries: there is nothing to copy for them.
      assert.deepEqual(await read('.evidence-page .command', true), []);
    });
  });
}
