// SPDX-License-Identifier: Apache-2.0
// The commands that run a local apko, against the real one and a repository of small packages, without any network.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { write } from './configs.ts';
import { notification } from './errors.ts';
import { everyTheme } from './pictures.ts';
import { ask, environment, readUntil } from './runner.ts';
import { auditAccess, openFile, pause, replaceText, until, workspaceFile } from './support.ts';

const run = vscode.commands.executeCommand;
const NAME = 'web.apko.yaml';

const CONFIG = [
  'contents:',
  '  repositories: [./packages]',
  '  keyring: [./test.rsa.pub]',
  '  packages:',
  '    - wolfi-baselayout',
  '    - openssl',
  '    - hello',
  'accounts:',
  '  run-as: "65532"',
  'archs: [x86_64]',
  '',
].join('\n');

const said = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ code, source }) => source === 'waybill' && code === 'apko');

export function apkoSuite(): void {
  describe('apko from the palette', () => {
    const folder = (): string => dirname(workspaceFile(NAME).fsPath);

    before(async () => {
      cpSync(environment('WAYBILL_TEST_APK_PACKAGES'), join(folder(), 'packages'), { recursive: true });
      cpSync(environment('WAYBILL_TEST_APK_KEY'), join(folder(), 'test.rsa.pub'));
      await write(NAME, CONFIG);
      await openFile(NAME);
    });
    after(async () => {
      await run('workbench.action.closeAllEditors');
      for (const name of ['packages', 'test.rsa.pub', NAME, 'web.apko.lock.json'])
        rmSync(join(folder(), name), { recursive: true, force: true });
    });

    it('is there, and takes no program from the workspace', async () => {
      const all = await vscode.commands.getCommands(true);
      for (const { id } of [COMMANDS.buildApko, COMMANDS.resolveApko, COMMANDS.lockApko]) assert.ok(all.includes(id));
      assert.equal(vscode.workspace.getConfiguration('waybill').inspect('apko.path')?.workspaceValue, undefined);
      await run('workbench.action.quickOpen', '>Waybill: apko');
      await readUntil('.quick-input-list .monaco-list-row', /Waybill: Build apko Image and Audit/);
      await everyTheme('palette-apko');
      await run('workbench.action.closeQuickOpen');
    });

    it('resolves the packages into a read-only document', async () => {
      await openFile(NAME);
      await run(COMMANDS.resolveApko.id);
      const { document } = vscode.window.activeTextEditor ?? assert.fail('nothing is open');
      assert.equal(document.uri.scheme, 'waybill-apko');
      assert.match(document.getText(), /^# web\.apko\.yaml: 4 packages, resolved by apko on /);
      assert.match(document.getText(), /^libcrypto3 +3\.3\.0-r0 +\.\/packages\/x86_64\/libcrypto3-3\.3\.0-r0\.apk$/m);
      assert.deepEqual(said(workspaceFile(NAME)), []);
      await pause(300);
      await everyTheme('apko-resolved');
      await run('workbench.action.closeActiveEditor');
    });

    it('says on the line of a package that it cannot be had, until that is changed', async () => {
      const { document } = await openFile(NAME);
      await replaceText(document, CONFIG.replace('- hello', '- hello=9.9.9'));
      // It is saved first: apko reads the file.
      await run(COMMANDS.resolveApko.id);
      assert.equal(document.isDirty, false);
      const [problem] = said(document.uri);
      assert.ok(problem);
      assert.equal(document.getText(problem.range), 'hello=9.9.9');
      assert.match(problem.message, /^No version fits hello=9\.9\.9\. The repositories have 1\.2\.3-r0 and 1\.3\.0-r1/);
      await notification(/No version fits hello=9\.9\.9/);
      await run('workbench.actions.view.problems');
      await pause(500);
      await everyTheme('apko-problem');
      await run('notifications.clearAll');
      await run('workbench.action.closePanel');
      await vscode.window.showTextDocument(document);
      await replaceText(document, CONFIG);
      await until('the problem to go', () => said(document.uri).length === 0);
      await document.save();
    });

    it('locks beside the file', async () => {
      await openFile(NAME);
      await run(COMMANDS.lockApko.id);
      const lock = workspaceFile('web.apko.lock.json');
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), lock.toString());
      const { contents } = JSON.parse(readFileSync(lock.fsPath, 'utf8')) as {
        contents: { packages: { name: string }[] };
      };
      assert.deepEqual(contents.packages.map(({ name }) => name).toSorted(), [
        'hello',
        'libcrypto3',
        'openssl',
        'wolfi-baselayout',
      ]);
      await pause(300);
      await everyTheme('apko-locked');
      await run('workbench.action.closeActiveEditor');
    });

    it('builds the image, audits it, and leaves no copy of it', async () => {
      await openFile(NAME);
      const audit = await auditAccess();
      await run(COMMANDS.buildApko.id);
      const session = await until(
        'the audit to end',
        () =>
          audit.service.sessions.find(
            ({ request, report }) => /[/\\]web$/.test(request.source.target) && report !== null,
          ),
        90_000,
      );
      assert.ok(session.report);
      for (const [name, stage] of Object.entries(session.report.stages))
        assert.equal(stage.state, 'ok', `${name}: ${stage.reason}`);
      assert.deepEqual(session.report.packages.map(({ name }) => name).toSorted(), [
        'hello',
        'libcrypto3',
        'openssl',
        'wolfi-baselayout',
      ]);
      const layout = session.request.source.target;
      await until('the layout to go', () => !existsSync(layout));
      assert.deepEqual(
        readdirSync(tmpdir()).filter((name) => name.startsWith('apko-temp')),
        [],
      );
      await run('workbench.view.extension.waybill');
      await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      await pause(1_000);
      await everyTheme('apko-built');
      await run('workbench.view.explorer');
    });

    it('ends when it is cancelled, with nothing said', async () => {
      const { document } = await openFile(NAME);
      await replaceText(document, CONFIG.replace('./packages', 'http://127.0.0.1:9/os'));
      const done = run(COMMANDS.resolveApko.id);
      await notification(/Resolving packages: web\.apko\.yaml/);
      await ask({ action: 'click', on: '.notification-list-item .monaco-button >> text=Cancel' });
      await done;
      assert.deepEqual(said(document.uri), []);
      assert.notEqual(vscode.window.activeTextEditor?.document.uri.scheme, 'waybill-apko');
      await replaceText(document, CONFIG);
      await document.save();
    });
  });
}
