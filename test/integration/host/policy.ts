// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, diagnosticsOf, openFile, replaceText, slugOf, until, workspaceFile } from './support.ts';

const POLICY = '.waybill.yaml';

const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'waybill');
const found = (uri: vscode.Uri, slug: string): vscode.Diagnostic | undefined =>
  ours(uri).find((each) => slugOf(each) === slug);

/** A policy file changes what is found, at once and without an editor of its own. For every host. */
export function policySuite(): void {
  describe('policies', () => {
    const uri = (): vscode.Uri => workspaceFile(POLICY);
    const write = async (text: string, name = POLICY): Promise<void> => {
      // One code unit a byte: nothing here is outside ASCII.
      await vscode.workspace.fs.writeFile(
        workspaceFile(name),
        Uint8Array.from(text, (character) => character.charCodeAt(0)),
      );
    };
    const remove = async (): Promise<void> => {
      try {
        await vscode.workspace.fs.delete(uri());
      } catch {
        // There is none.
      }
    };
    afterEach(remove);

    it('follow their file: a new one, a changed one, none', async () => {
      const { document } = await openFile('Dockerfile');
      await until('the rule without a policy', () => found(document.uri, 'base-end-of-life'));
      await write('rules:\n  base-end-of-life: off\nfips: required\n');
      await until('the rule to be off', () => found(document.uri, 'base-end-of-life') === undefined);
      const module = await until('the module to be required', () => {
        const each = found(document.uri, 'base-without-validated-module');
        return each?.severity === vscode.DiagnosticSeverity.Error ? each : undefined;
      });
      assert.match(module.message, /must have one \(\.waybill\.yaml:3\)/);
      await write('rules:\n  base-end-of-life: error\n');
      const ended = await until('the rule to be an error', () => found(document.uri, 'base-end-of-life'));
      assert.equal(ended.severity, vscode.DiagnosticSeverity.Error);
      await remove();
      await until(
        'its own severity',
        () => found(document.uri, 'base-end-of-life')?.severity === vscode.DiagnosticSeverity.Warning,
      );
    });

    it('tell their mistakes and ended waivers, also before they are opened, and mend a misspelt word', async () => {
      await openFile('Dockerfile');
      await write('fisp: required\nwaivers:\n  - {rule: base-end-of-life, owner: a, reason: b, expires: 2026-01-31}\n');
      const [mistake, ended] = await diagnosticsOf(uri(), 2);
      assert.ok(mistake && ended);
      assert.match(mistake.message, /Did you mean fips\?$/);
      assert.equal(slugOf(ended), 'waiver-expired');
      assert.equal(ended.range.start.line, 2);
      const { document } = await openFile(POLICY);
      await until('the findings of the open file', () => ours(document.uri).length === 2);
      const actions = await actionsAt(document, mistake.range);
      const fix = actions.find(({ title }) => title === 'Change to fips');
      assert.ok(fix?.edit, actions.map(({ title }) => title).join('; '));
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.match(document.getText(), /^fips: required\n/);
      await until('the mistake to go, before the file is saved', () => ours(document.uri).length === 1);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });

    it('can be shared: what the setting names holds where nothing is nearer, and is followed with all it builds on', async () => {
      const { document } = await openFile('Dockerfile');
      const settings = vscode.workspace.getConfiguration('waybill', document);
      const severity = (): vscode.DiagnosticSeverity | undefined => found(document.uri, 'base-end-of-life')?.severity;
      await write('extends: more.yaml\n', 'shared-policy.yaml');
      await write('rules: {base-end-of-life: info}\n', 'more.yaml');
      await settings.update('policy.file', 'shared-policy.yaml', vscode.ConfigurationTarget.Workspace);
      await until('the shared policy', () => severity() === vscode.DiagnosticSeverity.Information);
      await write('rules: {base-end-of-life: error}\n', 'more.yaml');
      await until('the change of what it builds on', () => severity() === vscode.DiagnosticSeverity.Error);
      await write('rules: {base-end-of-life: hint}\n');
      await until('the nearer one', () => severity() === vscode.DiagnosticSeverity.Hint);
      await settings.update('policy.file', undefined, vscode.ConfigurationTarget.Workspace);
      await remove();
      await until('its own severity', () => severity() === vscode.DiagnosticSeverity.Warning);
    });

    it('take an exception to fill in, and save nothing', async () => {
      const { document } = await openFile('Dockerfile');
      await write('fips: off\n');
      // VS Code keeps the text of a file that was open for a while, until its own watcher has told it of the change.
      await until(
        'the text on the disk',
        async () => (await vscode.workspace.openTextDocument(uri())).getText() === 'fips: off\n',
      );
      const ended = await until('a finding', () => found(document.uri, 'base-end-of-life'));
      const actions = await actionsAt(document, ended.range);
      const add = actions.find(({ title }) => title === 'Add exception for base-end-of-life…');
      assert.ok(add?.command, actions.map(({ title }) => title).join('; '));
      await vscode.commands.executeCommand(add.command.command, ...(add.command.arguments ?? []));
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.toString(), uri().toString());
      const text = editor.document.getText();
      assert.match(
        text,
        /^fips: off\nwaivers:\n {2}- rule: base-end-of-life\n {4}scope:\n {6}files: \["Dockerfile"\]\n/,
      );
      assert.ok(editor.document.isDirty);
      assert.ok(text.slice(0, editor.document.offsetAt(editor.selection.active)).endsWith('owner:'));
      // Nobody answers for it yet, so it waives nothing.
      await until('what is missing', () => ours(uri()).length >= 2);
      assert.ok(found(document.uri, 'base-end-of-life'));
      await replaceText(editor.document, text.replace('owner:', 'owner: me').replace('reason:', 'reason: soon'));
      assert.ok(await editor.document.save());
      await until('the waiver to hold', () => found(document.uri, 'base-end-of-life') === undefined);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
