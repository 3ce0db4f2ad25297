// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { LintResult } from '../../core/lint/engine.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { FindingSeverity } from '../../core/model/severity.ts';
import { ruleDocs } from '../../core/output/rule-docs.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { Range, Span } from '../../core/text/source-text.ts';

export const SOURCE = 'waybill';

const SEVERITY: Readonly<Record<FindingSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Rules that find what apko and melange refuse. */
const REFUSALS: ReadonlySet<string> = new Set(['WB2000', 'WB3000']);
/** How an answer begins that is no refusal: something could not be looked at. */
const NOT_JUDGED = /^It was not judged: /;

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** What turns offsets of a text into places, a document or the text of a file that is not open. */
export type Placed = Pick<vscode.TextDocument, 'uri' | 'positionAt'>;

export function spanRange(document: Pick<Placed, 'positionAt'>, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function docsUri(finding: Pick<Finding, 'ruleId'>): vscode.Uri {
  return vscode.Uri.parse(ruleDocs(finding.ruleId));
}

/** Findings that count, and the builder's own refusal, as VS Code shows them. */
export function toDiagnostics(document: Placed, result: LintResult): vscode.Diagnostic[] {
  const diagnostics = result.findings
    .filter(({ suppressed }) => suppressed === null)
    .map((finding) => findingDiagnostic(document, finding));
  // Of apko and melange files a rule says it, with place and way out; it can be ignored, and then nothing is said.
  if (result.error !== null && !result.findings.some(({ ruleId }) => REFUSALS.has(ruleId))) {
    const notJudged = NOT_JUDGED.test(result.error.message);
    const refused = new vscode.Diagnostic(
      toRange(result.error.range),
      `${notJudged ? '' : 'The builder refuses this file: '}${visibleText(result.error.message)}`,
      notJudged ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Error,
    );
    refused.source = SOURCE;
    refused.code = 'refused';
    diagnostics.push(refused);
  }
  return diagnostics;
}

/** A finding by itself: place, words, and the page of its rule. */
export function plainDiagnostic(finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(finding.range),
    visibleText(finding.message),
    SEVERITY[finding.severity],
  );
  diagnostic.source = SOURCE;
  diagnostic.code = { value: finding.slug, target: docsUri(finding) };
  return diagnostic;
}

function findingDiagnostic(document: Placed, finding: Finding): vscode.Diagnostic {
  const diagnostic = plainDiagnostic(finding);
  if (isPast(finding)) diagnostic.tags = [vscode.DiagnosticTag.Deprecated];
  if (finding.related !== undefined) {
    diagnostic.relatedInformation = finding.related.map(
      ({ span, message }) =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(document.uri, spanRange(document, span)),
          visibleText(message),
        ),
    );
  }
  return diagnostic;
}

/** A base whose support has ended: VS Code strikes it through, as it does any deprecated name. */
function isPast({ slug, severity }: Finding): boolean {
  return slug === 'base-end-of-life' && (severity === 'warning' || severity === 'error');
}
