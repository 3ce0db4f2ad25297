// SPDX-License-Identifier: Apache-2.0
// One window for everything about evidence: each suite goes on from what the one before it left.
import { keysSuite } from './evidence-keys.ts';
import { lessSuite } from './evidence-less.ts';
import { picturesSuite } from './evidence-pictures.ts';
import { rawSuite } from './evidence-raw.ts';
import { removePolicy, run, type EvidenceScene } from './evidence-support.ts';
import { judgedSuite } from './evidence.ts';
import { machineSetting } from './failures.ts';
import { startMirror, type Mirror } from './mirror.ts';
import { environment } from './runner.ts';
import { auditAccess, setPace } from './support.ts';

export function evidenceSuites(): void {
  describe('evidence', () => {
    let mirror: Mirror;
    const scene: EvidenceScene = {
      get mirror() {
        return mirror;
      },
      get reference() {
        return `${mirror.host}/${environment('WAYBILL_TEST_SIGNED_NAME')}`;
      },
      get images() {
        return `${mirror.host}/northwind/**`;
      },
    };

    before(async () => {
      setPace(15);
      mirror = await startMirror(environment('WAYBILL_TEST_SIGNED_REGISTRY'));
      await machineSetting('evidence.trustedRoot', environment('WAYBILL_TEST_TRUSTED_ROOT'));
      await run('workbench.action.closeAllEditors');
      const { service } = await auditAccess();
      for (const { id } of service.sessions) service.dismiss(id);
    });
    after(async () => {
      removePolicy();
      await run('workbench.action.closeAllEditors');
      await machineSetting('evidence.trustedRoot', undefined);
      await mirror.stop();
      setPace(50);
    });

    judgedSuite(scene);
    rawSuite(scene);
    keysSuite();
    picturesSuite(scene);
    lessSuite(scene);
  });
}
