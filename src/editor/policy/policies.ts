// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { Catalogue } from '../../core/catalogue/lookup.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { policyFindings, type PolicyFinding } from '../../core/lint/policy-findings.ts';
import { catalogueFor } from '../../core/policy/catalogue.ts';
import { PolicyFinder } from '../../core/policy/find.ts';
import { loadPolicy, type PolicyReader } from '../../core/policy/loader.ts';
import { NO_POLICY, type Policy } from '../../core/policy/model.ts';
import { folderOf, isAbsolutePath } from '../../core/policy/paths.ts';
import type { EditorLog } from '../log.ts';
import { decodeText } from '../runtime.ts';

/** Larger files are no policies. */
const MAX_BYTES = 1024 * 1024;
/** Folders above a workspace folder that are looked at for the root of its repository. */
const MAX_ABOVE = 16;

export const POLICY_PATTERN = '**/.waybill.{yaml,yml}';

/** A document, or a file that is not open. */
type FileOf = Pick<vscode.TextDocument, 'uri'>;

/** What a document is judged by. */
export interface Basis {
  readonly policy: Policy;
  /** As the policy sees it. */
  readonly catalogue: Catalogue;
  /** The document by the name that the policy's own paths go by. */
  readonly path: string;
}

/** Up to where policies of a folder are looked for, and everything that was found below. */
interface Root {
  readonly uri: vscode.Uri;
  readonly finder: PolicyFinder;
  readonly read: PolicyReader;
}

/** A policy file's own findings, by its address. */
export interface PolicyFile {
  readonly uri: vscode.Uri;
  readonly findings: readonly PolicyFinding[];
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * The policies of open documents: looked up once for a folder and kept until a policy file changes, so that judging a
 * keystroke reads nothing. Files are read through VS Code, in virtual workspaces and browsers as on a disk.
 */
export class EditorPolicies implements vscode.Disposable {
  readonly #shipped: () => Catalogue;
  readonly #log: EditorLog;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #loaded = new vscode.EventEmitter<readonly PolicyFile[]>();
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #subscriptions: vscode.Disposable;
  #roots = new Map<string, Promise<Root>>();
  #bases = new Map<string, Basis>();
  #catalogues = new WeakMap<Policy, Catalogue>();

  /** Every answer is out of date. */
  readonly onDidChange = this.#changed.event;
  /** Policy files were read, with what is to be said of them. */
  readonly onDidLoad = this.#loaded.event;

  constructor(shipped: () => Catalogue, log: EditorLog) {
    this.#shipped = shipped;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      this.#loaded,
      this.#watch(POLICY_PATTERN),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.reset()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.reset()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTINGS.policyFile)) this.reset();
      }),
    );
  }

  /** What is known for a document now; null until it was looked up. */
  basisOf(document: FileOf): Basis | null {
    return this.#bases.get(document.uri.toString()) ?? null;
  }

  /** Looks up what a document is judged by. Never fails: what cannot be read is no policy. */
  async lookUp(document: FileOf): Promise<void> {
    const roots = this.#roots;
    try {
      const root = await this.#rootOf(document.uri);
      const path = relativePath(root.uri, document.uri) ?? document.uri.path.replace(/^.*\//, '');
      const policy = await root.finder.policyFor(path);
      // Something has changed meanwhile: whoever asks again gets the new answer.
      if (roots !== this.#roots) return;
      this.#bases.set(document.uri.toString(), { policy, catalogue: this.#catalogueOf(policy, root), path });
    } catch (error) {
      this.#log.error(`The policy of ${document.uri.path} could not be looked up: ${String(error)}`);
      const path = document.uri.path.replace(/^.*\//, '');
      this.#bases.set(document.uri.toString(), { policy: NO_POLICY, catalogue: this.#shipped(), path });
    }
  }

  /** The document is closed: what is known of it goes. */
  forget(document: FileOf): void {
    this.#bases.delete(document.uri.toString());
  }

  /** The policy of a workspace folder itself: what holds for things that stand in no file, such as reports of images. */
  async policyOf(folder: vscode.Uri): Promise<Policy> {
    try {
      const root = await this.#rootOf(folder);
      return await root.finder.policyFor(relativePath(root.uri, vscode.Uri.joinPath(folder, '.waybill.yaml')) ?? '');
    } catch (error) {
      this.#log.error(`The policy of ${folder.path} could not be looked up: ${String(error)}`);
      return NO_POLICY;
    }
  }

  /** What is to be said of a policy file with this text, saved or not. */
  async judge(
    uri: vscode.Uri,
    text: string,
  ): Promise<{ readonly policy: Policy; readonly findings: readonly PolicyFinding[] }> {
    const root = await this.#rootOf(uri);
    const path = relativePath(root.uri, uri) ?? uri.path;
    const policy = await loadPolicy(path, root.read, text);
    const findings = policyFindings(policy, this.#shipped().data, today());
    return { policy, findings: findings.filter((each) => each.path === path) };
  }

  /** Where a document's policy stands, or where a new one would: at the root. `path` names the document from there. */
  async placeFor(document: vscode.TextDocument): Promise<{ readonly uri: vscode.Uri; readonly path: string }> {
    const root = await this.#rootOf(document.uri);
    const path = relativePath(root.uri, document.uri) ?? document.uri.path.replace(/^.*\//, '');
    const nearest = (await root.finder.policyFor(path)).files.find((each) => !isAbsolutePath(each));
    if (nearest === undefined) return { uri: vscode.Uri.joinPath(root.uri, '.waybill.yaml'), path };
    const folder = folderOf(nearest);
    return { uri: vscode.Uri.joinPath(root.uri, nearest), path: folder === '' ? path : path.slice(folder.length + 1) };
  }

  reset(): void {
    this.#roots = new Map();
    this.#bases = new Map();
    this.#catalogues = new WeakMap();
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
  }

  #watch(pattern: vscode.GlobPattern): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const reset = (): void => this.reset();
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(reset),
      watcher.onDidChange(reset),
      watcher.onDidDelete(reset),
    );
  }

  #catalogueOf(policy: Policy, root: Root): Catalogue {
    const known = this.#catalogues.get(policy);
    if (known !== undefined) return known;
    const catalogue = catalogueFor(this.#shipped(), policy, today());
    this.#catalogues.set(policy, catalogue);
    const findings = policyFindings(policy, this.#shipped().data, today());
    const files = policy.files.map((path) => ({
      uri: addressOf(root.uri, path),
      findings: findings.filter((each) => each.path === path),
    }));
    for (const { uri } of files) this.#watchFile(uri);
    if (files.length > 0) this.#loaded.fire(files);
    return catalogue;
  }

  /** Files that a policy builds on may have any name. */
  #watchFile(uri: vscode.Uri): void {
    const key = uri.toString();
    if (this.#watchers.has(key) || /\/\.waybill\.ya?ml$/.test(uri.path)) return;
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const folder = vscode.Uri.joinPath(uri, '..');
    this.#watchers.set(key, this.#watch(new vscode.RelativePattern(folder, name.replaceAll(/[[\]{}*?]/g, '?'))));
  }

  #rootOf(uri: vscode.Uri): Promise<Root> {
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
    const key = folder.toString();
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const found = this.#makeRoot(folder, uri.scheme === 'untitled');
    this.#roots.set(key, found);
    return found;
  }

  async #makeRoot(folder: vscode.Uri, nowhere: boolean): Promise<Root> {
    const uri = nowhere ? folder : await repositoryOf(folder);
    const shared = sharedPolicy(folder);
    const read: PolicyReader = async (path) => {
      const outside = isAbsolutePath(path);
      // Only what the setting names may stand elsewhere, and its neighbours.
      if (outside && (shared === null || folderOf(path) !== folderOf(shared.path))) return null;
      if (nowhere && !outside) return null;
      return path.startsWith('../') ? null : readText(addressOf(uri, path));
    };
    const otherwise = async (): Promise<Policy> => {
      if (shared === null) return NO_POLICY;
      const text = await readText(shared);
      if (text !== null) return loadPolicy(relativePath(uri, shared) ?? shared.path, read, text);
      this.#log.warn(`${shared.path}, which ${SETTINGS.policyFile} names, cannot be read: no policy is in force.`);
      return NO_POLICY;
    };
    return { uri, read, finder: new PolicyFinder(read, otherwise) };
  }
}

/** `a/b` of a file below a folder; null where it stands elsewhere. */
function relativePath(folder: vscode.Uri, uri: vscode.Uri): string | null {
  const prefix = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  const same = folder.scheme === uri.scheme && folder.authority === uri.authority;
  return same && uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : null;
}

function addressOf(root: vscode.Uri, path: string): vscode.Uri {
  if (!isAbsolutePath(path)) return vscode.Uri.joinPath(root, path);
  return root.with({ path: path.startsWith('/') ? path : `/${path}` });
}

/** The shared policy file that a person has set; a relative path starts at the workspace folder. */
function sharedPolicy(folder: vscode.Uri): vscode.Uri | null {
  const named = vscode.workspace.getConfiguration(undefined, folder).get<string>(SETTINGS.policyFile, '').trim();
  if (named === '') return null;
  const path = named.replaceAll('\\', '/');
  return isAbsolutePath(path) ? addressOf(folder, path) : vscode.Uri.joinPath(folder, path);
}

/** The folder of the repository that a folder belongs to; the folder itself without one, or where nobody trusts it. */
async function repositoryOf(folder: vscode.Uri): Promise<vscode.Uri> {
  if (!vscode.workspace.isTrusted) return folder;
  let at = folder;
  for (let i = 0; i < MAX_ABOVE; i++) {
    if (await exists(vscode.Uri.joinPath(at, '.git'))) return at;
    const above = vscode.Uri.joinPath(at, '..');
    if (above.path === at.path) break;
    at = above;
  }
  return folder;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function readText(uri: vscode.Uri): Promise<string | null> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > MAX_BYTES) return null;
    // A link can lead out of the folder that is open; whether that is meant, nobody has said there.
    if ((type & vscode.FileType.SymbolicLink) !== 0 && !vscode.workspace.isTrusted) return null;
    return decodeText(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
