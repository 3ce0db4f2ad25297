// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { PolicyFinding } from '../../core/lint/policy-findings.ts';
import { plainDiagnostic, SOURCE, spanRange, toRange } from '../lint/convert.ts';
import { later } from '../runtime.ts';
import { POLICY_PATTERN, type EditorPolicies, type PolicyFile } from './policies.ts';

const DELAY_MS = 150;
const NAME = /\/\.waybill\.ya?ml$/;

/**
 * What is wrong in policy files, and waivers that have ended: of an open file by the text that stands there, of others
 * that judge an open document by what is saved.
 */
export function registerPolicyFiles(policies: EditorPolicies): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('waybill policy');
  const findings = new Map<string, readonly PolicyFinding[]>();
  const pending = new Map<string, () => void>();
  /** Files that judge an open document. */
  const used = new Map<string, PolicyFile>();

  const openDocument = (key: string): vscode.TextDocument | undefined =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);

  const show = (uri: vscode.Uri, found: readonly PolicyFinding[]): void => {
    findings.set(uri.toString(), found);
    collection.set(
      uri,
      found.map((finding) => plainDiagnostic(finding)),
    );
  };

  const judge = async (document: vscode.TextDocument): Promise<void> => {
    const { version } = document;
    const { findings: found } = await policies.judge(document.uri, document.getText());
    if (!document.isClosed && document.version === version) show(document.uri, found);
  };

  const plan = (document: vscode.TextDocument, delay: number): void => {
    const key = document.uri.toString();
    if (!NAME.test(document.uri.path) && !used.has(key)) return;
    pending.get(key)?.();
    pending.set(
      key,
      later(delay, () => void judge(document)),
    );
  };

  const close = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    pending.get(key)?.();
    pending.delete(key);
    const saved = used.get(key);
    if (saved !== undefined) return show(saved.uri, saved.findings);
    findings.delete(key);
    collection.delete(document.uri);
  };

  const everything = (): void => {
    for (const document of vscode.workspace.textDocuments) plan(document, 0);
  };
  everything();
  return vscode.Disposable.from(
    collection,
    new vscode.Disposable(() => {
      for (const cancel of pending.values()) cancel();
    }),
    policies.onDidLoad((files) => {
      for (const file of files) {
        const key = file.uri.toString();
        used.set(key, file);
        const document = openDocument(key);
        if (document === undefined) show(file.uri, file.findings);
        else plan(document, 0);
      }
    }),
    policies.onDidChange(() => {
      // Read again by the documents that they judge; a file that is gone has nothing to say.
      used.clear();
      for (const key of findings.keys())
        if (openDocument(key) === undefined) collection.delete(vscode.Uri.parse(key, true));
      everything();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => plan(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => plan(document, DELAY_MS)),
    vscode.workspace.onDidCloseTextDocument(close),
    vscode.languages.registerCodeActionsProvider(
      [{ pattern: POLICY_PATTERN }, { language: 'yaml' }],
      new PolicyFixes(findings),
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

/** Puts the word in place that was likely meant. */
class PolicyFixes implements vscode.CodeActionProvider {
  readonly #findings: ReadonlyMap<string, readonly PolicyFinding[]>;

  constructor(findings: ReadonlyMap<string, readonly PolicyFinding[]>) {
    this.#findings = findings;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const here = (this.#findings.get(document.uri.toString()) ?? []).filter(
      (finding) => toRange(finding.range).intersection(range) !== undefined,
    );
    return here.flatMap((finding) =>
      (finding.fixes ?? []).map(({ title, edits }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        action.edit.set(
          document.uri,
          edits.map(({ span, newText }) => vscode.TextEdit.replace(spanRange(document, span), newText)),
        );
        action.isPreferred = true;
        action.diagnostics = diagnostics.filter(
          ({ source, range: place }) => source === SOURCE && place.isEqual(toRange(finding.range)),
        );
        return action;
      }),
    );
  }
}
