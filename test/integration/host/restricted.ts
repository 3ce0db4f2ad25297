// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { auditAccess, diagnosticsOf, openFile, workspaceFile } from './support.ts';

/** A folder that nobody trusts: findings as ever, no tool. */
export function restrictedSuite(): void {
  describe('Restricted Mode', () => {
    it('is what this window is in', () => assert.equal(vscode.workspace.isTrusted, false));

    it('judges Dockerfiles', async () => {
      const { document } = await openFile('Dockerfile');
      await diagnosticsOf(document.uri, 3);
    });

    it('judges apko and melange files, and runs no apko', async () => {
      const uri = workspaceFile('web.apko.yaml');
      const text = 'contents:\n  pakages: [hello]\narchs: [x86_64]\n';
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      const { document } = await openFile('web.apko.yaml');
      const findings = await diagnosticsOf(document.uri);
      assert.ok(findings.some(({ message }) => /Did you mean "packages"/.test(message)));
      for (const { id } of [COMMANDS.resolveApko, COMMANDS.lockApko, COMMANDS.buildApko])
        await vscode.commands.executeCommand(id, document.uri);
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
      assert.equal(vscode.workspace.getConfiguration().get('waybill.apko.path'), '');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(uri);
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
