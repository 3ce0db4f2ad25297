// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { auditReportSchema } from '../../../src/core/evidence/report.ts';
import type { ImageSource } from '../../../src/core/ports.ts';
import { environment } from './runner.ts';
import { auditAccess, nodeAt, openFile, until } from './support.ts';

/** Audits one image on disk as the picker would, and answers the key of its report. */
export function auditImage(variable: string): Promise<string> {
  return auditSource({ scheme: 'oci-dir', target: environment(variable) });
}

/** The same image from a registry, asked for by a name as people write it. */
export function auditRegistryImage(): Promise<string> {
  return auditSource({ scheme: 'registry', target: environment('WAYBILL_TEST_REGISTRY_IMAGE') });
}

async function auditSource(source: ImageSource): Promise<string> {
  const audit = await auditAccess();
  await audit.commands.audit(source, null, null, false);
  const session = audit.service.sessions.findLast(({ request }) => request.source.target === source.target);
  assert.ok(session?.report, 'the audit has not ended');
  const { stages } = session.report;
  for (const [name, stage] of Object.entries(stages)) assert.equal(stage.state, 'ok', `${name}: ${stage.reason}`);
  assert.ok(session.key, 'the report was not stored');
  return session.key;
}

/** One audit with the real tools, and what the tree shows of it. */
export function auditSuite(): void {
  describe('auditing', () => {
    let key: string;

    before(async () => {
      key = await auditImage('WAYBILL_TEST_IMAGE');
    });

    it('takes the tools from PATH, where nothing else is said', () => {
      for (const name of ['WAYBILL_SYFT', 'WAYBILL_GRYPE']) assert.equal(process.env[name], undefined);
      assert.ok(process.env['PATH']?.split(':').includes(dirname(environment('WAYBILL_TEST_SYFT'))));
    });

    it('lists the image with its digest and counts', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      assert.ok(image);
      assert.equal(image.image.key, key);
      assert.ok(image.description.startsWith(key.slice('sha256:'.length, 'sha256:'.length + 8)), image.description);
      const children = await audit.tree.getChildren(image);
      const read = await audit.service.report(key);
      assert.ok(read.ok);
      const { findings } = read.value;
      assert.deepEqual(
        children.map(({ label }) => label),
        ['Vulnerabilities', 'Packages', 'Evidence', ...(findings.length > 0 ? ['Findings'] : [])],
      );
    });

    it('shows packages by type down to each package', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      const report = await audit.service.report(key);
      assert.ok(image && report.ok);
      const { packages, summary } = report.value;
      const root = await nodeAt(audit, image.label, 'Packages');
      assert.equal(root.description, String(packages.length));
      const types = await audit.tree.getChildren(root);
      assert.equal(types.length, Object.keys(summary.byType).length);
      const lists = await Promise.all(types.map((type) => audit.tree.getChildren(type)));
      assert.equal(lists.flat().length, packages.length);
      assert.deepEqual(
        new Set(lists.flat().map(({ label, description }) => `${label} ${description}`)),
        new Set(packages.map(({ name, version }) => `${name} ${version}`)),
      );
    });

    it('shows vulnerabilities by severity down to each one', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      const report = await audit.service.report(key);
      assert.ok(image && report.ok);
      const { vulnerabilities } = report.value;
      assert.ok(vulnerabilities.length > 0);
      const severities = await audit.tree.getChildren(await nodeAt(audit, image.label, 'Vulnerabilities'));
      const lists = await Promise.all(severities.map((severity) => audit.tree.getChildren(severity)));
      assert.equal(lists.flat().length, vulnerabilities.length);
      const [severity] = severities;
      const [first] = lists.flat();
      assert.ok(severity && first);
      const { iconPath } = audit.tree.getTreeItem(severity);
      assert.ok(iconPath instanceof vscode.ThemeIcon && iconPath.color?.id.startsWith('waybill.severity.') === true);
      const item = audit.tree.getTreeItem(first);
      assert.ok(item.tooltip instanceof vscode.MarkdownString);
      assert.ok(item.tooltip.isTrusted !== true && item.tooltip.supportHtml !== true);
    });

    it('says what became of the evidence, and of what it does not check yet that it does not', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      assert.ok(image);
      const evidence = await audit.tree.getChildren(await nodeAt(audit, image.label, 'Evidence'));
      const said = new Map(evidence.map(({ label, description }) => [label, description]));
      assert.match(said.get('Signatures') ?? '', /^Not signed\./);
      assert.match(said.get('Provenance') ?? '', /^No provenance was found\./);
      for (const label of ['FIPS', 'Drift']) assert.equal(said.get(label), 'not checked yet');
    });

    it('opens the report as read-only JSON that is the stored document', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      await vscode.commands.executeCommand(COMMANDS.openReportJson.id, image);
      const editor = await until('the JSON editor', () =>
        vscode.window.activeTextEditor?.document.uri.scheme === 'waybill-report'
          ? vscode.window.activeTextEditor
          : undefined,
      );
      assert.equal(editor.document.languageId, 'json');
      const report = auditReportSchema.parse(JSON.parse(editor.document.getText()));
      assert.ok(report.packages.length > 0);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('copies the digest', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      await vscode.commands.executeCommand(COMMANDS.copyDigest.id, image);
      assert.match(await vscode.env.clipboard.readText(), /^sha256:[0-9a-f]{64}$/);
    });

    it('offers to audit each base above its FROM, until the setting says otherwise', async () => {
      const { document } = await openFile('Dockerfile');
      const lenses = (): Thenable<vscode.CodeLens[]> =>
        vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 20);
      const titles = (await lenses()).map(({ command }) => command?.title);
      assert.equal(titles.filter((title) => title === 'Audit image').length, 2);
      const settings = vscode.workspace.getConfiguration('waybill', document);
      await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Workspace);
      assert.deepEqual(await lenses(), []);
      await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    });
  });
}
