// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { withoutScheme } from '../../core/explorer/labels.ts';
import { parseImageReference, resolvedReference } from '../../core/model/image-reference.ts';
import { severityCounts } from '../../core/panel/words.ts';
import type { StoredReport } from '../../core/ports.ts';
import { ago } from '../../core/protocol/relative-time.ts';
import { spanRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import type { AuditArgument } from './commands.ts';
import type { AuditService } from './service.ts';

/** Above each FROM that names an image: what its last audit found, from the store only. At most four parts. */
export class AuditLensProvider implements vscode.CodeLensProvider {
  readonly #linter: Linter;
  readonly #service: AuditService;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(linter: Linter, service: AuditService) {
    this.#linter = linter;
    this.#service = service;
    this.onDidChangeCodeLenses = service.onDidChange;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted) return [];
    if (!vscode.workspace.getConfiguration(undefined, document).get(SETTINGS.codeLensEnabled, true)) return [];
    const stages = this.#linter.facts(document)?.stages.filter(({ base }) => base.kind === 'image') ?? [];
    // Told by onDidChange when the list is there: a keystroke waits for no file.
    if (stages.length > 0) void this.#service.load();
    return stages.flatMap(({ base, from }) => {
      if (base.kind !== 'image') return [];
      const range = spanRange(document, from.keywordSpan);
      const last = this.#service.stored.find((report) => isOf(report, base.resolved));
      return (last === undefined ? [auditLens(base.resolved)] : lastAudit(last)).map(
        (command) => new vscode.CodeLens(range, command),
      );
    });
  }
}

function isOf(report: StoredReport, resolved: string): boolean {
  const reference = parseImageReference(withoutScheme(report.reference));
  return reference.ok && resolvedReference(reference.value) === resolved;
}

function auditLens(reference: string): vscode.Command {
  const argument: AuditArgument = { reference };
  return {
    title: 'Audit image',
    tooltip: `Audit ${reference}: from a local engine that has it, else downloaded from its registry`,
    command: COMMANDS.auditImage.id,
    arguments: [argument],
  };
}

function lastAudit(report: StoredReport): readonly vscode.Command[] {
  const { bySeverity, key } = report;
  const found = severityCounts([
    { severity: 'critical', count: bySeverity.critical },
    { severity: 'high', count: bySeverity.high },
  ]);
  const subject = { key };
  return [
    {
      title: found === '' ? 'No critical or high vulnerabilities' : found,
      tooltip: 'Open the report',
      command: COMMANDS.openReport.id,
      arguments: [subject],
    },
    {
      title: `Audited ${ago(report.generated, Date.now())}`,
      tooltip: report.generated,
      command: COMMANDS.openReport.id,
      arguments: [subject],
    },
    { title: 'Re-audit', command: COMMANDS.reaudit.id, arguments: [subject] },
  ];
}
