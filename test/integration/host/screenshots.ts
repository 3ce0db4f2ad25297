// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import type { ExplorerNode } from '../../../src/core/explorer/node.ts';
import { auditImage, auditRegistryImage } from './audit.ts';
import { theme, THEMES } from './pictures.ts';
import { environment, screenshot } from './runner.ts';
import { auditAccess, diagnosticsOf, nodeAt, openFile, pause, until } from './support.ts';

/** Steps of 60 px that leave the panel some 400. */
const NARROW_STEPS = 11;

const run = vscode.commands.executeCommand;

/** Pictures of real scans, for a person to look at; that each could be taken is what is tested. */
export function screenshotSuite(): void {
  describe('pictures', () => {
    it('Problems with a quick fix', async () => {
      await theme(THEMES[0][1]);
      const editor = await openFile('Dockerfile');
      await diagnosticsOf(editor.document.uri, 3);
      await run('workbench.actions.view.problems');
      const at = editor.document.positionAt(editor.document.getText().indexOf('1.21.1') + 2);
      await vscode.window.showTextDocument(editor.document);
      editor.selection = new vscode.Selection(at, at);
      await pause(1_500);
      await screenshot('problems');
      await run('editor.action.quickFix');
      await pause(1_500);
      await screenshot('problems-quick-fix');
      await run('hideCodeActionWidget');
      await run('workbench.action.closePanel');
    });

    it('the panel and the sidebar', async () => {
      await auditImage('WAYBILL_TEST_IMAGE');
      await auditRegistryImage();
      await run('workbench.action.closeAllEditors');
      await run('workbench.view.extension.waybill');
      await pause(1_000);
      const { audit, image, vulnerabilities, packages } = await shown();
      const severities = await audit.tree.getChildren(vulnerabilities);
      await run(COMMANDS.openReport.id, image);
      await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      for (const node of [vulnerabilities, severities[0], packages]) {
        if (node !== undefined) await audit.view.reveal(node, { expand: true, select: false, focus: false });
      }
      for (const [name, label] of THEMES) {
        await theme(label);
        for (const [tab, node] of [
          ['overview', image],
          ['vulnerabilities', vulnerabilities],
          ['packages', packages],
        ] as const) {
          await run(COMMANDS.openReport.id, node);
          await pause(1_000);
          await screenshot(`panel-${tab}-${name}`);
        }
      }
      await theme(THEMES[0][1]);
    });

    it('a narrow panel', async () => {
      const { image, vulnerabilities } = await shown();
      // The panel has the focus, so it is the part that gets smaller.
      for (let i = 0; i < NARROW_STEPS; i++) await run('workbench.action.decreaseViewWidth');
      await run(COMMANDS.openReport.id, image);
      await pause(1_000);
      await screenshot('panel-overview-narrow');
      await run(COMMANDS.openReport.id, vulnerabilities);
      await pause(1_000);
      await screenshot('panel-vulnerabilities-narrow');
      for (let i = 0; i < NARROW_STEPS; i++) await run('workbench.action.increaseViewWidth');
    });

    it('an audit that runs', async () => {
      const audit = await auditAccess();
      const source = { scheme: 'registry', target: environment('WAYBILL_TEST_LARGE_REGISTRY_IMAGE') } as const;
      const done = audit.commands.audit(source, null, null, false);
      await until('the SBOM stage to run', () =>
        audit.service.sessions.some(({ stages }) => stages.sbom.state === 'running'),
      );
      await pause(1_500);
      await screenshot('panel-running');
      for (const { id, report } of audit.service.sessions) if (report === null) audit.service.cancel(id);
      await done;
      await pause(500);
      await screenshot('panel-cancelled');
    });
  });
}

/** The newest image with its two tables. */
async function shown(): Promise<{
  audit: Awaited<ReturnType<typeof auditAccess>>;
  image: ExplorerNode;
  vulnerabilities: ExplorerNode;
  packages: ExplorerNode;
}> {
  const audit = await auditAccess();
  const [image] = await audit.tree.getChildren();
  assert.ok(image);
  const vulnerabilities = await nodeAt(audit, image.label, 'Vulnerabilities');
  const packages = await nodeAt(audit, image.label, 'Packages');
  return { audit, image, vulnerabilities, packages };
}
