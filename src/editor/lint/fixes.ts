// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { applyPreferredFixes } from '../../core/lint/fix.ts';
import type { Finding, Fix } from '../../core/model/finding.ts';
import { FINDING_SEVERITIES } from '../../core/model/severity.ts';
import type { TextEdit } from '../../core/text/edit.ts';
import { docsUri, SOURCE, spanRange, toRange } from './convert.ts';
import type { Linter } from './linter.ts';

export const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('waybill');

const title = ({ title: text, caveat }: Fix): string => (caveat === undefined ? text : `${text} (${caveat})`);

/** True for the comment that ignores a finding. */
const hides = (fix: Fix, { slug }: Finding): boolean => fix.title.startsWith(`Ignore ${slug} `);

const counts = ({ suppressed }: Finding): boolean => suppressed === null;
const hasPreferred = ({ fixes = [] }: Finding): boolean => fixes.some(({ preferred }) => preferred === true);

/** The edits that the CLI's --fix would make for these findings. */
function preferredEdits(document: vscode.TextDocument, findings: readonly Finding[]): readonly TextEdit[] {
  return applyPreferredFixes(document.getText(), findings).applied.flatMap(({ edits }) => edits);
}

function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    document.uri,
    edits.map(({ span, newText }) => vscode.TextEdit.replace(spanRange(document, span), newText)),
  );
  return edit;
}

/** Quick fixes for the findings under the cursor, and `source.fixAll.waybill` for the preferred ones of the file. */
export class FixProvider implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
  };

  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const findings = this.#linter.judge(document)?.findings.filter(counts) ?? [];
    if (context.only !== undefined && FIX_ALL.contains(context.only)) return fixAll(document, findings);
    if (context.only !== undefined && context.only.contains(FIX_ALL)) return fixAll(document, findings);
    if (context.only !== undefined && !context.only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const here = findings
      .filter((finding) => toRange(finding.range).intersection(range) !== undefined)
      .toSorted((a, b) => FINDING_SEVERITIES.indexOf(a.severity) - FINDING_SEVERITIES.indexOf(b.severity));
    return [
      // What removes a cause comes before what only hides it.
      ...here.flatMap((finding) => fixesOf(document, finding, context, (fix) => !hides(fix, finding))),
      ...here.flatMap((finding) => fixesOf(document, finding, context, (fix) => hides(fix, finding))),
      ...[...new Set(here.map(({ slug }) => slug))].flatMap((slug) => fixAllOf(document, findings, slug)),
      ...here.map(explain),
    ];
  }
}

function fixesOf(
  document: vscode.TextDocument,
  finding: Finding,
  context: vscode.CodeActionContext,
  wanted: (fix: Fix) => boolean,
): vscode.CodeAction[] {
  const range = toRange(finding.range);
  const diagnostics = context.diagnostics.filter(
    ({ source, code, range: place }) =>
      source === SOURCE && typeof code === 'object' && code.value === finding.slug && place.isEqual(range),
  );
  return (finding.fixes ?? []).filter(wanted).map((fix) => {
    const action = new vscode.CodeAction(title(fix), vscode.CodeActionKind.QuickFix);
    action.edit = workspaceEdit(document, fix.edits);
    action.diagnostics = diagnostics;
    if (fix.preferred === true) action.isPreferred = true;
    return action;
  });
}

function fixAllOf(document: vscode.TextDocument, findings: readonly Finding[], slug: string): vscode.CodeAction[] {
  const same = findings.filter((finding) => finding.slug === slug && hasPreferred(finding));
  if (same.length < 2) return [];
  const action = new vscode.CodeAction(`Fix all in file: ${slug}`, vscode.CodeActionKind.QuickFix);
  action.edit = workspaceEdit(document, preferredEdits(document, same));
  return [action];
}

function fixAll(document: vscode.TextDocument, findings: readonly Finding[]): vscode.CodeAction[] {
  const edits = preferredEdits(document, findings);
  if (edits.length === 0) return [];
  const action = new vscode.CodeAction('Fix all that Waybill can fix', FIX_ALL);
  action.edit = workspaceEdit(document, edits);
  return [action];
}

function explain(finding: Finding): vscode.CodeAction {
  const action = new vscode.CodeAction(`Explain ${finding.slug}`, vscode.CodeActionKind.Empty);
  action.command = { command: 'vscode.open', title: 'Explain', arguments: [docsUri(finding)] };
  return action;
}
