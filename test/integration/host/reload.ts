// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { auditImage } from './audit.ts';
import { panelTabs } from './panel.ts';
import { auditAccess, pause, until } from './support.ts';

/** Before the window is reloaded. */
export function reloadSuite(): void {
  describe('before a reload', () => {
    it('audits an image and opens its panel', async () => {
      await auditImage('WAYBILL_TEST_IMAGE');
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      await vscode.commands.executeCommand(COMMANDS.openReport.id, image);
      await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      // The page keeps its place by itself; the window is told a moment later.
      await pause(2_000);
    });
  });
}

/** After it: a new extension host, and the panel that stood open. */
export function reloadedSuite(): void {
  describe('after a reload', () => {
    it('opens the panel again from the stored report and scans nothing', async () => {
      await until('the tab', () => panelTabs().length === 1);
      const audit = await auditAccess();
      const panel = await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      assert.ok(panel.key);
      assert.ok((panel.session.report?.packages.length ?? 0) > 0);
      assert.deepEqual(audit.service.sessions, []);
    });
  });
}
