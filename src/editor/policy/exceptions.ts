// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { addWaiver, openOwner } from '../../core/policy/add-waiver.ts';
import { spanRange, toRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import { JUDGED } from '../selector.ts';
import { today } from './policies.ts';

/** How long a new waiver is to hold, unless a person decides otherwise. */
const DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * `Add exception…` on a finding: a waiver to fill in, in the nearest policy file or in a new one at the root. It is left
 * unsaved, and waives nothing before a person has said who answers for it and why.
 */
export function registerExceptions(linter: Linter): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(JUDGED, new ExceptionProvider(linter), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.commands.registerCommand(COMMANDS.addException.id, (uri: unknown, rule: unknown) => {
      if (uri instanceof vscode.Uri && typeof rule === 'string') return addException(linter, uri, rule);
      return undefined;
    }),
  );
}

class ExceptionProvider implements vscode.CodeActionProvider {
  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const here = (this.#linter.judge(document)?.findings ?? []).filter(
      (finding) => finding.suppressed === null && toRange(finding.range).intersection(range) !== undefined,
    );
    return [...new Set(here.map(({ slug }) => slug))].map((slug) => {
      const action = new vscode.CodeAction(`Add exception for ${slug}…`, vscode.CodeActionKind.QuickFix);
      action.command = { command: COMMANDS.addException.id, title: action.title, arguments: [document.uri, slug] };
      return action;
    });
  }
}

async function addException(linter: Linter, uri: vscode.Uri, rule: string): Promise<void> {
  const judged = await vscode.workspace.openTextDocument(uri);
  const place = await linter.policies.placeFor(judged);
  const document = await openOrCreate(place.uri);
  const { policy } = await linter.policies.judge(place.uri, document.getText());
  const own = policy.waivers.filter(({ path }) => path === policy.files[0]);
  const expires = new Date(Date.parse(today()) + DAYS * DAY_MS).toISOString().slice(0, 10);
  const edit = addWaiver(document.getText(), own, { rule, file: place.path, expires });
  const editor = await vscode.window.showTextDocument(document);
  if (edit === null) {
    const name = vscode.workspace.asRelativePath(place.uri);
    void vscode.window.showInformationMessage(
      `The waivers of ${name} stand in one line. Give each a line of its own, then add one for ${rule} again.`,
    );
    return;
  }
  await editor.edit((builder) => builder.replace(spanRange(document, edit.span), edit.newText));
  const owner = openOwner(document.getText());
  if (owner === null) return;
  const at = document.positionAt(owner);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The policy file; a new one is only a document of that name until it is saved, where files can wait for that. */
async function openOrCreate(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    if (uri.scheme === 'file') return vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(uri, { ignoreIfExists: true });
    await vscode.workspace.applyEdit(edit);
    return vscode.workspace.openTextDocument(uri);
  }
}
