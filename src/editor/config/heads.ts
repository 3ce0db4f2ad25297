// SPDX-License-Identifier: Apache-2.0
// What git has of files in HEAD, by VS Code's own git extension: no program is started here, and none where that
// extension does not run or the workspace is not trusted.
import * as vscode from 'vscode';

/** As much of that extension's interface as is used. */
interface Repository {
  readonly state: {
    readonly HEAD?: { readonly commit?: string } | undefined;
    readonly onDidChange: vscode.Event<void>;
  };
  show(ref: string, path: string): Promise<string>;
}
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

/** Files that are kept; those of an older commit go. */
const MAX_KEPT = 500;

export class Heads implements vscode.Disposable {
  readonly #kept = new Map<string, string | null>();
  readonly #wanted = new Map<
    string,
    { readonly repository: Repository; readonly commit: string; readonly path: string }
  >();
  readonly #commits = new Map<Repository, string | undefined>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #changed = new vscode.EventEmitter<void>();

  /** Another commit is checked out. */
  readonly onDidChange = this.#changed.event;

  /** Null where HEAD has no such file, undefined where nobody can say; `waits` is called where it has to be asked first. */
  of(uri: vscode.Uri, waits: () => void): string | null | undefined {
    const repository = repositoryOf(uri);
    if (repository === null) return undefined;
    this.#follow(repository);
    const commit = repository.state.HEAD?.commit;
    if (commit === undefined) return undefined;
    const key = `${commit} ${uri.toString()}`;
    if (this.#kept.has(key)) return this.#kept.get(key);
    this.#wanted.set(key, { repository, commit, path: uri.fsPath });
    waits();
    return undefined;
  }

  /** Asks for everything that was wanted in vain. */
  async load(): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (const [key, { repository, commit, path }] of wanted) {
      this.#kept.set(key, await repository.show(commit, path).catch(() => null));
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(repository: Repository): void {
    if (this.#commits.has(repository)) return;
    this.#commits.set(repository, repository.state.HEAD?.commit);
    this.#subscriptions.push(
      repository.state.onDidChange(() => {
        const commit = repository.state.HEAD?.commit;
        if (this.#commits.get(repository) === commit) return;
        this.#commits.set(repository, commit);
        this.#changed.fire();
      }),
    );
  }
}

function repositoryOf(uri: vscode.Uri): Repository | null {
  if (!vscode.workspace.isTrusted || uri.scheme !== 'file') return null;
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (git?.isActive !== true || !git.exports.enabled) return null;
  return git.exports.getAPI(1).getRepository(uri);
}
