// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { later, ticks } from '../runtime.ts';
import { toDiagnostics } from './convert.ts';
import { AdaptiveDelay } from './delay.ts';
import type { Linter } from './linter.ts';

interface Pending {
  readonly delay: AdaptiveDelay;
  /** Calls the planned run off. */
  cancel: () => void;
}

/** Settings that change what is found. */
export const JUDGING = [SETTINGS.lintEnabled, SETTINGS.lintRules, SETTINGS.languages];

/** Keeps the diagnostics of open documents up to date; a document that is closed has none. */
export function registerDiagnostics(linter: Linter): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('waybill');
  const pending = new Map<string, Pending>();

  const judge = (document: vscode.TextDocument, state: Pending): void => {
    if (document.isClosed) return;
    if (linter.policies.basisOf(document) === null) {
      // Read once for a document, before its first findings; no keystroke waits for a file after that.
      void judgeUnderPolicy(document, state);
      return;
    }
    const { version } = document;
    const started = ticks();
    const result = linter.judgeOrWait(document);
    state.delay.record(ticks() - started);
    if (result === 'waits') {
      void judgeAfterReading(document, state);
      return;
    }
    // An answer about an older text would mark the wrong places.
    if (document.version !== version) return;
    collection.set(document.uri, result === null ? [] : toDiagnostics(document, result));
  };

  const judgeUnderPolicy = async (document: vscode.TextDocument, state: Pending): Promise<void> => {
    await linter.policies.lookUp(document);
    if (pending.get(document.uri.toString()) !== state) return;
    // Answers that were given before the policy was known.
    linter.forget(document);
    plan(document, true);
  };

  const judgeAfterReading = async (document: vscode.TextDocument, state: Pending): Promise<void> => {
    await linter.beside.load();
    if (pending.get(document.uri.toString()) === state) plan(document, true);
  };

  const plan = (document: vscode.TextDocument, soon: boolean): void => {
    if (linter.languageOf(document) === null) {
      collection.delete(document.uri);
      return;
    }
    const key = document.uri.toString();
    const state = pending.get(key) ?? { delay: new AdaptiveDelay(), cancel: () => undefined };
    pending.set(key, state);
    state.cancel();
    state.cancel = later(soon ? 0 : state.delay.next(), () => judge(document, state));
  };

  const everything = (): void => {
    for (const document of vscode.workspace.textDocuments) plan(document, true);
  };

  const close = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    pending.get(key)?.cancel();
    pending.delete(key);
    linter.forget(document);
    linter.policies.forget(document);
    collection.delete(document.uri);
  };

  const judgeAnew = (): void => {
    linter.forgetAll();
    everything();
  };
  const subscriptions = vscode.Disposable.from(
    collection,
    linter.policies.onDidChange(judgeAnew),
    linter.beside.onDidChange(judgeAnew),
    vscode.workspace.onDidOpenTextDocument((document) => plan(document, true)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) plan(document, false);
    }),
    vscode.workspace.onDidCloseTextDocument(close),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (JUDGING.some((setting) => event.affectsConfiguration(setting))) judgeAnew();
    }),
  );
  everything();
  return new vscode.Disposable(() => {
    for (const { cancel } of pending.values()) cancel();
    subscriptions.dispose();
  });
}
