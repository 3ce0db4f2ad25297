// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { auditAccess, nodeAt, until } from './support.ts';

export const panelTabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('waybill.panel'));

/** The page in its webview: it loads under its policy, says that it is there, and is asked only what it may be. */
export function panelSuite(): void {
  describe('panel', () => {
    before(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

    it('opens from the tree, and the page says that it is there', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      assert.ok(image);
      const node = await nodeAt(audit, image.label, 'Vulnerabilities');
      await vscode.commands.executeCommand(COMMANDS.openReport.id, node);
      const panel = await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      assert.equal(panel.key, image.image.key);
      assert.ok(panel.session.report);
      assert.equal(panelTabs().length, 1);
    });

    it('opens once for one image', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      await vscode.commands.executeCommand(COMMANDS.openReport.id, image);
      await vscode.commands.executeCommand(COMMANDS.openReport.id, image);
      assert.equal(audit.panels.all.length, 1);
      assert.equal(panelTabs().length, 1);
    });

    it('loads nothing but its own files', async () => {
      const [panel] = (await auditAccess()).panels.all;
      assert.ok(panel);
      const { webview } = panel.webviewPanel;
      assert.equal(webview.options.localResourceRoots?.length, 1);
      const policy = /content="([^"]+)"/.exec(webview.html)?.[1] ?? '';
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /require-trusted-types-for 'script'; trusted-types lit-html$/);
      assert.doesNotMatch(policy, /unsafe|data:|connect-src|img-src|frame-src/);
      // Scripts are bound to this very page; styles and fonts to the place that VS Code serves webview files from.
      assert.match(policy, /script-src 'nonce-[0-9a-f]{32}';/);
    });
  });
}
