// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS, CONTEXT, IMAGES_VIEW } from '../core/contributions/commands.ts';
import type { StoredReport } from '../core/ports.ts';
import type { AuditFeature } from './audit/register.ts';
import { ImageCompletionProvider } from './dockerfile/completion.ts';
import { BaseHoverProvider } from './dockerfile/hover.ts';
import { registerStatus } from './dockerfile/status.ts';
import { registerTasks } from './dockerfile/tasks.ts';
import { WorkspaceLint } from './dockerfile/workspace.ts';
import type { Host } from './host.ts';
import { registerDiagnostics } from './lint/diagnostics.ts';
import { FixProvider } from './lint/fixes.ts';
import { Linter } from './lint/linter.ts';
import { createLog } from './log.ts';
import { registerExceptions } from './policy/exceptions.ts';
import { registerPolicyFiles } from './policy/files.ts';
import { DOCKERFILES, JUDGED } from './selector.ts';

/** What the tests of this extension see of it; nothing is handed out otherwise. */
export interface TestAccess {
  readonly linter: Linter;
  readonly audit: AuditFeature | null;
}

/** The same on a desktop and in a browser: registers, and does nothing else. */
export function activateWaybill(context: vscode.ExtensionContext, host: Host): TestAccess | undefined {
  const log = createLog();
  const linter = new Linter(host.catalogueData, host.configs, log);
  void vscode.commands.executeCommand('setContext', CONTEXT.host, host.kind);
  const noteEditor = (editor: vscode.TextEditor | undefined): void => {
    const open = editor !== undefined && linter.languageOf(editor.document) === 'dockerfile';
    void vscode.commands.executeCommand('setContext', CONTEXT.dockerfileOpen, open);
  };
  noteEditor(vscode.window.activeTextEditor);
  const workspaceLint = new WorkspaceLint(linter, log);
  context.subscriptions.push(
    log,
    linter,
    registerDiagnostics(linter),
    registerPolicyFiles(linter.policies),
    registerExceptions(linter),
    registerStatus(linter),
    workspaceLint,
    // Where no program can be started there is no task either.
    ...(host.kind === 'desktop' ? [registerTasks()] : []),
    ...(host.registerConfigs === null ? [] : [host.registerConfigs(linter)]),
    vscode.languages.registerCodeActionsProvider(JUDGED, new FixProvider(linter), FixProvider.metadata),
    vscode.languages.registerCompletionItemProvider(
      DOCKERFILES,
      new ImageCompletionProvider(linter),
      ...ImageCompletionProvider.triggers,
    ),
    vscode.window.onDidChangeActiveTextEditor(noteEditor),
    vscode.commands.registerCommand(COMMANDS.showLog.id, () => log.show()),
  );
  const audit = host.registerAudit?.(context, linter, log) ?? null;
  if (audit !== null && host.registerApko !== null) context.subscriptions.push(host.registerApko(linter, audit, log));
  const stored = async (): Promise<readonly StoredReport[]> => (await audit?.service.load()) ?? [];
  context.subscriptions.push(
    vscode.languages.registerHoverProvider(DOCKERFILES, new BaseHoverProvider(linter, stored)),
  );
  // The view is there in a browser too, and its welcome text says what works.
  if (audit === null) {
    const empty = { getChildren: (): never[] => [], getTreeItem: (): vscode.TreeItem => new vscode.TreeItem('') };
    context.subscriptions.push(vscode.window.createTreeView(IMAGES_VIEW, { treeDataProvider: empty }));
  }
  return context.extensionMode === vscode.ExtensionMode.Test ? { linter, audit } : undefined;
}
