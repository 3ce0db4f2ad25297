// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import type { AuditSession } from '../../../src/core/explorer/session.ts';
import { ask, environment, read, readUntil } from './runner.ts';
import { auditAccess, nodeAt, openFile, until } from './support.ts';

const ROWS = '.quick-input-list .monaco-list-row';
const run = vscode.commands.executeCommand;

const press = (text: string): Promise<unknown> => ask({ action: 'press', text });
const type = (text: string): Promise<unknown> => ask({ action: 'type', text });

/** Opens the picker and waits until every engine has answered. */
async function openPicker(): Promise<void> {
  void run(COMMANDS.auditImage.id);
  await readUntil(ROWS, /waybill\.test\/goapp/);
}

/** The audit that the last choice has begun, once it has ended. */
async function nextAudit(choose: () => Promise<unknown>): Promise<AuditSession> {
  const audit = await auditAccess();
  const before = audit.service.sessions.at(-1)?.id ?? 0;
  await choose();
  const ended = await until(
    'the audit to end',
    () => audit.service.sessions.find(({ id, report }) => id > before && report !== null),
    60_000,
  );
  // Nobody looks for the signatures of a local image: that is an answer, not a failure.
  const failed = Object.entries(ended.report?.stages ?? {}).find(
    ([stage, { state }]) => state !== 'ok' && !(stage === 'evidence' && state === 'skipped'),
  );
  assert.ok(failed === undefined, `${failed?.[0]}: ${failed?.[1].reason}`);
  return ended;
}

/** What a person chooses with the mouse and the keys, from the picker to a row of the panel. */
export function choiceSuite(): void {
  describe('choosing an image', () => {
    it('offers the images of the open file, of engines that answer, and says of the others why not', async () => {
      await openFile('Dockerfile');
      await openPicker();
      const rows = await read(ROWS);
      for (const like of [/golang:1\.21\.1/, /debian:latest/, /waybill\.test\/goapp:1.*podman/])
        assert.ok(
          rows.some((row) => like.test(row)),
          `${String(like)} is not among ${rows.join(' | ')}`,
        );
      const headings = await read('.quick-input-list-separator');
      for (const heading of ['This file', 'Local engine', 'From disk'])
        assert.ok(headings.includes(heading), headings.join(', '));
      await press('Escape');
    });

    it('audits an image of a local engine as that engine has it', async () => {
      await openPicker();
      const { request, report } = await nextAudit(() =>
        ask({ action: 'click', on: `${ROWS}[aria-label*="waybill.test/goapp"]` }),
      );
      assert.deepEqual(request.source, { scheme: 'podman', target: environment('WAYBILL_TEST_ENGINE_IMAGE') });
      assert.equal(request.offline, true);
      assert.ok(report !== null && report.packages.length > 0);
      assert.equal(report.stages.evidence.state, 'skipped');
    });

    it('takes a typed reference to its registry', async () => {
      await openPicker();
      const target = environment('WAYBILL_TEST_REGISTRY_IMAGE');
      await type(target);
      await readUntil(ROWS, /download from its registry/);
      const { request, report } = await nextAudit(() => press('Enter'));
      assert.deepEqual(request.source, { scheme: 'registry', target });
      assert.ok(report !== null && report.vulnerabilities.length > 0);
    });

    it('offers what was audited before', async () => {
      await openPicker();
      const name = environment('WAYBILL_TEST_REGISTRY_IMAGE');
      const row = await readUntil(ROWS, /registry, audited/);
      assert.ok(row.includes(name), row);
      await press('Escape');
    });

    it('asks for the platform of an image that has several, and audits that one', async () => {
      await openPicker();
      await type(`oci-dir:${environment('WAYBILL_TEST_INDEX')}`);
      await readUntil(ROWS, /by oci-dir/);
      await press('Enter');
      await readUntil(ROWS, /^linux\/arm64/);
      const { request, report } = await nextAudit(() => ask({ action: 'click', on: `${ROWS}[aria-label*="arm64"]` }));
      assert.match(request.platform ?? '', /^linux\/arm64/);
      assert.match(report?.image.platform ?? '', /^linux\/arm64/);
    });

    it('begins nothing when a person leaves', async () => {
      const audit = await auditAccess();
      const before = audit.service.sessions.length;
      await openPicker();
      await press('Escape');
      await openPicker();
      await type(`oci-dir:${environment('WAYBILL_TEST_INDEX')}`);
      await readUntil(ROWS, /by oci-dir/);
      await press('Enter');
      await readUntil(ROWS, /^linux\/arm64/);
      await press('Escape');
      await until('the picker to go', async () => (await read(ROWS)).length === 0);
      assert.equal(audit.service.sessions.length, before);
    });
  });

  describe('saving the SBOM', () => {
    const save = async (format: RegExp, file: string): Promise<unknown> => {
      const audit = await auditAccess();
      const stored = audit.service.stored.find(({ reference }) => reference.endsWith('payments-api:4.7.1'));
      assert.ok(stored);
      void run(COMMANDS.saveSbom.id, { key: stored.key });
      await readUntil(ROWS, format);
      const label = /CycloneDX/.test(format.source) ? 'CycloneDX' : /SPDX/.test(format.source) ? 'SPDX' : 'Syft';
      await ask({ action: 'click', on: `${ROWS}[aria-label^="${label}"]` });
      const path = join(environment('WAYBILL_TEST_FOLDER'), file);
      await readUntil('.quick-input-action', /^OK$/);
      await press('Control+a');
      await type(path);
      return until(file, async () => {
        // The dialog takes no answer while it looks at the folder.
        if ((await read('.quick-input-action')).includes('OK')) await press('Enter');
        return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
      });
    };

    it('writes the very syft-json that the scan made', async () => {
      const saved = await save(/^Syft/, 'saved.syft.json');
      const audit = await auditAccess();
      const stored = audit.service.stored.find(({ reference }) => reference.endsWith('payments-api:4.7.1'));
      const folder = join(environment('WAYBILL_DATA'), 'reports', (stored?.key ?? '').replace(':', '-'));
      const kept = readdirSync(folder).find((name) => name.endsWith('.sbom.json.gz')) ?? '';
      assert.deepEqual(saved, JSON.parse(gunzipSync(readFileSync(join(folder, kept))).toString('utf8')));
    });

    it('writes the packages of the same scan as CycloneDX', async () => {
      const { bomFormat, components } = (await save(/^CycloneDX/, 'saved.cdx.json')) as {
        bomFormat: string;
        components: { name: string; type: string }[];
      };
      assert.equal(bomFormat, 'CycloneDX');
      const audit = await auditAccess();
      const stored = audit.service.stored.find(({ reference }) => reference.endsWith('payments-api:4.7.1'));
      const report = await audit.service.report(stored?.key ?? '');
      assert.ok(report.ok);
      const names = components.filter((each) => each.type === 'library' || each.type === 'application');
      for (const { name } of report.value.packages.slice(0, 50))
        assert.ok(
          names.some((each) => each.name === name || name.endsWith(each.name)),
          name,
        );
    });
  });

  describe('from the tree to the panel', () => {
    const TREE = '.part.sidebar .monaco-list-row';
    const here = '[role="row"].active';

    before(async () => {
      await run('workbench.action.closeAllEditors');
      await run('workbench.view.extension.waybill');
      const audit = await auditAccess();
      const image = (await audit.tree.getChildren()).find(({ label }) => label === 'payments-api:4.7.1');
      assert.ok(image);
      const node = await nodeAt(audit, image.label, 'Vulnerabilities');
      await audit.view.reveal(node, { expand: true, select: false, focus: false });
    });

    it('a double click on a severity opens the panel with only that', async () => {
      await readUntil(TREE, /^High/);
      await ask({ action: 'doubleClick', on: `${TREE}[aria-label^="High"]` });
      const tab = await readUntil('[role="tab"][aria-selected="true"]', /^Vulnerabilities/, true);
      assert.ok(tab);
      await until('only those rows', async () => {
        const [, ...rows] = await read('[role="row"]', true);
        return rows.length > 0 && rows.every((row) => row.includes('High'));
      });
    });

    it('a click on one of its rows opens the panel at that row', async () => {
      const audit = await auditAccess();
      const severity = await nodeAt(audit, 'payments-api:4.7.1', 'Vulnerabilities', 'High');
      await audit.view.reveal(severity, { expand: true, select: false, focus: false });
      const [, row] = await audit.tree.getChildren(severity);
      assert.ok(row);
      await readUntil(TREE, new RegExp(`^${row.label}`));
      await ask({ action: 'click', on: `${TREE}[aria-label^="${row.label}"]` });
      await readUntil(here, new RegExp(row.label), true);
    });

    it('the command reveals a package', async () => {
      const audit = await auditAccess();
      const [kind] = await audit.tree.getChildren(await nodeAt(audit, 'payments-api:4.7.1', 'Packages'));
      assert.ok(kind);
      const last = (await audit.tree.getChildren(kind)).at(-1);
      assert.ok(last);
      await run(COMMANDS.openReport.id, last);
      await readUntil('[role="tab"][aria-selected="true"]', /^Packages/, true);
      await readUntil(here, new RegExp(last.label.replace(/[^\w]/g, '.')), true);
    });

    it('badges the image and the view by what is past its due date in the database', async () => {
      const audit = await auditAccess();
      const stored = audit.service.stored.find(({ reference }) => reference.endsWith('payments-api:4.7.1'));
      const report = await audit.service.report(stored?.key ?? '');
      assert.ok(stored && report.ok);
      const due = report.value.vulnerabilities.flatMap(({ kev }) => kev?.dueDate ?? []);
      assert.deepEqual(stored.kevDue, due.toSorted());
      const today = new Date().toISOString().slice(0, 10);
      const past = audit.service.stored.flatMap(({ kevDue }) => kevDue).filter((date) => date < today).length;
      assert.equal(audit.view.badge?.value ?? 0, past);
    });

    it('and its page has asked for nothing that its policy forbids', async () => {
      assert.deepEqual(await ask({ action: 'violations' }), []);
      await ask({ action: 'violate' });
      const seen = await until('the browser to tell', async () => {
        const told = (await ask({ action: 'violations' })) as string[];
        return told.length > 0 ? told : undefined;
      });
      assert.deepEqual(seen, ['img-src: https://waybill.invalid/x.png']);
    });
  });

  describe('pinning the digest', () => {
    it('pins the digest of an image when that is chosen, and has the registry say which', async () => {
      const image = environment('WAYBILL_TEST_REGISTRY_IMAGE');
      const text = `FROM --platform=linux/amd64 ${image} AS a\nUSER 1000\n`;
      const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: text });
      await vscode.window.showTextDocument(document);
      const pins = async (): Promise<readonly vscode.CodeAction[]> => {
        const place = new vscode.Range(0, text.indexOf(image), 0, text.indexOf(image) + image.length);
        const actions = await run<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, place);
        return actions.filter(({ title }) => title.startsWith('Pin the digest'));
      };
      const action = await until('the quick fix', async () => (await pins())[0]);
      assert.equal(action.title, `Pin the digest of ${image} (asks ${image.slice(0, image.indexOf('/'))})`);
      assert.ok(action.edit === undefined && action.command !== undefined);
      assert.equal(document.getText(), text);
      await run(action.command.command, ...(action.command.arguments ?? []));
      const written = document.getText();
      assert.match(written, /4\.7\.1@sha256:[0-9a-f]{64} AS a\n/);
      assert.equal(written.replace(/@sha256:[0-9a-f]{64}/, ''), text);
      assert.deepEqual(await pins(), []);
      await run('workbench.action.revertAndCloseActiveEditor');
    });
  });
}
