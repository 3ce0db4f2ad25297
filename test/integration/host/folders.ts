// SPDX-License-Identifier: Apache-2.0
// A window with two folders: each file follows what its own folder says.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { slugOf, until } from './support.ts';

const OLD = 'FROM golang:1.21.1\r\nUSER 1\r\n';

function folderAt(index: number): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[index];
  assert.ok(folder, `folder ${index} is not open`);
  return folder.uri;
}

async function write(index: number, name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(folderAt(index), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

const slugs = (uri: vscode.Uri): string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'waybill')
    .map(slugOf)
    .toSorted();

/** Needs two folders; what it writes into them it takes away. */
export function foldersSuite(): void {
  describe('two folders', () => {
    it('follow each its own policy and settings, open and closed', async () => {
      const first = await write(0, 'first.Dockerfile', OLD);
      const second = await write(1, 'second.Containerfile', OLD);
      const policy = await write(0, '.waybill.yaml', 'rules:\n  base-end-of-life: off\n');
      const settings = vscode.workspace.getConfiguration('waybill', second);
      await settings.update('lint.rules', { 'digest-missing': 'off' }, vscode.ConfigurationTarget.WorkspaceFolder);
      const outcome = await vscode.commands.executeCommand<{ files: number }>(COMMANDS.lintWorkspace.id);
      assert.ok(outcome.files >= 2);
      const expected = async (): Promise<void> => {
        await until('the first folder', () => slugs(first).includes('digest-missing'));
        await until('the second folder', () => slugs(second).includes('base-end-of-life'));
        assert.ok(!slugs(first).includes('base-end-of-life'), slugs(first).join());
        assert.ok(!slugs(second).includes('digest-missing'), slugs(second).join());
      };
      await expected();
      for (const uri of [first, second])
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      await expected();
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        second,
        new vscode.Position(0, 8),
      );
      assert.ok(hovers.length > 0);
      await settings.update('lint.rules', undefined, vscode.ConfigurationTarget.WorkspaceFolder);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const uri of [first, second, policy]) await vscode.workspace.fs.delete(uri);
    });
  });
}
