// SPDX-License-Identifier: Apache-2.0
// Which trusted root counts: the user's own file, else the newest that could be had of the public-good instance.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootUsed } from '../../core/attestations/model.ts';
import { problemText, type Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Log } from '../../core/ports.ts';
import { at, list } from '../../core/attestations/untrusted.ts';
import { parseJson } from '../images/files.ts';
import { ensureFolder, writeAtomically } from '../store/atomic.ts';
import instances from './data/instances.json' with { type: 'json' };
import seed from './data/trusted-root.json' with { type: 'json' };
import { MAX_AUTHORITIES, MAX_ROOT_BYTES, readTrustedRoot, type LoadedRoot, type TrustRoots } from './root.ts';
import { fetchTrustedRoot, type TufSource } from './tuf.ts';

const DAY = 86_400_000;

export interface RootOptions {
  /** Path of a user's trusted_root.json; it then counts for everything, and nothing is fetched. */
  readonly file: string | null;
  /** A mirror of the user's own; null takes the public-good one. */
  readonly tuf: TufSource | null;
  /** True: no mirror is asked; what was fetched of it before counts. */
  readonly offline: boolean;
  /** GitHub's instance by a first root of the user's; null takes the one that is shipped. */
  readonly github: TufSource | null;
  /** Folder in which the last good root is kept. */
  readonly folder: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly log: Log;
}

export function createRoots(options: RootOptions): TrustRoots {
  const { file } = options;
  const github = options.github ?? { mirror: instances.github.mirror, rootPath: null };
  const tuf = options.tuf ?? { mirror: instances.publicGood.mirror, rootPath: null };
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | null = null;
    return () => (made ??= make());
  };
  if (file !== null) {
    return { publicGood: once(() => rootOfFile(file, 'public')), github: once(() => rootOfFile(file, 'github')) };
  }
  return {
    publicGood: once(async () => {
      const found = await newest(tuf, options);
      // What another instance signs has nothing to do with the root that is shipped.
      if (tuf.rootPath !== null) return found?.root ?? err(noRoot(new URL(tuf.mirror).host));
      const isNewer = found !== null && found.time >= Date.parse(seed.asOf);
      return isNewer && found.root.ok ? found.root : seedRoot();
    }),
    github: once(async () => {
      const found = await newest(github, options);
      return found?.root ?? noGithubRoot();
    }),
  };
}

/** Of GitHub's own instance only the first root of its mirror is shipped, not what is verified with. */
export function noGithubRoot(): Result<LoadedRoot, Problem> {
  return err(noRoot("GitHub's own Sigstore instance"));
}

function noRoot(instance: string): Problem {
  return {
    code: 'offline',
    what: `${instance} could not be used`,
    why: `${instance} signed this, and there is no trusted root of it here`,
    todo: 'Let it be fetched (waybill verify without --offline; in the editor waybill.evidence.updateTrustedRoot), or give one with --trusted-root; gh attestation trusted-root prints that of GitHub.',
  };
}

/** The root that comes with this version; it ages. */
export function seedRoot(): Result<LoadedRoot, Problem> {
  const used: RootUsed = { source: 'seed', asOf: seed.asOf };
  return readTrustedRoot(Buffer.from(JSON.stringify(seed.root)), used);
}

/** Roots in one file, one a line, as `gh attestation trusted-root` prints them. */
const MAX_LINES = 10;

/** The root for an instance: GitHub's line is told by its authority. A file with one root counts for everybody. */
function lineFor(instance: 'public' | 'github', bytes: Buffer): Buffer | null {
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length < 2 || lines.length > MAX_LINES) return bytes;
  const roots = lines.map((line) => parseJson(Buffer.from(line)));
  // One root that is written over several lines.
  if (!roots.every(({ ok: whole }) => whole)) return bytes;
  const index = roots.findIndex((root) => root.ok && isGithubs(root.value) === (instance === 'github'));
  return index < 0 ? null : Buffer.from(lines[index] ?? '');
}

function isGithubs(root: unknown): boolean {
  return list(root, MAX_AUTHORITIES, 'certificateAuthorities').some(
    (authority) => at(authority, 'subject', 'organization') === instances.github.organisation,
  );
}

/** A user's own file, with one root or one for each instance; its age is that of the file. */
export async function rootOfFile(path: string, instance: 'public' | 'github'): Promise<Result<LoadedRoot, Problem>> {
  try {
    const found = await stat(path);
    const { size, mtimeMs } = found;
    // Opening a named pipe would wait for a writer, and a device need not end.
    if (!found.isFile()) throw new Error('it is no plain file');
    if (size > MAX_ROOT_BYTES) throw new Error(`it is larger than ${MAX_ROOT_BYTES} bytes`);
    const name = path.split(/[\\/]/).at(-1) ?? path;
    const root = lineFor(instance, await readFile(path));
    if (root === null) return instance === 'github' ? noGithubRoot() : err(noRoot('The public Sigstore'));
    return readTrustedRoot(root, { source: `file:${name}`, asOf: wholeSecond(mtimeMs) });
  } catch (error) {
    return err({
      code: 'file-unreadable',
      what: `The trusted root ${path} could not be read`,
      why: error instanceof Error ? error.message : String(error),
      todo: 'Check the path.',
    });
  }
}

interface Newest {
  readonly root: Result<LoadedRoot, Problem>;
  /** Milliseconds since the Unix epoch at which the mirror gave it. */
  readonly time: number;
}

/** By TUF where it may be asked and the kept one is older than a day; else the last good one; null without either. */
async function newest(source: TufSource, { folder, offline, now, log }: RootOptions): Promise<Newest | null> {
  const { host } = new URL(source.mirror);
  const name = await cacheName(source);
  if (!name.ok) return { root: name, time: now };
  const kept = join(folder, `${name.value}.trusted_root.json`);
  const last = await lastGood(kept);
  const fresh = last !== null && now - last.time < DAY && last.time <= now;
  if (!offline && !fresh) {
    const fetched = await fetchTrustedRoot(source, join(folder, 'tuf', name.value));
    if (fetched.ok) {
      const bytes = Buffer.from(fetched.value, 'utf8');
      const root = readTrustedRoot(bytes, { source: `tuf:${host}`, asOf: new Date(now).toISOString() });
      if (root.ok) {
        const made = await ensureFolder(folder);
        const written = made.ok ? await writeAtomically(kept, bytes) : made;
        if (!written.ok) log.warn(problemText(written.error));
        return { root, time: now };
      }
      log.warn(`The trusted root of ${host} was refused: ${root.error.why}`);
    } else {
      log.warn(`No newer trusted root could be fetched: ${fetched.error.why}`);
    }
  }
  if (last === null) return null;
  const root = readTrustedRoot(last.bytes, { source: `tuf:${host}`, asOf: new Date(last.time).toISOString() });
  return root.ok ? { root, time: last.time } : null;
}

/**
 * What is kept of a mirror belongs to it and to the first root that said whom to believe: with another first root
 * nothing that was fetched before counts.
 */
async function cacheName({ mirror, rootPath }: TufSource): Promise<Result<string, Problem>> {
  const host = encodeURIComponent(new URL(mirror).host);
  if (rootPath === null) return ok(host);
  try {
    const hash = createHash('sha256').update(`${mirror}\n`);
    return ok(
      `${host}-${hash
        .update(await readFile(rootPath))
        .digest('hex')
        .slice(0, 32)}`,
    );
  } catch (error) {
    return err({
      code: 'file-unreadable',
      what: `The first root ${rootPath} could not be read`,
      why: error instanceof Error ? error.message : String(error),
      todo: 'Check the path.',
    });
  }
}

async function lastGood(path: string): Promise<{ readonly bytes: Buffer; readonly time: number } | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return size > MAX_ROOT_BYTES ? null : { bytes: await readFile(path), time: mtimeMs };
  } catch {
    return null;
  }
}

/** The last parts of a second are read differently by different hosts, and nobody needs them of a root. */
function wholeSecond(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
}
