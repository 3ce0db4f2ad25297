// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { CONTEXT } from '../../core/contributions/commands.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import type { ExplorerNode } from '../../core/explorer/node.ts';
import { registerTree, type ImagesTree } from '../explorer/tree.ts';
import type { AuditHost } from '../host.ts';
import type { Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import { Panels } from '../panel/panels.ts';
import { Waivers } from '../policy/waivers.ts';
import { DOCKERFILES } from '../selector.ts';
import { AuditCommands } from './commands.ts';
import { AuditLensProvider } from './lens.ts';
import { registerPins } from './pin.ts';
import { EvidenceDocuments } from './evidence-documents.ts';
import { registerReportDocuments } from './report-documents.ts';
import { AuditService } from './service.ts';

export interface AuditFeature {
  readonly service: AuditService;
  readonly tree: ImagesTree;
  readonly view: vscode.TreeView<ExplorerNode>;
  readonly panels: Panels;
  readonly commands: AuditCommands;
}

const setContext = (key: string, value: unknown): void => {
  void vscode.commands.executeCommand('setContext', key, value);
};

/** Everything that audits or shows audits. Nothing is loaded, listed or started by this. */
export function registerAudit(
  context: vscode.ExtensionContext,
  host: AuditHost,
  linter: Linter,
  log: EditorLog,
): AuditFeature {
  const waivers = new Waivers(linter.policies);
  const service = new AuditService(host, log, waivers);
  const panels = new Panels(host, service, context.extensionUri, log);
  const evidence = new EvidenceDocuments(service);
  const commands = new AuditCommands({ host, service, panels, evidence, linter, log });
  const { tree, view, disposable } = registerTree(service);
  const lookForTools = (): void => {
    const missing = host.missingTools();
    setContext(CONTEXT.missingTools, missing.length === 2 ? 'both' : (missing[0] ?? 'none'));
  };
  // The others are read at each audit.
  const settings = [SETTINGS.syftPath, SETTINGS.grypePath, SETTINGS.dataFolder, SETTINGS.insecureRegistries];
  lookForTools();
  context.subscriptions.push(
    service,
    waivers,
    panels,
    disposable,
    commands.register(),
    evidence,
    registerReportDocuments(service),
    registerPins(linter, service, log),
    vscode.languages.registerCodeLensProvider(DOCKERFILES, new AuditLensProvider(linter, service)),
    service.onDidChange(() => setContext(CONTEXT.running, service.running > 0)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!settings.some((setting) => event.affectsConfiguration(setting))) return;
      lookForTools();
      void service.reset();
    }),
  );
  return { service, tree, view, panels, commands };
}
