// SPDX-License-Identifier: Apache-2.0
// What git has of files in HEAD: two processes a repository, however many files it holds.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { locateProgram } from './process/locate.ts';

export interface AskedFile {
  readonly absolute: string;
  readonly text: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const TIMEOUT = 20_000;
const MAX_LISTING = 128 * 2 ** 20;
const MAX_CONTENTS = 64 * 2 ** 20;

/** What git may see of the environment, and what keeps it from doing more than reading its own objects. */
function gitEnvironment(env: Env): Record<string, string> {
  const kept = ['PATH', 'HOME', 'SystemRoot', 'USERPROFILE', 'XDG_CONFIG_HOME'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone would fetch what it lacks, by a program that its configuration names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    LC_ALL: 'C',
  };
}

/** Neither command looks at the working tree: no filter, hook or monitor that a repository configures is run. */
function git(program: string, folder: string, args: readonly string[], env: Env, input?: string): Buffer | null {
  const { status, stdout } = spawnSync(program, ['-c', 'core.fsmonitor=false', '-C', folder, ...args], {
    env: gitEnvironment(env),
    input: input ?? '',
    timeout: TIMEOUT,
    maxBuffer: input === undefined ? MAX_LISTING : MAX_CONTENTS,
    windowsHide: true,
  });
  return status === 0 ? stdout : null;
}

/** Object names by path, of every file in HEAD. */
function tree(listing: Buffer): Map<string, string> {
  const objects = new Map<string, string>();
  for (const entry of listing.toString('utf8').split('\0')) {
    const [, object, path] = /^100\d{3} blob ([0-9a-f]{40,64})\t(.*)$/s.exec(entry) ?? [];
    if (object !== undefined && path !== undefined) objects.set(path, object);
  }
  return objects;
}

function objectName({ text }: AskedFile, like: string): string {
  const bytes = Buffer.from(text);
  return createHash(like.length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

/** The contents of objects, in the order in which they were asked for. */
function contents(batch: Buffer): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (let at = 0; at < batch.length;) {
    const end = batch.indexOf(10, at);
    if (end < 0) break;
    const size = / blob (\d+)$/.exec(batch.toString('latin1', at, end))?.[1];
    found.push(size === undefined ? undefined : batch.toString('utf8', end + 1, end + 1 + Number(size)));
    at = end + 1 + (size === undefined ? 0 : Number(size) + 1);
  }
  return found;
}

/**
 * The text of each file in git's HEAD: null for one that is not in it, nothing for one that git cannot be asked about.
 * Without git on PATH, and outside of repositories, no process is started.
 */
export function gitHeads(files: readonly AskedFile[], env: Env): ReadonlyMap<string, string | null> {
  const heads = new Map<string, string | null>();
  const tops = new Map<string, string | null>();
  const topOf = (folder: string): string | null => {
    const known = tops.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const top = existsSync(join(folder, '.git')) ? folder : parent === folder ? null : topOf(parent);
    tops.set(folder, top);
    return top;
  };
  const byTop = Map.groupBy(files, ({ absolute }) => topOf(dirname(absolute)));
  byTop.delete(null);
  const program = byTop.size === 0 ? null : locateProgram('git', null, env);
  if (program === null) return heads;
  for (const [top, asked] of byTop) {
    if (top !== null) ask(program, top, asked, env, heads);
  }
  return heads;
}

function ask(
  program: string,
  top: string,
  asked: readonly AskedFile[],
  env: Env,
  heads: Map<string, string | null>,
): void {
  const listing = git(program, top, ['ls-tree', '-r', '-z', 'HEAD'], env);
  if (listing === null) return;
  const objects = tree(listing);
  const changed: { readonly file: AskedFile; readonly object: string }[] = [];
  for (const file of asked) {
    const object = objects.get(relative(top, file.absolute).split(sep).join('/'));
    if (object === undefined) heads.set(file.absolute, null);
    else if (objectName(file, object) === object) heads.set(file.absolute, file.text);
    else changed.push({ file, object });
  }
  if (changed.length === 0) return;
  const names = changed.map(({ object }) => `${object}\n`).join('');
  const batch = git(program, top, ['cat-file', '--batch'], env, names);
  const texts = batch === null ? [] : contents(batch);
  changed.forEach(({ file }, i) => {
    const text = texts[i];
    if (text !== undefined) heads.set(file.absolute, text);
  });
}
