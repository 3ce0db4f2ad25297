// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { lintStatus } from '../../core/hover/status.ts';
import type { Linter } from '../lint/linter.ts';
import { today } from '../policy/policies.ts';
import { WITH_STATUS } from '../selector.ts';

/** How the open document stands, by which policy and by a catalogue of which day: beside the language's name. */
export function registerStatus(linter: Linter): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('waybill.lint', WITH_STATUS);
  item.name = 'Waybill';
  item.command = { command: COMMANDS.showLog.id, title: 'Show log' };
  const show = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) return;
    const language = linter.languageOf(document);
    const config = language === 'apko' || language === 'melange';
    // Of YAML only what is ours has a status: all other YAML is none of our business.
    item.selector = config ? [...WITH_STATUS, { language: document.languageId }] : WITH_STATUS;
    if (language === null) {
      // A name that only looks like one of ours: what stands here is about this document too.
      Object.assign(item, { text: 'Not judged', detail: undefined, busy: false });
      return;
    }
    const basis = linter.policies.basisOf(document);
    item.busy = basis === null;
    // The first findings wait for the policy, and so does what counts them.
    if (basis === null) return;
    // Judged once for each version: this is the answer that the findings were made of.
    const result = linter.judge(document);
    const { text, detail } = lintStatus(result, basis.policy.files, basis.catalogue.data, today());
    const refused = config && result !== null && result.error !== null;
    item.text = refused ? `${language} refuses this file` : config ? `${language}: ${text}` : text;
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
