// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { ConfigWorkspace, IndexedPackage, NamedFile } from '../../core/config-language/model.ts';
import type { ConfigHost } from '../host.ts';
import { decodeText } from '../runtime.ts';

/** What is known of a workspace folder without reading its files one by one. */
export type Surroundings = Omit<ConfigWorkspace, 'read'>;

const NOTHING: Surroundings = { pipelines: [], includes: [], packages: [], built: [] };

/** More files than these are not offered. */
const MAX_PIPELINES = 2_000;
const MAX_INCLUDES = 500;
const MAX_INDEXES = 16;
const MAX_INDEX_BYTES = 64_000_000;
/** Melange files that are read for the names of what they make. */
const MAX_BUILT = 2_000;
/** A package's name stands at the top. */
const HEAD_CHARACTERS = 4_096;
const NO_MODULES = '**/{node_modules,.git}/**';

/** What other files of a workspace folder offer: looked up once, and again after files have come or gone. */
export class ConfigSurroundings implements vscode.Disposable {
  readonly #host: ConfigHost;
  readonly #known = new Map<string, Promise<Surroundings>>();
  readonly #watchers = new Map<string, vscode.Disposable>();

  constructor(host: ConfigHost) {
    this.#host = host;
  }

  of(file: vscode.Uri): Promise<Surroundings> {
    const folder = vscode.workspace.getWorkspaceFolder(file);
    if (folder === undefined) return Promise.resolve(NOTHING);
    const key = folder.uri.toString();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#look(folder);
    this.#known.set(key, found);
    if (!this.#watchers.has(key)) this.#watchers.set(key, this.#watch(folder));
    return found;
  }

  dispose(): void {
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  #watch(folder: vscode.WorkspaceFolder): vscode.Disposable {
    const forget = (): void => void this.#known.delete(folder.uri.toString());
    const names = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, '**/*.{yaml,yml}'),
      false,
      true,
    );
    const indexes = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '**/APKINDEX.tar.gz'));
    return vscode.Disposable.from(
      names,
      names.onDidCreate(forget),
      names.onDidDelete(forget),
      indexes,
      indexes.onDidCreate(forget),
      indexes.onDidChange(forget),
      indexes.onDidDelete(forget),
    );
  }

  async #look(folder: vscode.WorkspaceFolder): Promise<Surroundings> {
    const find = (pattern: string, most: number): Thenable<vscode.Uri[]> =>
      vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), NO_MODULES, most);
    const path = (uri: vscode.Uri): string => uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
    const [pipelines, yaml, indexes] = await Promise.all([
      find('**/pipelines/**/*.{yaml,yml}', MAX_PIPELINES),
      find('**/*.{yaml,yml}', MAX_BUILT),
      find('**/APKINDEX.tar.gz', MAX_INDEXES),
    ]);
    const contents = await Promise.all(yaml.map((uri) => this.#contents(uri, path(uri))));
    return {
      pipelines: pipelines.map((uri) => ({ name: pipelineName(path(uri)), path: path(uri) })).toSorted(byName),
      includes: contents
        .flatMap((each) => (each?.language === 'apko' ? [each.path] : []))
        .toSorted()
        .slice(0, MAX_INCLUDES),
      built: contents
        .flatMap((each): NamedFile[] =>
          each === null || each.name === null ? [] : [{ name: each.name, path: each.path }],
        )
        .toSorted(byName),
      packages: await this.#packages(indexes),
    };
  }

  async #contents(
    uri: vscode.Uri,
    path: string,
  ): Promise<{ readonly path: string; readonly language: string; readonly name: string | null } | null> {
    try {
      const text = decodeText(await vscode.workspace.fs.readFile(uri));
      const language = this.#host.detect(path, text);
      if (language === null) return null;
      const name = language === 'melange' ? PACKAGE_NAME.exec(text.slice(0, HEAD_CHARACTERS))?.[2] : undefined;
      return { path, language, name: name ?? null };
    } catch {
      return null;
    }
  }

  async #packages(indexes: readonly vscode.Uri[]): Promise<readonly IndexedPackage[]> {
    const found = new Map<string, IndexedPackage>();
    for (const uri of indexes) {
      try {
        if ((await vscode.workspace.fs.stat(uri)).size > MAX_INDEX_BYTES) continue;
        const packages = this.#host.packages(await vscode.workspace.fs.readFile(uri));
        for (const each of packages) if (!found.has(each.name)) found.set(each.name, each);
      } catch {
        // Gone meanwhile, or not to be read: it offers nothing.
      }
    }
    return [...found.values()].toSorted(byName);
  }
}

const PACKAGE_NAME = /^package:[^\S\n]*(?:#.*)?\n(?:[ \t]+.*\n|[ \t]*\n|#.*\n)*?[ \t]+name:[ \t]*(["']?)([\w.+-]+)\1/m;

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** `split/dev` for `os/pipelines/split/dev.yaml`: as `uses:` has it. */
function pipelineName(path: string): string {
  return path.replace(/^(?:.*\/)?pipelines\//, '').replace(/\.ya?ml$/i, '');
}
