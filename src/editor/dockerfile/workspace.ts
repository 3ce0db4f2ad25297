// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { counted } from '../../core/panel/words.ts';
import { SourceText } from '../../core/text/source-text.ts';
import { toDiagnostics } from '../lint/convert.ts';
import { JUDGING } from '../lint/diagnostics.ts';
import type { LintResult } from '../../core/lint/engine.ts';
import type { Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import { decodeText } from '../runtime.ts';
import { JUDGED_FILES, YAML_FILES } from '../selector.ts';

/** More files of one workspace are not judged; the log then says so. */
const MAX_FILES = 5_000;
/** Larger files are generated. */
const MAX_BYTES = 4_000_000;
/** How long the outcome stays in the status bar. */
const OUTCOME_MS = 10_000;
/** Includes within includes; apko itself ends there long before. */
const MAX_LAYERS = 32;

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
  readonly #known = new Set<string>();
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
    item.text = '$(loading~spin) Looking for files';
    item.show();
    let findings = 0;
    let files = 0;
    try {
      const found = await this.#find(token);
      for (const [at, uri] of found.entries()) {
        if (token.isCancellationRequested) break;
        item.text = `$(loading~spin) Linting ${at + 1} of ${found.length} files`;
        const here = await this.#judge(uri);
        if (here === null) continue;
        findings += here;
        files++;
      }
      // Of a folder that went nobody tells which files went with it.
      const there = new Set(found.map(String));
      for (const key of this.#known) if (!token.isCancellationRequested && !there.has(key)) this.#forget(key);
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

  #patterns(): readonly string[] {
    return this.#linter.judgesConfigs ? [JUDGED_FILES, YAML_FILES] : [JUDGED_FILES];
  }

  /** Files that may be ours by their names; of other YAML what stands in it decides. */
  async #find(token: vscode.CancellationToken): Promise<readonly vscode.Uri[]> {
    const found = new Map<string, vscode.Uri>();
    for (const pattern of this.#patterns()) {
      const some = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MAX_FILES, token);
      if (some.length === MAX_FILES) {
        this.#log.warn(`Lint workspace: only ${MAX_FILES} files are judged. Open a folder with fewer of them.`);
      }
      for (const uri of some) found.set(uri.toString(), uri);
    }
    return [...found.values()];
  }

  /** Judges a file and shows what was found, unless it is open: then its document is judged. Null where it is not ours. */
  async #judge(uri: vscode.Uri): Promise<number | null> {
    const key = uri.toString();
    const turn = {};
    this.#turns.set(key, turn);
    const open = openDocument(key);
    if (open !== undefined) {
      this.#turns.delete(key);
      this.#collection.delete(uri);
      if (this.#linter.languageOf(open) === null) return null;
      this.#known.add(key);
      if (this.#linter.policies.basisOf(open) === null) await this.#linter.policies.lookUp(open);
      return count(await this.#whole(() => this.#linter.judgeOrWait(open)));
    }
    const text = await readText(uri);
    const language = text === null ? null : this.#linter.languageOfFile({ uri, getText: () => text });
    if (text === null || language === null) {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
      this.#collection.delete(uri);
      return null;
    }
    this.#known.add(key);
    await this.#linter.policies.lookUp({ uri });
    const result = await this.#whole(() => this.#linter.judgeText({ uri }, language, text));
    // Opened while it was read: the document has the word. Asked for again meanwhile: the later text has it.
    if (openDocument(key) !== undefined || this.#turns.get(key) !== turn) return count(result);
    this.#turns.delete(key);
    this.#linter.policies.forget({ uri });
    if (result === null) {
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

  #forget(key: string): void {
    this.#known.delete(key);
    this.#collection.delete(vscode.Uri.parse(key, true));
  }

  /** The answer once everything that the file refers to was read, one layer of it after the other. */
  async #whole(judge: () => LintResult | 'waits' | null): Promise<LintResult | null> {
    for (let layer = 0; layer < MAX_LAYERS; layer++) {
      const result = judge();
      if (result !== 'waits') return result;
      await this.#linter.beside.load();
    }
    return null;
  }

  /** From the first run on what it has shown stays true. */
  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    const again = (uri: vscode.Uri): void => {
      if (this.#running === null) void this.#judge(uri);
    };
    const everything = async (): Promise<void> => {
      for (const key of this.#known) if (this.#running === null) await this.#judge(vscode.Uri.parse(key, true));
    };
    for (const pattern of this.#patterns()) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      this.#subscriptions.push(
        watcher,
        watcher.onDidCreate(again),
        watcher.onDidChange(again),
        watcher.onDidDelete((uri) => {
          this.#forget(uri.toString());
        }),
      );
    }
    this.#subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#collection.delete(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.#known.has(uri.toString())) void this.#judge(uri);
      }),
      this.#linter.policies.onDidChange(() => void everything()),
      this.#linter.beside.onDidChange(() => void everything()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (JUDGING.some((setting) => event.affectsConfiguration(setting))) void everything();
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
