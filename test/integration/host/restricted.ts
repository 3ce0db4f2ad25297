// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { auditAccess, diagnosticsOf, openFile } from './support.ts';

/** A folder that nobody trusts: findings as ever, no tool. */
export function restrictedSuite(): void {
  describe('Restricted Mode', () => {
    it('is what this window is in', () => assert.equal(vscode.workspace.isTrusted, false));

    it('judges Dockerfiles', async () => {
      const { document } = await openFile('Dockerfile');
      await diagnosticsOf(document.uri, 3);
    });

    it('starts no audit, by whatever way the command is reached', async () => {
      const audit = await auditAccess();
      await vscode.commands.executeCommand('waybill.auditImage');
      await vscode.commands.executeCommand('waybill.auditImage', { reference: 'docker.io/library/golang:1.21.1' });
      await vscode.commands.executeCommand('waybill.reaudit', { key: `sha256:${'0'.repeat(64)}` });
      assert.deepEqual(audit.service.sessions, []);
    });

    it('takes no path of a tool from the workspace', () => {
      const settings = vscode.workspace.getConfiguration();
      assert.equal(settings.get('waybill.syft.path'), '');
      assert.equal(settings.get('waybill.grype.path'), '');
    });

    it('offers no audit above FROM', async () => {
      const { document } = await openFile('Dockerfile');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        20,
      );
      assert.deepEqual(lenses, []);
    });
  });
}
