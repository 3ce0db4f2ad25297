// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { ApkoConfig, ApkoOutcome, ApkoRun, ApkoTool } from '../../core/apko-tool/port.ts';
import type { ApkoProblem } from '../../core/apko-tool/problems.ts';
import { resolvedText } from '../../core/apko-tool/resolved.ts';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { problemText, type Problem } from '../../core/model/problem.ts';
import type { Log } from '../../core/ports.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import { utc } from '../../core/protocol/relative-time.ts';
import type { AuditFeature } from '../audit/register.ts';
import { SOURCE, spanRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import { canceller } from '../runtime.ts';

/** Scheme of the read-only documents that list resolved packages. */
const SCHEME = 'waybill-apko';
/** Files that are offered where no apko file is open. */
const MAX_OFFERED = 500;

export interface ApkoParts {
  readonly tool: (log: Log) => ApkoTool;
  readonly linter: Linter;
  readonly audit: AuditFeature;
  readonly log: EditorLog;
}

/** The commands that run a local apko. What it says of a place stands there until the file is changed or it runs again. */
export function registerApko(parts: ApkoParts): vscode.Disposable {
  const places = vscode.languages.createDiagnosticCollection('waybill-apko');
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const on = (id: string, work: (config: OpenConfig) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      // A key or a link reaches a command that menus do not offer in Restricted Mode.
      if (!vscode.workspace.isTrusted) return;
      const config = await chosen(parts.linter, argument);
      if (config !== undefined) await work(config);
    });
  const run = <T>(title: string, config: OpenConfig, work: Work<T>): Promise<T | undefined> =>
    withProgress(parts, places, title, config, work);
  return vscode.Disposable.from(
    places,
    changed,
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) places.delete(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      places.delete(uri);
      texts.delete(uri.toString());
    }),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    }),
    on(COMMANDS.resolveApko.id, async (config) => {
      const packages = await run('Resolving packages', config, (tool, file, how) => tool.resolve(file, how));
      if (packages === undefined) return;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${config.name} packages`, query: config.uri.toString() });
      texts.set(uri.toString(), resolvedText(config.name, packages, utc(new Date().toISOString())));
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }),
    on(COMMANDS.lockApko.id, async (config) => {
      const path = await run('Locking', config, (tool, file, how) => tool.lock(file, how));
      if (path !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
    }),
    on(COMMANDS.buildApko.id, async (config) => {
      await run('Building the image', config, (tool, file, how) => built(tool, file, how, parts.audit));
    }),
  );
}

/** Answers as soon as the image is there: the audit has a progress and a way to stop of its own. */
function built(tool: ApkoTool, file: ApkoConfig, how: ApkoRun, { commands }: AuditFeature): Promise<ApkoOutcome<null>> {
  return new Promise((resolve) => {
    const audit = (layout: string): Promise<void> => {
      resolve({ ok: true, value: { value: null, places: [] } });
      return commands.auditLayout(layout);
    };
    void (async () => resolve(await tool.build(file, how, audit)))();
  });
}

interface OpenConfig {
  readonly uri: vscode.Uri;
  /** Without its folder. */
  readonly name: string;
  readonly document: vscode.TextDocument;
}

type Work<T> = (tool: ApkoTool, file: ApkoConfig, how: ApkoRun) => Promise<ApkoOutcome<T>>;

/** Runs apko with progress and a way to stop it; undefined where it came to nothing, which has then been said. */
async function withProgress<T>(
  { tool, log }: ApkoParts,
  places: vscode.DiagnosticCollection,
  title: string,
  { uri, name, document }: OpenConfig,
  work: Work<T>,
): Promise<T | undefined> {
  // apko reads the file, not the editor.
  if (document.isDirty && !(await document.save())) return undefined;
  places.delete(uri);
  const text = document.getText();
  const { version } = document;
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `${title}: ${name}`, cancellable: true },
    (progress, token) => {
      const controller = canceller();
      token.onCancellationRequested(() => controller.abort());
      const onProgress = (message: string): void => progress.report({ message: visibleText(message) });
      return work(tool(log), { path: uri.fsPath, root: root.fsPath, text }, { cancel: controller.signal, onProgress });
    },
  );
  const found = outcome.ok ? outcome.value.places : outcome.error.places;
  if (document.version === version) {
    places.set(
      uri,
      found.map((each) => placeDiagnostic(document, each)),
    );
  }
  if (outcome.ok) return outcome.value.value;
  const { problem } = outcome.error;
  log.error(`${problemText(problem)}${problem.detail === undefined ? '' : `\n${problem.detail}`}`);
  if (problem.code !== 'cancelled') void tell(problem, found, log);
  return undefined;
}

function placeDiagnostic(document: vscode.TextDocument, { span, message, severity }: ApkoProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    spanRange(document, span),
    visibleText(message),
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = SOURCE;
  diagnostic.code = 'apko';
  return diagnostic;
}

/** The command was asked for, so its failure is said; in the words for its place where there are some. */
async function tell(problem: Problem, places: readonly ApkoProblem[], log: EditorLog): Promise<void> {
  const [show, choose] = ['Show Log', 'Choose Path…'];
  const words = places.find(({ severity }) => severity === 'error')?.message ?? problemText(problem);
  const actions = problem.code === 'tool-missing' ? [choose, show] : [show];
  const taken = await vscode.window.showErrorMessage(visibleText(words), ...actions);
  if (taken === show) log.show();
  if (taken === choose) await vscode.commands.executeCommand('workbench.action.openSettings', SETTINGS.apkoPath);
}

/** The file that a command is about: the one that was named, the one in front, or one that is chosen. */
async function chosen(linter: Linter, argument: unknown): Promise<OpenConfig | undefined> {
  const named = argument instanceof vscode.Uri ? await vscode.workspace.openTextDocument(argument) : undefined;
  const front = named ?? vscode.window.activeTextEditor?.document;
  const document = front !== undefined && isConfig(linter, front) ? front : await pick(linter);
  if (document === undefined) return undefined;
  return { uri: document.uri, name: document.uri.path.split('/').at(-1) ?? '', document };
}

const isConfig = (linter: Linter, document: vscode.TextDocument): boolean =>
  document.uri.scheme === 'file' && linter.languageOf(document) === 'apko';

async function pick(linter: Linter): Promise<vscode.TextDocument | undefined> {
  const found = await vscode.workspace.findFiles('**/*apko*.{yaml,yml}', '**/node_modules/**', MAX_OFFERED);
  if (found.length === 0) {
    void vscode.window.showInformationMessage('No apko file is open. Open one, then run the command again.');
    return undefined;
  }
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const taken = await vscode.window.showQuickPick(
    items.toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    { placeHolder: 'Choose an apko file' },
  );
  if (taken === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(taken.uri);
  if (isConfig(linter, document)) return document;
  void vscode.window.showInformationMessage(`${taken.label} is no apko file.`);
  return undefined;
}
