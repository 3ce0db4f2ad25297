// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { firstFailure, type AuditSession } from '../../core/explorer/session.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';

/** What can be done next about a failure, by its code. */
interface NextStep {
  readonly label: string;
  run(): Thenable<unknown>;
}

const openSetting = (label: string, query: string): NextStep => ({
  label,
  run: () => vscode.commands.executeCommand('workbench.action.openSettings', query),
});

const showLog: NextStep = {
  label: 'Show Log',
  run: () => vscode.commands.executeCommand(COMMANDS.showLog.id),
};

export interface Retry {
  again(allowStaleDatabase: boolean): void;
}

function stepsFor(code: string | null, reason: string, retry: Retry): readonly NextStep[] {
  const again: NextStep = { label: 'Try Again', run: async () => retry.again(false) };
  switch (code) {
    case 'tool-missing':
    case 'tool-untested':
      return [openSetting('Choose Path…', /syft/i.test(reason) ? SETTINGS.syftPath : SETTINGS.grypePath), again];
    case 'database-stale':
      return [{ label: 'Use It Once Anyway', run: async () => retry.again(true) }, again];
    case 'image-missing':
    case 'bad-input':
      return [{ label: 'Choose Another Image…', run: () => vscode.commands.executeCommand(COMMANDS.auditImage.id) }];
    case 'engine-unreachable':
    case 'registry-unreachable':
    case 'access-denied':
    case 'timeout':
    case 'database-missing':
    case 'database-broken':
      return [again, showLog];
    default:
      return [showLog, again];
  }
}

/** Tell of an audit that failed while nobody could see it; what was cancelled is no failure. */
export async function tellFailure(session: AuditSession, name: string, retry: Retry): Promise<void> {
  if (session.report === null) return;
  const failure = firstFailure(session.report);
  if (failure === null || failure.code === 'cancelled') return;
  const steps = stepsFor(failure.code, failure.reason, retry);
  const chosen = await vscode.window.showErrorMessage(
    `${name}: ${visibleText(failure.reason)}`,
    ...steps.map(({ label }) => label),
  );
  await steps.find(({ label }) => label === chosen)?.run();
}
