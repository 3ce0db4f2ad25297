// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyPreferredFixes } from '../../../src/core/lint/fix.ts';
import { access, actionsAt, diagnosticsOf, offeredAt, openFile, replaceText, slugOf, until } from './support.ts';

/** What every host must do, without any tool. */
export function lintSuite(): void {
  describe('linting', () => {
    it('activates for a Dockerfile', async () => {
      await openFile('Dockerfile');
      await until('activation', () => vscode.extensions.getExtension('waybill.waybill')?.isActive);
    });

    it('marks the exact word, names the rule and links to its page', async () => {
      const { document } = await openFile('Dockerfile');
      const found = (await diagnosticsOf(document.uri)).find((each) => slugOf(each) === 'base-end-of-life');
      assert.ok(found);
      assert.match(document.getText(found.range), /^(?:golang:)?1\.21\.1$/);
      assert.ok(typeof found.code === 'object' && found.code.target.path.endsWith('/docs/rules/WB1003.md'));
      assert.deepEqual(found.tags, [vscode.DiagnosticTag.Deprecated]);
    });

    it('offers a fix whose title says what changes, and the comment that ignores it', async () => {
      const { document } = await openFile('Dockerfile');
      const found = (await diagnosticsOf(document.uri)).find((each) => slugOf(each) === 'base-end-of-life');
      assert.ok(found);
      const actions = await actionsAt(document, found.range);
      const fix = actions.find(({ title }) => title.startsWith('Use Go '));
      assert.ok(fix, actions.map(({ title }) => title).join('; '));
      assert.match(fix.title, /\(a newer version can behave differently: build and test it\)$/);
      const ignore = actions.find(({ title }) => title.startsWith('Ignore base-end-of-life'));
      assert.ok(ignore?.edit);
      assert.ok(fix.edit);
      const before = document.getText();
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.notEqual(document.getText(), before);
      // A supported version may have its own end in sight, and that is no warning.
      await until('the warning to go', () =>
        vscode.languages
          .getDiagnostics(document.uri)
          .every((each) => slugOf(each) !== 'base-end-of-life' || each.severity > vscode.DiagnosticSeverity.Warning),
      );
      await replaceText(document, before);
    });

    it('follows a change, drops what is gone, and says when the builder refuses the file', async () => {
      const { document } = await openFile('Dockerfile');
      const before = document.getText();
      await replaceText(document, 'FROM scratch\nUSER 1000\n');
      await until('no findings', () =>
        vscode.languages.getDiagnostics(document.uri).every(({ source }) => source !== 'waybill'),
      );
      await replaceText(document, 'FROM scratch\nFORM x\n');
      const refused = await until('the refusal', () =>
        vscode.languages.getDiagnostics(document.uri).find((each) => slugOf(each) === 'refused'),
      );
      assert.equal(refused.severity, vscode.DiagnosticSeverity.Error);
      assert.match(refused.message, /builder refuses this file/);
      await replaceText(document, before);
      await diagnosticsOf(document.uri, 3);
    });

    it('judges only the last of many versions', async () => {
      const { document } = await openFile('Dockerfile');
      const { linter } = await access();
      const before = document.getText();
      for (let i = 0; i < 30; i++) await replaceText(document, `FROM golang:1.21.1\n# ${i}\n`);
      await replaceText(document, 'FROM scratch\nUSER 1000\n');
      await until('no findings', () =>
        vscode.languages.getDiagnostics(document.uri).every(({ source }) => source !== 'waybill'),
      );
      assert.equal(linter.judge(document)?.findings.length, 0);
      await replaceText(document, before);
      await diagnosticsOf(document.uri, 3);
    });

    it('takes Containerfiles by name and leaves other files alone', async () => {
      const containerfile = await openFile('api.Containerfile');
      await diagnosticsOf(containerfile.document.uri);
      const variant = await openFile('Dockerfile-prod');
      assert.equal(variant.document.languageId, 'dockerfile');
      await diagnosticsOf(variant.document.uri);
      const notes = await openFile('notes.txt');
      assert.deepEqual(
        vscode.languages.getDiagnostics(notes.document.uri).filter(({ source }) => source === 'waybill'),
        [],
      );
    });

    it('tells about a base on hover', async () => {
      const { document } = await openFile('Dockerfile');
      const at = document.positionAt(document.getText().indexOf('golang:1.21.1') + 2);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      const text = hovers.flatMap(({ contents }) =>
        contents.map((each) => (typeof each === 'string' ? each : each.value)),
      );
      assert.ok(
        text.some((each) => each.includes('library/golang') && /Module\spresent/.test(each)),
        text.join('\n'),
      );
    });

    it('follows its settings', async () => {
      const { document } = await openFile('Dockerfile');
      const settings = vscode.workspace.getConfiguration('waybill', document);
      await settings.update('lint.rules', { 'base-end-of-life': 'off' }, vscode.ConfigurationTarget.Workspace);
      await until('the rule to be off', () =>
        vscode.languages.getDiagnostics(document.uri).every((each) => slugOf(each) !== 'base-end-of-life'),
      );
      await settings.update('lint.rules', undefined, vscode.ConfigurationTarget.Workspace);
      await until('the rule to be back', () =>
        vscode.languages.getDiagnostics(document.uri).some((each) => slugOf(each) === 'base-end-of-life'),
      );
    });

    it('fixes all with one source action, exactly as the command does', async () => {
      const { document } = await openFile('fix-all.Dockerfile');
      await diagnosticsOf(document.uri);
      const { linter } = await access();
      const text = document.getText();
      const { text: expected, applied } = applyPreferredFixes(text, linter.judge(document)?.findings ?? []);
      const everything = new vscode.Range(0, 0, document.lineCount, 0);
      const [action] = await actionsAt(document, everything, 'source.fixAll.waybill');
      assert.ok(applied.length > 0);
      assert.ok(action?.edit);
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      assert.equal(document.getText(), expected);
      assert.match(expected, /^FROM gcr\.io\/distroless\/static-debian12\nUSER 65532$/m);
      // Once is enough: what it has mended is no finding any more.
      await until('the finding to go', () =>
        vscode.languages.getDiagnostics(document.uri).every((each) => slugOf(each) !== 'root-in-final-stage'),
      );
      assert.deepEqual(await offeredAt(document, everything, 'source.fixAll.waybill'), []);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });
  });
}
