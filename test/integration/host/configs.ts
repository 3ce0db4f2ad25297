// SPDX-License-Identifier: Apache-2.0
// apko and melange files in a window: told apart from other YAML, judged, fixed, followed to what they refer to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { everyTheme } from './pictures.ts';
import { environment, read, readUntil } from './runner.ts';
import {
  access,
  actionsAt,
  diagnosticsOf,
  openFile,
  pause,
  replaceText,
  slugOf,
  until,
  workspaceFile,
} from './support.ts';

const run = vscode.commands.executeCommand;

const MELANGE = [
  'package:',
  '  name: hello',
  '  version: 1.2.3',
  '  epoch: 0',
  '  descripton: says hello',
  '  copyright:',
  '    - license: Apache-2.0',
  'pipeline:',
  '  - uses: fetch',
  '    with:',
  '      uri: https://example.com/hello-${{package.version}}.tar.gz',
  '      expected-sha256: 0000000000000000000000000000000000000000000000000000000000000000',
  '',
].join('\n');

const APKO = [
  'contents:',
  '  repositories: [https://packages.wolfi.dev/os]',
  '  keyring: [https://packages.wolfi.dev/os/wolfi-signing.rsa.pub]',
  '  packages: [wolfi-baselayout]',
  'accounts:',
  '  run-as: 65532',
  'archs: [x86_64]',
  '',
].join('\n');

export async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

export async function remove(...names: readonly string[]): Promise<void> {
  await run('workbench.action.revertAndCloseActiveEditor');
  await run('workbench.action.closeAllEditors');
  for (const name of names) await vscode.workspace.fs.delete(workspaceFile(name), { recursive: true });
}

const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'waybill');

/** Files of the extension that were loaded into this host. */
function loaded(): readonly string[] {
  const dist = join(environment('WAYBILL_TEST_EXTENSION'), 'dist');
  return Object.keys(createRequire(join(dist, 'extension.js')).cache)
    .filter((path) => path.startsWith(dist))
    .map((path) => path.slice(dist.length + 1))
    .toSorted();
}

/** Ran first in its window: what is loaded later would hide what was loaded too early. */
function activationSuite(): void {
  describe('a window with other YAML', () => {
    it('loads nothing that judges, for YAML that is not ours', async () => {
      await access();
      assert.deepEqual(loaded(), ['extension.js']);
      await write('pod.yaml', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: golang:1.21.1\n');
      await write('plain.yaml', 'package: something\nname: other\n');
      for (const name of ['pod.yaml', 'plain.yaml']) {
        const { document } = await openFile(name);
        await replaceText(document, `${document.getText()}# more\n`);
        await pause(500);
        assert.deepEqual(ours(document.uri), []);
        assert.deepEqual(await actionsOf(document), []);
      }
      assert.deepEqual(loaded(), ['extension.js']);
      assert.deepEqual(await read('#status\\.languageStatus'), []);
      await remove('pod.yaml', 'plain.yaml');
    });

    it('loads what judges a melange file with the first one, and nothing about Dockerfiles', async () => {
      await write('hello.yaml', MELANGE);
      const { document } = await openFile('hello.yaml');
      await diagnosticsOf(document.uri);
      const files = loaded();
      assert.ok(
        files.includes('yaml.js') && !files.includes('dockerfile.js') && !files.includes('audit.js'),
        files.join(),
      );
      await remove('hello.yaml');
    });
  });
}

async function actionsOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  const found = await run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, all);
  return found.map(({ title }) => title);
}

export function configsSuite(): void {
  activationSuite();

  describe('apko and melange files', () => {
    it('are refused where the tool refuses them, on the very key, and the key is mended', async () => {
      await write('hello.yaml', MELANGE);
      const { document } = await openFile('hello.yaml');
      const refused = await until('the refusal', () =>
        ours(document.uri).find((each) => slugOf(each) === 'melange-refuses'),
      );
      assert.equal(document.getText(refused.range), 'descripton');
      assert.equal(refused.severity, vscode.DiagnosticSeverity.Error);
      assert.match(refused.message, /Did you mean "description"\?/);
      await readUntil('#status\\.languageStatus', /melange refuses this file/);
      const fix = (await actionsAt(document, refused.range)).find(
        ({ title }) => title === 'Change "descripton" to "description"',
      );
      assert.ok(fix?.edit, (await actionsOf(document)).join('; '));
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      editor.selection = new vscode.Selection(refused.range.start, refused.range.start);
      await run('editor.action.quickFix');
      await readUntil('.action-widget .monaco-list-row', /Change "descripton"/);
      await everyTheme('melange-fix');
      await run('hideCodeActionWidget');
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await until('the refusal to go', () => ours(document.uri).every((each) => slugOf(each) !== 'melange-refuses'));
      await readUntil('#status\\.languageStatus', /melange: /);
      await remove('hello.yaml');
    });

    it('take a comment that ignores a finding with a reason, in their own place', async () => {
      await write('web.apko.yaml', APKO.replace('https://packages.wolfi.dev/os]', 'http://packages.wolfi.dev/os]'));
      const { document } = await openFile('web.apko.yaml');
      const [finding] = await diagnosticsOf(document.uri);
      assert.ok(finding);
      const slug = slugOf(finding);
      const ignore = (await actionsAt(document, finding.range)).find(({ title }) => title.startsWith(`Ignore ${slug}`));
      assert.ok(ignore?.edit);
      assert.ok(await vscode.workspace.applyEdit(ignore.edit));
      assert.match(document.getText(), new RegExp(`# waybill ignore=${slug} `));
      await until('the finding to go', () => ours(document.uri).every((each) => slugOf(each) !== slug));
      await remove('web.apko.yaml');
    });

    it('are followed to what they include, inside of the workspace only, and judged anew when that changes', async () => {
      await write('common/base.yaml', APKO);
      await write('images/web.apko.yaml', 'include: common/base.yaml\narchs: [x86_64]\n');
      const { document } = await openFile('images/web.apko.yaml');
      const refused = (): vscode.Diagnostic | undefined =>
        ours(document.uri).find((each) => slugOf(each) === 'apko-refuses');
      await pause(1_000);
      assert.equal(refused(), undefined);
      await write('common/base.yaml', APKO.replace('packages:', 'pakages:'));
      const bad = await until('the mistake of the included file', refused);
      assert.match(bad.message, /pakages/);
      await write('common/base.yaml', APKO);
      await until('the included file to be well', () => refused() === undefined);
      // The same mistake outside: whether it is there, nobody looks.
      await write('../elsewhere/base.yaml', APKO.replace('packages:', 'pakages:'));
      await replaceText(document, 'include: ../../elsewhere/base.yaml\narchs: [x86_64]\nrchs: []\n');
      const own = await until('the mistake of the file itself', refused);
      assert.match(own.message, /rchs/);
      assert.ok(ours(document.uri).every(({ message }) => !message.includes('pakages')));
      await remove('common', 'images', '../elsewhere');
    });

    it('are what the setting says they are, and the comment at their top', async () => {
      await write('odd/list.yaml', 'contents:\n  pakages: [a]\n');
      const { document } = await openFile('odd/list.yaml');
      const settings = vscode.workspace.getConfiguration('waybill', document);
      const { Workspace } = vscode.ConfigurationTarget;
      await pause(500);
      assert.deepEqual(ours(document.uri), []);
      await settings.update('languages', { 'odd/*.yaml': 'apko' }, Workspace);
      await until('the findings of an apko file', () => ours(document.uri).length > 0);
      await settings.update('languages', { 'odd/*.yaml': 'none' }, Workspace);
      await until('no findings', () => ours(document.uri).length === 0);
      await settings.update('languages', undefined, Workspace);
      await replaceText(document, `# waybill language=apko\n${document.getText()}`);
      await until('the findings by the comment', () => ours(document.uri).length > 0);
      await remove('odd');
    });

    it('are in Lint Workspace, and other YAML is not', async () => {
      const closed = await write('packages/hello.yaml', MELANGE);
      const other = await write('deploy/pod.yaml', 'apiVersion: v1\nkind: Pod\n');
      const before = await run<{ files: number }>(COMMANDS.lintWorkspace.id);
      assert.ok(ours(closed).some((each) => slugOf(each) === 'melange-refuses'));
      assert.deepEqual(ours(other), []);
      await write('packages/hello.yaml', MELANGE.replace('descripton', 'description'));
      await until('the file as it is now', () => ours(closed).every((each) => slugOf(each) !== 'melange-refuses'));
      await remove('packages', 'deploy');
      const after = await run<{ files: number }>(COMMANDS.lintWorkspace.id);
      assert.equal(before.files - after.files, 1);
    });

    it('are held against the commit that is checked out, through VS Code’s own git', async () => {
      const folder = dirname(workspaceFile('x').fsPath);
      const git = (...args: readonly string[]): void => {
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid', '-C', folder, ...args]);
      };
      const text = MELANGE.replace('descripton', 'description');
      await write('packages/hello.yaml', text);
      git('init', '-q');
      git('add', '--', 'packages');
      git('commit', '-q', '-m', 'one');
      const settings = vscode.workspace.getConfiguration('git');
      await settings.update('enabled', true, vscode.ConfigurationTarget.Global);
      try {
        const { document } = await openFile('packages/hello.yaml');
        const stale = (): boolean => ours(document.uri).some((each) => slugOf(each) === 'epoch-not-bumped');
        const extension = vscode.extensions.getExtension<{ getAPI(version: 1): { repositories: readonly unknown[] } }>(
          'vscode.git',
        );
        assert.ok(extension);
        const { exports } = extension.isActive ? extension : { exports: await extension.activate() };
        await until('git to know the repository', () => exports.getAPI(1).repositories.length > 0);
        await replaceText(document, text.replace('says hello', 'says more'));
        await until('the epoch to be asked for', stale);
        await replaceText(document, text.replace('says hello', 'says more').replace('epoch: 0', 'epoch: 1'));
        await until('the epoch to be enough', () => !stale());
        await replaceText(document, text.replace('says hello', 'says more'));
        await until('the epoch to be asked for again', stale);
        await document.save();
        git('commit', '-q', '-a', '-m', 'two');
        await until('the new commit to count', () => !stale());
      } finally {
        await settings.update('enabled', undefined, vscode.ConfigurationTarget.Global);
        await remove('packages');
      }
    });
  });
}
