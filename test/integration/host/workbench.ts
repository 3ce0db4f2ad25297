// SPDX-License-Identifier: Apache-2.0
// What a person does with mouse and keys in the window itself: hover, CodeLens, and what a policy excepts.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { auditRegistryImage } from './audit.ts';
import { everyTheme } from './pictures.ts';
import { ask, environment, read, readUntil } from './runner.ts';
import { auditAccess, nodeAt, openFile, pause, until, workspaceFile } from './support.ts';

const POLICY = '.waybill.yaml';
const run = vscode.commands.executeCommand;

async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** The card that the pointer brings; a CodeLens that comes above the line moves it away, so the pointer follows. */
const hoverCard = (on: string, card: string, like: RegExp): Promise<string> =>
  until(`a card like ${String(like)}`, async () => {
    await ask({ action: 'hover', on });
    for (let tries = 0; tries < 20; tries++) {
      const found = (await read(card)).find((text) => like.test(text));
      if (found !== undefined) return found;
      await pause(50);
    }
    return null;
  });

export function workbenchSuite(): void {
  describe('in the window', () => {
    let key = '';
    let report: AuditReport;

    before(async () => {
      key = await auditRegistryImage();
      const audit = await auditAccess();
      const stored = await audit.service.report(key);
      assert.ok(stored.ok);
      report = stored.value;
      await run('workbench.action.closeAllEditors');
      await write('service.Dockerfile', `FROM ${environment('WAYBILL_TEST_REGISTRY_IMAGE')}\nUSER 65532\n`);
    });
    after(async () => {
      await run('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(workspaceFile('service.Dockerfile'));
    });

    it('the pointer on a base brings its card', async () => {
      await openFile('Dockerfile');
      await until('the findings', () => vscode.languages.getDiagnostics(workspaceFile('Dockerfile')).length > 0);
      const cards = '.monaco-hover .hover-contents, .monaco-hover';
      const card = await hoverCard('.view-line >> text=golang:1.21.1', cards, /Module\spresent/);
      assert.match(card, /Certificate\sactive/);
      assert.match(card, /Enforced/);
      await everyTheme('hover-on-a-base');
      await ask({ action: 'press', text: 'Escape' });
    });

    it('the pointer on an audited base brings a link to its report, and the link opens it', async () => {
      await run('workbench.action.closeAllEditors');
      await openFile('service.Dockerfile');
      await readUntil('.codelens-decoration a', /^Audited /);
      await hoverCard('.view-line >> text=northwind/payments-api', '.monaco-hover a', /report/i);
      await ask({ action: 'click', on: '.monaco-hover a:has-text("report")' });
      const audit = await auditAccess();
      const panel = await until('the panel', () => audit.panels.all.find(({ ready }) => ready));
      assert.equal(panel.key, key);
      await run('workbench.action.closeAllEditors');
    });

    it('a CodeLens tells what the last audit found, and a click on it opens the report', async () => {
      await openFile('service.Dockerfile');
      const { critical, high } = report.summary.bySeverity;
      const found = await readUntil('.codelens-decoration a', /critical|high/);
      for (const [count, word] of [
        [critical, 'critical'],
        [high, 'high'],
      ] as const)
        assert.equal(found.includes(`${count} ${word}`), count > 0, found);
      await readUntil('.codelens-decoration a', /^Re-audit$/);
      await everyTheme('codelens');
      await ask({ action: 'click', on: `.codelens-decoration a:has-text("${found}")` });
      const audit = await auditAccess();
      const panel = await until('the panel', () => audit.panels.all.find(({ ready }) => ready));
      assert.equal(panel.key, key);
    });

    it('a waiver is shown in the open panel as soon as its policy is saved, with owner and last day', async () => {
      const audit = await auditAccess();
      const [image] = await audit.tree.getChildren();
      assert.ok(image);
      await run('workbench.view.extension.waybill');
      const vulnerabilities = await nodeAt(audit, image.label, 'Vulnerabilities');
      await run(COMMANDS.openReport.id, vulnerabilities);
      await readUntil('[role="columnheader"]', /Severity/, true);
      assert.ok((await read('[role="columnheader"]', true)).every((title) => !title.includes('Status')));
      const worst = report.vulnerabilities.find(({ severity }) => severity === 'critical') ?? report.vulnerabilities[0];
      assert.ok(worst);
      const same = report.vulnerabilities.filter(({ id, aliases }) => id === worst.id || aliases.includes(worst.id));
      await write(
        POLICY,
        [
          'waivers:',
          `  - vulnerability: ${worst.id}`,
          '    owner: payments team',
          '    reason: the code that is concerned is never reached',
          '    expires: 2099-12-31',
          `  - {vulnerability: ${report.vulnerabilities.at(-1)?.id ?? ''}, owner: a, reason: b, expires: 2026-01-31}`,
          '',
        ].join('\n'),
      );
      await readUntil('[role="columnheader"]', /Status/, true);
      await readUntil('[role="gridcell"]', /excepted until 2099-12-31, by payments team/, true);
      await readUntil('[role="checkbox"]', new RegExp(`^Excepted, ${same.length}$`), true);
      const counted = (await nodeAt(audit, image.label, 'Vulnerabilities')).description;
      assert.match(counted, new RegExp(`, ${same.length} excepted$`));
      const findings = await audit.tree.getChildren(await nodeAt(audit, image.label, 'Findings'));
      const finding = findings.find(({ label }) => label === 'waiver-expired');
      assert.match(finding?.description ?? '', /ended on 2026-01-31/);
      const { severity } = worst;
      const group = await nodeAt(
        audit,
        image.label,
        'Vulnerabilities',
        `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`,
      );
      for (const node of [group, await nodeAt(audit, image.label, 'Findings')])
        await audit.view.reveal(node, { expand: true, select: false, focus: false });
      await ask({ action: 'click', on: '[role="gridcell"]:has-text("payments team")', panel: true });
      await readUntil('.detail section', /Excepted[\s\S]*payments team[\s\S]*2099-12-31/, true);
      await pause(500);
      await everyTheme('excepted');
      await run(COMMANDS.openReport.id, image);
      await readUntil('body', /Waiver for \S+ ended on 2026-01-31/, true);
      await pause(500);
      await everyTheme('excepted-overview');
      await run(COMMANDS.openReport.id, vulnerabilities);
      await vscode.workspace.fs.delete(workspaceFile(POLICY));
      await until('the exception to go', async () =>
        (await read('[role="columnheader"]', true)).every((title) => !title.includes('Status')),
      );
      assert.doesNotMatch((await nodeAt(audit, image.label, 'Vulnerabilities')).description, /excepted/);
    });
  });
}
