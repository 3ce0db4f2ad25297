// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { lintStatus } from '../../core/hover/status.ts';
import type { Linter } from '../lint/linter.ts';
import { today } from '../policy/policies.ts';
import { JUDGED } from '../selector.ts';

/** How the open document stands, by which policy and by a catalogue of which day: beside the language's name. */
export function registerStatus(linter: Linter): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('waybill.lint', JUDGED);
  item.name = 'Waybill';
  item.command = { command: COMMANDS.showLog.id, title: 'Show log' };
  const show = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) return;
    if (linter.languageOf(document) === null) {
      // A name that only looks like one of ours: what stands here is about this document too.
      Object.assign(item, { text: 'Not judged', detail: undefined, busy: false });
      return;
    }
    const basis = linter.policies.basisOf(document);
    item.busy = basis === null;
    // The first findings wait for the policy, and so does what counts them.
    if (basis === null) return;
    // Judged once for each version: this is the answer that the findings were made of.
    const { text, detail } = lintStatus(linter.judge(document), basis.policy.files, basis.catalogue.data, today());
    item.text = text;
    item.detail = detail;
  };
  show();
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const open = vscode.window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === open)) show();
    }),
    linter.policies.onDidLoad(show),
  );
}
