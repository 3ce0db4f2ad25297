// SPDX-License-Identifier: Apache-2.0
// Completion, hover, definition and renaming of apko and melange files, as VS Code asks for them and as it shows them.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { remove, write } from './configs.ts';
import { everyTheme } from './pictures.ts';
import { ask, environment, readUntil } from './runner.ts';
import { openFile, pause, replaceText, until, workspaceFile } from './support.ts';

const run = vscode.commands.executeCommand;

const MELANGE = [
  'package:',
  '  name: hello',
  '  version: 1.2.3',
  '  epoch: 0',
  '  copyright:',
  '    - license: Apache-2.0',
  'vars:',
  '  flavour: plain',
  'pipeline:',
  '  - uses: fetch',
  '    with:',
  '      uri: https://example.com/hello-${{package.version}}.tar.gz',
  '      expected-sha256: 0000000000000000000000000000000000000000000000000000000000000000',
  '  - uses: local/install',
  '    with:',
  '      flavour: ${{vars.flavour}}',
  '  - runs: make ${{vars.flavour}}',
  'subpackages:',
  '  - name: ${{package.name}}-doc',
  '',
].join('\n');

const PIPELINE = [
  'name: Install one flavour',
  'inputs:',
  '  flavour:',
  '    description: Which one',
  '    required: true',
  'pipeline:',
  '  - runs: make install FLAVOUR=${{inputs.flavour}}',
  '',
].join('\n');

const APKO = [
  'contents:',
  '  repositories: [./packages]',
  '  packages:',
  '    - hello',
  '    - wolfi-baselayout',
  'accounts:',
  '  run-as: "65532"',
  'archs: [x86_64]',
  '',
].join('\n');

const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === 'string' ? label : label.label);

function place(document: vscode.TextDocument, text: string, offset = text.length): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, text);
  return document.positionAt(at + offset);
}

async function completions(document: vscode.TextDocument, at: vscode.Position): Promise<readonly string[]> {
  const list = await run<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
  return list.items.map(labelOf);
}

/** The file with the text that it has in the beginning, whatever was done to it before. */
async function fresh(name: string, text: string): Promise<vscode.TextEditor> {
  const editor = await openFile(name);
  if (editor.document.getText() !== text) await replaceText(editor.document, text);
  return editor;
}

/** Puts a line behind another, the cursor at its end, and answers where that is. */
async function typeBehind(editor: vscode.TextEditor, text: string, more: string): Promise<vscode.Position> {
  const at = place(editor.document, text);
  await editor.edit((builder) => builder.insert(at, `${more}\n`));
  const end = editor.document.positionAt(editor.document.offsetAt(at) + more.length);
  editor.selection = new vscode.Selection(end, end);
  return end;
}

async function hoverOn(name: string, text: string): Promise<void> {
  const editor = await fresh(name, name.startsWith('os/') ? MELANGE : APKO);
  const at = place(editor.document, text);
  editor.selection = new vscode.Selection(at, at);
  await pause(300);
  await run('editor.action.showHover');
}

export function configComfortSuite(): void {
  describe('writing apko and melange files', () => {
    before(async () => {
      await write('os/hello.yaml', MELANGE);
      await write('pipelines/local/install.yaml', PIPELINE);
      await write('images/web.apko.yaml', APKO);
      const folder = dirname(workspaceFile('x').fsPath);
      cpSync(environment('WAYBILL_TEST_APK_PACKAGES'), join(folder, 'packages'), { recursive: true });
    });
    after(() => remove('os', 'pipelines', 'images', 'packages'));

    it('completes keys, pipelines of the workspace and built-in ones, inputs and variables', async () => {
      const editor = await fresh('os/hello.yaml', MELANGE);
      const { document } = editor;
      const keys = await completions(document, await typeBehind(editor, '  epoch: 0\n', '  de'));
      assert.ok(keys.includes('description') && keys.includes('dependencies'), keys.join());
      await run('editor.action.triggerSuggest');
      await readUntil('.suggest-widget .monaco-list-row', /description/);
      await pause(500);
      await everyTheme('melange-completion');
      await run('hideSuggestWidget');
      const uses = await completions(document, place(document, 'uses: '));
      assert.ok(
        uses.includes('fetch') && uses.includes('local/install') && uses.includes('git-checkout'),
        uses.slice(0, 20).join(),
      );
      const variables = await completions(document, place(document, 'make ${{'));
      assert.ok(
        variables.some((label) => label.includes('vars.flavour')),
        variables.slice(0, 20).join(),
      );
      const inputs = await completions(document, await typeBehind(editor, '    with:\n', '      '));
      assert.ok(inputs.includes('expected-sha512'), inputs.slice(0, 20).join());
    });

    it('inserts what was chosen, in place of what was typed', async () => {
      const editor = await fresh('os/hello.yaml', MELANGE);
      await typeBehind(editor, '  epoch: 0\n', '  descr');
      await run('editor.action.triggerSuggest');
      await readUntil('.suggest-widget .monaco-list-row', /description/);
      await ask({ action: 'press', text: 'Enter' });
      await until('the key to stand there', () => /^ {2}description: ?/m.test(editor.document.getText()));
      assert.doesNotMatch(editor.document.getText(), /descrdescr/);
    });

    it('completes packages from the index that lies in the workspace', async () => {
      const editor = await fresh('images/web.apko.yaml', APKO);
      const names = await completions(editor.document, await typeBehind(editor, '    - wolfi-baselayout\n', '    - '));
      assert.ok(names.includes('openssl') && names.includes('libcrypto3'), names.slice(0, 20).join());
      await run('editor.action.triggerSuggest');
      await readUntil('.suggest-widget .monaco-list-row', /openssl/);
      await pause(500);
      await everyTheme('apko-completion');
      await run('hideSuggestWidget');
    });

    it('explains keys and pipelines under the pointer', async () => {
      await hoverOn('os/hello.yaml', 'uses: fe');
      const card = await readUntil('.monaco-hover', /expected-sha256/);
      assert.match(card, /fetch/);
      await everyTheme('melange-hover');
      await ask({ action: 'press', text: 'Escape' });
      await hoverOn('images/web.apko.yaml', '\nacc');
      await readUntil('.monaco-hover', /user/i);
      await everyTheme('apko-hover');
      await ask({ action: 'press', text: 'Escape' });
    });

    it('goes to the definition of a pipeline in its file, and of a variable', async () => {
      const editor = await fresh('os/hello.yaml', MELANGE);
      const at = place(editor.document, 'uses: local/in');
      editor.selection = new vscode.Selection(at, at);
      await run('editor.action.revealDefinition');
      const open = await until('the pipeline to open', () => {
        const active = vscode.window.activeTextEditor;
        return active?.document.uri.path.endsWith('/pipelines/local/install.yaml') === true ? active : undefined;
      });
      await everyTheme('melange-definition');
      assert.match(open.document.getText(), /^name: Install/);
      await run('workbench.action.closeActiveEditor');
      const { document } = await fresh('os/hello.yaml', MELANGE);
      const found = await run<readonly (vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        place(document, 'make ${{vars.fla'),
      );
      const [target] = found;
      const range = target === undefined ? undefined : 'targetRange' in target ? target.targetRange : target.range;
      assert.match(document.lineAt(range?.start.line ?? 0).text, /^ {2}flavour: plain/);
    });

    it('renames a variable with all that names it, and refuses what is none', async () => {
      const editor = await fresh('os/hello.yaml', MELANGE);
      const { document } = editor;
      const at = place(document, 'make ${{vars.fla');
      editor.selection = new vscode.Selection(at, at);
      // Done when a person is.
      const prepared = await run<{ placeholder: string }>('vscode.prepareRename', document.uri, at);
      assert.equal(prepared.placeholder, 'flavour');
      const asked = run('editor.action.rename');
      await readUntil('.rename-box', /.*/);
      await pause(500);
      await everyTheme('melange-rename');
      await run('cancelRenameInput');
      await asked;
      const edit = await run<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'variant');
      assert.ok(await vscode.workspace.applyEdit(edit));
      const text = document.getText();
      assert.match(text, /vars:\n {2}variant: plain/);
      assert.match(text, /make \$\{\{vars\.variant\}\}/);
      assert.match(text, /flavour: \$\{\{vars\.variant\}\}/);
      await assert.rejects(async () =>
        run('vscode.executeDocumentRenameProvider', document.uri, place(document, 'version: 1.'), 'x'),
      );
    });

    it('outlines packages and steps', async () => {
      const { document } = await fresh('os/hello.yaml', MELANGE);
      const symbols = await run<readonly vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
      const all = (of: readonly vscode.DocumentSymbol[]): string[] =>
        of.flatMap(({ name, children }) => [name, ...all(children)]);
      const names = all(symbols);
      for (const wanted of [/package/, /fetch/, /flavour/])
        assert.ok(
          names.some((name) => wanted.test(name)),
          names.join(),
        );
      await run('outline.focus');
      await pause(1_000);
      await everyTheme('melange-outline');
      await run('workbench.view.explorer');
    });
  });
}
