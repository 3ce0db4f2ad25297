// SPDX-License-Identifier: Apache-2.0
// What makes writing comfortable: hover, completion, files of other tools, the whole workspace. In every host.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { actionsAt, diagnosticsOf, openFile, slugOf, until, workspaceFile } from './support.ts';

async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function remove(...names: readonly string[]): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  for (const name of names) await vscode.workspace.fs.delete(workspaceFile(name), { recursive: true });
}

const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'waybill');

async function marked(document: vscode.TextDocument, slug: string): Promise<string> {
  const found = await until(`${slug} in ${document.uri.path}`, () =>
    ours(document.uri).find((each) => slugOf(each) === slug),
  );
  return document.getText(found.range);
}

function placeOf(document: vscode.TextDocument, text: string, offset = text.length): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, text);
  return document.positionAt(at + offset);
}

async function hoverAt(document: vscode.TextDocument, text: string): Promise<vscode.MarkdownString> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    placeOf(document, text, 2),
  );
  const found = hovers
    .flatMap(({ contents }) => contents)
    .find((each): each is vscode.MarkdownString => typeof each === 'object' && /Module\spresent/.test(each.value));
  assert.ok(found, `no hover on ${text}`);
  return found;
}

async function completionsAt(document: vscode.TextDocument, text: string): Promise<readonly vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    placeOf(document, text),
  );
  return items;
}

const labelOf = ({ label }: vscode.CompletionItem): string => (typeof label === 'string' ? label : label.label);

const COMPOSE = [
  'services:',
  '  web:',
  '    build:',
  '      dockerfile_inline: |',
  '        FROM golang:1.21.1',
  '        USER 1000',
  '  cache:',
  '    image: debian:latest',
  '',
].join('\r\n');

export function comfortSuite(): void {
  describe('comfort', () => {
    it('tells on hover the three FIPS answers, with Windows line ends and on COPY --from too', async () => {
      await write('windows.Dockerfile', 'FROM golang:1.21.1 AS a\r\nFROM scratch\r\nCOPY --from=debian:13 /a /a\r\n');
      const { document } = await openFile('windows.Dockerfile');
      const base = await hoverAt(document, 'golang:1.21.1');
      assert.match(base.value, /Module\spresent[\s\S]*Certificate\sactive[\s\S]*Enforced/);
      assert.equal(base.supportThemeIcons, true);
      assert.notEqual(base.supportHtml, true);
      assert.match((await hoverAt(document, 'debian:13')).value, /library\/debian/);
      await remove('windows.Dockerfile');
    });

    it('completes images, tags and stages without a file that is whole', async () => {
      await write('new.Containerfile', 'FROM gol\r\nFROM golang:1.27 AS build\r\nFROM scratch\r\nCOPY --from=\r\n');
      const { document } = await openFile('new.Containerfile');
      const names = await completionsAt(document, 'FROM gol');
      const golang = names.find((item) => labelOf(item) === 'golang');
      assert.ok(golang, names.map(labelOf).slice(0, 20).join(', '));
      const range = golang.range instanceof vscode.Range ? golang.range : golang.range?.replacing;
      assert.ok(range && document.getText(range) === 'gol');
      const tags = await completionsAt(document, 'FROM golang:');
      const old = tags.find((item) => labelOf(item) === '1.21');
      assert.deepEqual(old?.tags, [vscode.CompletionItemTag.Deprecated]);
      const stages = await completionsAt(document, 'COPY --from=');
      assert.ok(stages.some((item) => labelOf(item) === 'build'));
      await remove('new.Containerfile');
    });

    it('judges what Compose files hold, in its place, and fixes it in their own writing', async () => {
      await write('compose.yaml', COMPOSE);
      const { document } = await openFile('compose.yaml');
      assert.match(await marked(document, 'base-end-of-life'), /^(?:golang:)?1\.21\.1$/);
      assert.match(await marked(document, 'mutable-tag'), /latest$/);
      const finding = ours(document.uri).find((each) => slugOf(each) === 'base-end-of-life');
      assert.ok(finding);
      const actions = await actionsAt(document, finding.range);
      const ignore = actions.find(({ title }) => title.startsWith('Ignore base-end-of-life'));
      assert.ok(ignore?.edit, actions.map(({ title }) => title).join('; '));
      assert.ok(await vscode.workspace.applyEdit(ignore.edit));
      assert.match(
        document.getText(),
        /inline: \|\r\n {8}# waybill ignore=base-end-of-life [^\r\n]*\r\n {8}FROM golang:1\.21\.1\r\n {8}USER/,
      );
      await until('the finding to go', () => ours(document.uri).every((each) => slugOf(each) !== 'base-end-of-life'));
      await remove('compose.yaml');
    });

    it('judges the image of a dev container, and no image in other YAML', async () => {
      await write('.devcontainer/devcontainer.json', '{\n  // old\n  "image": "golang:1.21.1",\n}\n');
      const container = await openFile('.devcontainer/devcontainer.json');
      assert.match(await marked(container.document, 'base-end-of-life'), /^(?:golang:)?1\.21\.1$/);
      await write('pod.yaml', 'kind: Pod\nspec:\n  containers:\n    - image: golang:1.21.1\n');
      const pod = await openFile('pod.yaml');
      // Asked after a file that was judged: nothing more is to come.
      await diagnosticsOf((await openFile('Dockerfile')).document.uri);
      assert.deepEqual(ours(pod.document.uri), []);
      await remove('.devcontainer', 'pod.yaml');
    });

    it('lints the workspace: files that are not open, once each, and as they are now', async () => {
      const closed = await write('services/ledger/Dockerfile', 'FROM golang:1.21.1\r\nUSER 1\r\n');
      const outcome = await vscode.commands.executeCommand<{ files: number; findings: number; cancelled: boolean }>(
        COMMANDS.lintWorkspace.id,
      );
      assert.ok(outcome.files >= 3 && outcome.findings > 0 && !outcome.cancelled, JSON.stringify(outcome));
      const found = ours(closed);
      const slugs = found.map(slugOf).toSorted();
      assert.ok(slugs.includes('base-end-of-life'), slugs.join(', '));
      // Open, the same findings come from the document, and only from it.
      const { document } = await openFile('services/ledger/Dockerfile');
      await until('each finding once', () => ours(document.uri).map(slugOf).toSorted().join() === slugs.join());
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await until('the findings of the closed file', () => ours(closed).length === slugs.length);
      await write('services/ledger/Dockerfile', 'FROM scratch\nUSER 1\n');
      await until('the file as it is now', () => ours(closed).length === 0);
      await vscode.workspace.fs.delete(closed);
    });
  });
}
