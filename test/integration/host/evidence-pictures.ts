// SPDX-License-Identifier: Apache-2.0
// Pictures of real evidence for a person to look at; what is tested is that nothing sticks out of the page.
import assert from 'node:assert/strict';
import { chooseStatement, openTab, run, WORKFLOW, type EvidenceScene, nodeOf } from './evidence-support.ts';
import { theme, THEMES } from './pictures.ts';
import { ask, readUntil, screenshot } from './runner.ts';
import { auditAccess, pause } from './support.ts';

const WINDOW = '1400x800';
/** Width of the activity bar, which stays when the sidebar is closed. */
const ACTIVITY_BAR = 48;

export function picturesSuite(scene: EvidenceScene): void {
  describe('pictures of evidence', () => {
    after(() => ask({ action: 'resize', text: WINDOW }));

    const views: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['overview', () => openTab('overview')],
      ['signature', () => openTab('signatures').then(() => chooseStatement(`Image signature verified, ${WORKFLOW}`))],
      ['invalid', () => chooseStatement('CycloneDX 1.6 SBOM')],
      ['provenance', () => openTab('provenance').then(() => readUntil('.chain', /./, true))],
    ];

    it('panel and tree, in three themes', async () => {
      await run('workbench.view.extension.waybill');
      const audit = await auditAccess();
      for (const part of ['Evidence', 'Findings']) {
        const node = await nodeOf(scene, part);
        await audit.view.reveal(node, { expand: true, select: false, focus: false });
      }
      // The first one last: it stays.
      for (const [name, label] of THEMES.toReversed()) {
        await theme(label);
        for (const [view, open] of views) {
          await open();
          await pause(100);
          await screenshot(`evidence-${view}-${name}`);
        }
      }
    });

    it('a narrow panel, out of which nothing sticks', async () => {
      await run('workbench.action.closeSidebar');
      for (const width of [700, 400]) {
        await ask({ action: 'resize', text: `${width + ACTIVITY_BAR}x900` });
        await pause(500);
        for (const tab of ['overview', 'signatures', 'provenance'] as const) {
          await openTab(tab);
          await readUntil(tab === 'overview' ? '.answer' : tab === 'signatures' ? '.verdict' : '.chain', /./, true);
          await pause(150);
          await screenshot(`evidence-${tab}-${width}`);
          assert.deepEqual(await ask({ action: 'outside' }), []);
        }
      }
      await run('workbench.view.extension.waybill');
    });
  });
}
