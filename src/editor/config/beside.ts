// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { ReadBeside } from '../../core/apko/validate.ts';
import type { FileNeighbours } from '../../core/rules/define.ts';
import { decodeText, later } from '../runtime.ts';
import { Heads } from './heads.ts';

/** Larger files are nothing that an apko or melange file refers to. */
const MAX_BYTES = 4_000_000;
/** Files that are kept; a workspace that refers to more reads the others again. */
const MAX_KEPT = 2_000;
/** Several changes at once, as of a checkout, are one. */
const SETTLE_MS = 100;

/** What stands in a file; null where there is none, undefined where it may not be looked for. */
type Content = string | null | undefined;

/** A reader for one judgement, which remembers whether it was asked for what has not been read yet. */
export interface BesideReader {
  readonly read: ReadBeside;
  readonly neighbours: FileNeighbours;
  /** Where `read` finds a file, null where it finds none. */
  readonly locate: (path: string) => vscode.Uri | null;
  /** True where an answer was missing: what was judged with it is no answer either. */
  readonly waits: () => boolean;
}

/**
 * Files that apko and melange files refer to: includes, pipelines, lock files. They are looked for as the tools do, from
 * the workspace folder and then from the file's own, and never outside of the workspace folder, by path or through a
 * link. Judging never waits for a disk: what is asked for and not known yet is read behind it, and then judged again.
 */
export class BesideFiles implements vscode.Disposable {
  readonly #kept = new Map<string, Content>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #heads = new Heads();
  #loading: Promise<void> | null = null;
  #cancelSettling: () => void = () => undefined;

  /** A file that an answer was made of has changed, or git has another commit. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#heads.onDidChange(() => this.#tell());
  }

  of(file: vscode.Uri): BesideReader {
    const root = vscode.workspace.getWorkspaceFolder(file)?.uri ?? vscode.Uri.joinPath(file, '..');
    let waits = false;
    const text = (uri: vscode.Uri): Content => {
      if (!isBelow(uri, root)) return undefined;
      const key = uri.toString();
      const open = vscode.workspace.textDocuments.find((each) => !each.isClosed && each.uri.toString() === key);
      this.#watch(root, uri);
      if (open !== undefined) return open.getText();
      if (this.#kept.has(key)) return this.#kept.get(key);
      this.#wanted.set(key, { uri, root });
      waits = true;
      return undefined;
    };
    const own = vscode.Uri.joinPath(file, '..');
    return {
      waits: () => waits,
      read: (path) => {
        let outside = false;
        for (const folder of [root, own]) {
          const found = text(addressOf(folder, path));
          if (typeof found === 'string') return found;
          outside ||= found === undefined;
        }
        return outside ? undefined : null;
      },
      locate: (path) =>
        [root, own].map((folder) => addressOf(folder, path)).find((uri) => typeof text(uri) === 'string') ?? null,
      neighbours: {
        name: file.path.slice(file.path.lastIndexOf('/') + 1),
        sibling: (name) => (/[/\\]/.test(name) ? undefined : text(vscode.Uri.joinPath(own, name))),
        head: () => this.#heads.of(file, () => (waits = true)),
      },
    };
  }

  /** Reads everything that was asked for in vain. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  dispose(): void {
    this.#cancelSettling();
    this.#changed.dispose();
    this.#heads.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  async #load(): Promise<void> {
    await this.#heads.load();
    while (this.#wanted.size > 0) {
      const wanted = [...this.#wanted];
      this.#wanted.clear();
      const contents = await Promise.all(wanted.map(([, each]) => readInside(each)));
      for (const [at, [key]] of wanted.entries()) this.#kept.set(key, contents[at]);
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= MAX_KEPT) break;
        this.#kept.delete(oldest);
      }
    }
  }

  /** Everything below the folder of a file that was asked for: also what is not there yet. */
  #watch(root: vscode.Uri, uri: vscode.Uri): void {
    const key = root.toString();
    if (this.#watchers.has(key)) return;
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, '**/*.{yaml,yml,json}'));
    const forget = ({ path, scheme }: vscode.Uri): void => {
      if (scheme !== uri.scheme) return;
      const changed = root.with({ path }).toString();
      if (this.#kept.delete(changed)) this.#tell();
    };
    this.#watchers.set(
      key,
      vscode.Disposable.from(
        watcher,
        watcher.onDidCreate(forget),
        watcher.onDidChange(forget),
        watcher.onDidDelete(forget),
      ),
    );
  }

  #tell(): void {
    this.#cancelSettling();
    this.#cancelSettling = later(SETTLE_MS, () => this.#changed.fire());
  }
}

interface Wanted {
  readonly uri: vscode.Uri;
  readonly root: vscode.Uri;
}

function addressOf(folder: vscode.Uri, path: string): vscode.Uri {
  if (/^[A-Za-z]:[\\/]/.test(path)) return folder.with({ path: `/${path.replaceAll('\\', '/')}` });
  return path.startsWith('/') ? folder.with({ path }) : vscode.Uri.joinPath(folder, path);
}

function isBelow(uri: vscode.Uri, folder: vscode.Uri): boolean {
  const prefix = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  return uri.scheme === folder.scheme && uri.authority === folder.authority && uri.path.startsWith(prefix);
}

/** The text of a file below a workspace folder; a link on the way to it can lead out, so it is not followed. */
async function readInside({ uri, root }: Wanted): Promise<Content> {
  try {
    for (let at = uri; isBelow(at, root); at = vscode.Uri.joinPath(at, '..')) {
      const { type, size } = await vscode.workspace.fs.stat(at);
      if ((type & vscode.FileType.SymbolicLink) !== 0) return undefined;
      if (at === uri && ((type & vscode.FileType.File) === 0 || size > MAX_BYTES)) return undefined;
    }
    return decodeText(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    return error instanceof vscode.FileSystemError && /FileNotFound|NotADirectory/.test(error.code) ? null : undefined;
  }
}
