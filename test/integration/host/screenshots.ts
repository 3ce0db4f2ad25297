// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { auditImage } from './audit.ts';
import { screenshot } from './runner.ts';
import { auditAccess, diagnosticsOf, nodeAt, openFile, pause, until } from './support.ts';

const THEMES = [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
  ['high-contrast', 'Default High Contrast'],
] as const;

const run = vscode.commands.executeCommand;

async function theme(name: string): Promise<void> {
  await vscode.workspace.getConfiguration('workbench').update('colorTheme', name, vscode.ConfigurationTarget.Global);
  await pause(1_500);
}

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
      await auditImage('WAYBILL_TEST_SECOND_IMAGE');
      await auditImage('WAYBILL_TEST_IMAGE');
      await run('workbench.action.closeAllEditors');
      await run('workbench.view.extension.waybill');
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      const vulnerabilities = await nodeAt(audit, image?.label ?? '', 'Vulnerabilities');
      const [severity] = await audit.tree.getChildren(vulnerabilities);
      await run(COMMANDS.openReport.id, image);
      await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      for (const node of [vulnerabilities, severity]) {
        if (node !== undefined) await audit.view.reveal(node, { expand: true, select: false, focus: false });
      }
      for (const [name, label] of THEMES) {
        await theme(label);
        await run(COMMANDS.openReport.id, image);
        await pause(1_000);
        await screenshot(`panel-overview-${name}`);
        await run(COMMANDS.openReport.id, vulnerabilities);
        await pause(1_000);
        await screenshot(`panel-vulnerabilities-${name}`);
        await run(COMMANDS.openReport.id, await nodeAt(audit, image?.label ?? '', 'Packages'));
        await pause(1_000);
        await screenshot(`panel-packages-${name}`);
      }
      await theme(THEMES[0][1]);
    });
  });
}
