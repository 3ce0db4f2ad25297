// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { imageUses, pinEdit, pinOf } from '../../core/dockerfile-services.ts';
import { problemText, type Problem } from '../../core/model/problem.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { Pin } from '../../core/rules/pin.ts';
import { spanRange, toRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import { canceller } from '../runtime.ts';
import { DOCKERFILES } from '../selector.ts';
import type { AuditService } from './service.ts';

const RULE = 'digest-missing';

/** "Pin the digest of IMAGE": the registry is asked when a person takes it, and never to offer it. */
export function registerPins(linter: Linter, service: AuditService, log: EditorLog): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(DOCKERFILES, new PinProvider(linter), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.commands.registerCommand(COMMANDS.pinDigest.id, async (uri: unknown, reference: unknown, at: unknown) => {
      if (!vscode.workspace.isTrusted || !(uri instanceof vscode.Uri)) return;
      if (typeof reference !== 'string' || typeof at !== 'number') return;
      await pin(linter, service, log, uri, (each) => each.reference === reference && each.at === at);
    }),
  );
}

class PinProvider implements vscode.CodeActionProvider {
  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const facts = this.#linter.facts(document);
    if (!vscode.workspace.isTrusted || facts === null) return [];
    const here = (this.#linter.judge(document)?.findings ?? [])
      .filter(({ slug, suppressed }) => slug === RULE && suppressed === null)
      .map((finding) => toRange(finding.range))
      .filter((place) => place.intersection(range) !== undefined);
    if (here.length === 0) return [];
    return imageUses(facts).flatMap((use) => {
      const place = spanRange(document, use.span);
      const found = here.some((each) => each.isEqual(place)) ? pinOf(facts, use) : null;
      if (found === null) return [];
      const title = `Pin the digest of ${found.shown} (asks ${found.registry})`;
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.command = {
        command: COMMANDS.pinDigest.id,
        title,
        arguments: [document.uri, found.reference, found.at],
      };
      return [action];
    });
  }
}

async function pin(
  linter: Linter,
  service: AuditService,
  log: EditorLog,
  uri: vscode.Uri,
  wanted: (pin: Pin) => boolean,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const facts = linter.facts(document);
  const found = facts === null ? [] : imageUses(facts).flatMap((use) => pinOf(facts, use) ?? []);
  const target = found.find(wanted);
  if (target === undefined) return;
  const { version } = document;
  const controller = canceller();
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Asking ${target.registry} for the digest of ${target.shown}`,
      cancellable: true,
    },
    (_progress, token) => {
      token.onCancellationRequested(() => controller.abort());
      return service.auditor.digest(target.reference, controller.signal);
    },
  );
  if (controller.signal.aborted) return;
  const problem = answer.ok ? await write(document, version, target, answer.value) : answer.error;
  if (problem === null) return;
  const text = problemText(problem);
  log.error(text);
  const [again, show] = ['Try Again', 'Show Log'];
  const chosen = await vscode.window.showErrorMessage(visibleText(text), again, show);
  if (chosen === show) log.show();
  // Wherever the image stands by then.
  if (chosen === again) await pin(linter, service, log, uri, ({ reference }) => reference === target.reference);
}

async function write(
  document: vscode.TextDocument,
  version: number,
  target: Pin,
  digest: string,
): Promise<Problem | null> {
  const what = `The digest of ${target.shown} was not written`;
  const changed = { code: 'cancelled', what, why: 'the file changed meanwhile', todo: 'Try again.' } as const;
  if (document.isClosed || document.version !== version) return changed;
  const made = pinEdit(target, digest);
  if (made === null) {
    const why = `${target.registry} answered with what is no digest`;
    return { code: 'bad-input', what, why, todo: 'Tell the owner of the registry.' };
  }
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(made.span.start), made.newText);
  return (await vscode.workspace.applyEdit(edit)) ? null : changed;
}
