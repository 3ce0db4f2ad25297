// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { counted } from '../../core/panel/words.ts';
import { SourceText } from '../../core/text/source-text.ts';
import { toDiagnostics } from '../lint/convert.ts';
import { judgedAs, type JudgedAs, type Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import { decodeText } from '../runtime.ts';
import { JUDGED_FILES } from '../selector.ts';

/** More files of one workspace are not judged; the log then says so. */
const MAX_FILES = 5_000;
/** Larger files are generated. */
const MAX_BYTES = 4_000_000;
/** How long the outcome stays in the status bar. */
const OUTCOME_MS = 10_000;

export interface WorkspaceOutcome {
  readonly files: number;
  readonly findings: number;
  readonly cancelled: boolean;
}

/** `Lint workspace`: findings of files that are not open, from then on kept up to date until the window closes. */
export class WorkspaceLint implements vscode.Disposable {
  readonly #linter: Linter;
  readonly #log: EditorLog;
  readonly #collection = vscode.languages.createDiagnosticCollection('waybill-workspace');
  /** Files that were judged, whether or not anything was found in them. */
  readonly #known = new Map<string, JudgedAs>();
  /** Who judges a file last: reading takes time, and an earlier text must not be shown over a later one. */
  readonly #turns = new Map<string, object>();
  readonly #subscriptions: vscode.Disposable[] = [];
  #following = false;
  #running: { readonly done: Promise<WorkspaceOutcome>; readonly cancel: vscode.CancellationTokenSource } | null = null;

  constructor(linter: Linter, log: EditorLog) {
    this.#linter = linter;
    this.#log = log;
    this.#subscriptions.push(
      this.#collection,
      vscode.commands.registerCommand(COMMANDS.lintWorkspace.id, () => this.run()),
      vscode.commands.registerCommand(COMMANDS.cancelLint.id, () => this.#running?.cancel.cancel()),
    );
  }

  /** Judges every file of the workspace; asked again meanwhile, it answers with the run that goes on. */
  run(): Promise<WorkspaceOutcome> {
    if (this.#running !== null) return this.#running.done;
    const cancel = new vscode.CancellationTokenSource();
    const done = this.#run(cancel.token).finally(() => {
      this.#running = null;
      cancel.dispose();
    });
    this.#running = { done, cancel };
    return done;
  }

  dispose(): void {
    this.#running?.cancel.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #run(token: vscode.CancellationToken): Promise<WorkspaceOutcome> {
    const item = vscode.window.createStatusBarItem('waybill.lintWorkspace', vscode.StatusBarAlignment.Left);
    item.name = 'Waybill: linting the workspace';
    item.command = COMMANDS.cancelLint.id;
    item.tooltip = 'Cancel linting';
    item.text = '$(loading~spin) Looking for Dockerfiles';
    item.show();
    let findings = 0;
    let files = 0;
    try {
      const found = await vscode.workspace.findFiles(JUDGED_FILES, '**/node_modules/**', MAX_FILES, token);
      if (found.length === MAX_FILES) {
        this.#log.warn(`Lint workspace: only ${MAX_FILES} files are judged. Open a folder with fewer of them.`);
      }
      for (const uri of found) {
        if (token.isCancellationRequested) break;
        const judgement = judgedAs(uri);
        if (judgement === null) continue;
        item.text = `$(loading~spin) Linting ${files + 1} of ${found.length} files`;
        findings += await this.#judge(uri, judgement);
        files++;
      }
      this.#follow();
    } finally {
      item.dispose();
    }
    const cancelled = token.isCancellationRequested;
    const outcome = `Waybill: ${counted(findings, 'finding')} in ${counted(files, 'file')}${cancelled ? ', cancelled' : ''}`;
    this.#log.info(outcome);
    vscode.window.setStatusBarMessage(outcome, OUTCOME_MS);
    return { files, findings, cancelled };
  }

  /** Judges a file and shows what was found, unless it is open: then its document is judged. */
  async #judge(uri: vscode.Uri, language: JudgedAs): Promise<number> {
    const key = uri.toString();
    this.#known.set(key, language);
    const turn = {};
    this.#turns.set(key, turn);
    const open = openDocument(key);
    if (open !== undefined) {
      this.#collection.delete(uri);
      if (this.#linter.policies.basisOf(open) === null) await this.#linter.policies.lookUp(open);
      return count(this.#linter.judge(open));
    }
    const text = await readText(uri);
    await this.#linter.policies.lookUp({ uri });
    const result = text === null ? null : this.#linter.judgeText({ uri }, language, text);
    // Opened while it was read: the document has the word. Asked for again meanwhile: the later text has it.
    if (openDocument(key) !== undefined || this.#turns.get(key) !== turn) return count(result);
    this.#turns.delete(key);
    this.#linter.policies.forget({ uri });
    if (text === null || result === null) {
      this.#collection.delete(uri);
      return 0;
    }
    const source = new SourceText(text);
    const positionAt = (offset: number): vscode.Position => {
      const { line, column } = source.positionAt(offset);
      return new vscode.Position(line - 1, column - 1);
    };
    this.#collection.set(uri, toDiagnostics({ uri, positionAt }, result));
    return count(result);
  }

  /** From the first run on what it has shown stays true. */
  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    const again = (uri: vscode.Uri): void => {
      const language = this.#running === null ? judgedAs(uri) : null;
      if (language !== null) void this.#judge(uri, language);
    };
    const everything = async (): Promise<void> => {
      for (const [key, language] of this.#known) {
        if (this.#running === null) await this.#judge(vscode.Uri.parse(key, true), language);
      }
    };
    const watcher = vscode.workspace.createFileSystemWatcher(JUDGED_FILES);
    this.#subscriptions.push(
      watcher,
      watcher.onDidCreate(again),
      watcher.onDidChange(again),
      watcher.onDidDelete((uri) => {
        this.#known.delete(uri.toString());
        this.#collection.delete(uri);
      }),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#collection.delete(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        const language = this.#known.get(uri.toString());
        if (language !== undefined) void this.#judge(uri, language);
      }),
      this.#linter.policies.onDidChange(() => void everything()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const ours = event.affectsConfiguration(SETTINGS.lintEnabled) || event.affectsConfiguration(SETTINGS.lintRules);
        if (ours) void everything();
      }),
    );
  }
}

function count(result: ReturnType<Linter['judge']>): number {
  return result?.findings.filter(({ suppressed }) => suppressed === null).length ?? 0;
}

function openDocument(key: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.toString() === key);
}

async function readText(uri: vscode.Uri): Promise<string | null> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > MAX_BYTES) return null;
    // A link can lead out of the folder that is open.
    if ((type & vscode.FileType.SymbolicLink) !== 0 && !vscode.workspace.isTrusted) return null;
    return decodeText(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
