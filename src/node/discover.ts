// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { detectByName, type Language } from '../core/detect.ts';
import { detectEmbedding, type EmbeddingKind } from '../core/embedded/detect.ts';
import { DETECTION_REACH, detectYaml, mayBeYaml } from '../core/yaml/detect.ts';
import { IgnoreRules } from './ignore.ts';

/** Folders are left after this many levels: deeper trees are loops or attacks. */
const MAX_DEPTH = 64;
const MAX_FILES = 200_000;
/** Larger files are no build files. */
const MAX_BYTES = 4 * 1024 * 1024;
const CHUNK = 16 * 1024;

export interface FoundFile {
  /** Relative to the working directory where it lies below it, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly language: Language;
  /** Set where the file was named and is one of another tool that holds Dockerfiles; `language` is theirs. */
  readonly embedding?: EmbeddingKind;
}

export interface Unread {
  /** As it was named, or as it is printed. */
  readonly path: string;
  /** Why, as the end of a sentence. */
  readonly why: string;
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  /** Files in folders that would have been taken and are too large to be build files. */
  readonly skipped: number;
  /** Named paths and folders that cannot be read. */
  readonly unread: readonly Unread[];
}

/** `relative`, which takes its time, for the usual case that a path stands below a folder. */
export function relativeTo(folder: string, absolute: string): string {
  return absolute.startsWith(folder) && absolute.charAt(folder.length) === sep
    ? absolute.slice(folder.length + 1)
    : relative(folder, absolute);
}

/** The path as it is printed: relative to `cwd`, with forward slashes. */
export function shownPath(absolute: string, cwd: string): string {
  const short = relativeTo(cwd, absolute);
  return (short === '' ? basename(absolute) : short).split(sep).join('/');
}

const YAML_NAME = /\.ya?ml$/i;

/** Whether a file found in a folder is taken. A forced language takes YAML by its ending, Dockerfiles by any name. */
function languageOf(absolute: string, shown: string, forced: Language | null): Language | null {
  const name = basename(absolute);
  if (forced === 'dockerfile') return 'dockerfile';
  if (forced !== null) return YAML_NAME.test(name) ? forced : null;
  return detectByName(name) ?? (mayBeYaml(name) ? detectYaml(shown, beginningOf(absolute)) : null);
}

/** As much of a file as the detection looks at; '' where it cannot be read, which is said where it is read whole. */
function beginningOf(absolute: string): string {
  try {
    const file = openSync(absolute, 'r');
    try {
      const bytes = Buffer.alloc(DETECTION_REACH);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, DETECTION_REACH, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** A YAML file that is named is read, whatever it looks like; only a melange file has a package at its top. */
function namedYaml(absolute: string, shown: string): Language {
  const text = beginningOf(absolute);
  return detectYaml(shown, text) ?? (/^package\s*:/m.test(text) ? 'melange' : 'apko');
}

/** Why a file cannot be read, as the end of a sentence. */
export const why = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it does not exist. Check the path';
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied. Check its permissions';
  return error instanceof Error ? error.message : String(error);
};

/** A named file as what it is by its name: one of another tool only where `embedded` says that such are read. */
function namedFile(absolute: string, cwd: string, forced: Language | null, embedded: boolean): FoundFile {
  const file = { path: shownPath(absolute, cwd), absolute };
  const byName = forced ?? detectByName(basename(absolute));
  if (byName !== null) return { ...file, language: byName };
  const embedding = embedded ? detectEmbedding(absolute.split(sep).join('/')) : null;
  if (embedding !== null) return { ...file, language: 'dockerfile', embedding };
  return { ...file, language: YAML_NAME.test(absolute) ? namedYaml(absolute, file.path) : 'dockerfile' };
}

/**
 * Find the files to read under the given paths. A file that is named is always taken. In folders files of other tools
 * that hold Dockerfiles are none.
 */
export function discoverFiles(
  paths: readonly string[],
  cwd: string,
  forced: Language | null,
  embedded = false,
): Discovery {
  const files = new Map<string, FoundFile>();
  const unread: Unread[] = [];
  let skipped = 0;

  const visit = (folder: string, depth: number, ignored: IgnoreRules): void => {
    if (depth > MAX_DEPTH) return;
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      unread.push({ path: shownPath(folder, cwd), why: why(error) });
      return;
    }
    const rules = entries.some(({ name }) => name === '.gitignore') ? ignored.with(folder) : ignored;
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && !rules.ignores(absolute, true)) visit(absolute, depth + 1, rules);
        continue;
      }
      // Links are not followed: they may lead out of the folder that was asked for.
      if (!entry.isFile()) continue;
      if (rules.ignores(absolute, false)) continue;
      const shown = shownPath(absolute, cwd);
      const language = languageOf(absolute, shown, forced);
      if (language === null) continue;
      if (files.size >= MAX_FILES) skipped++;
      else files.set(absolute, { path: shown, absolute, language });
    }
  };

  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      if (statSync(absolute).isDirectory()) {
        visit(absolute, 0, new IgnoreRules());
        continue;
      }
      files.set(absolute, namedFile(absolute, cwd, forced, embedded));
    } catch (error) {
      unread.push({ path, why: why(error) });
    }
  }
  return { files: [...files.values()], skipped, unread };
}

/** Text of a file as UTF-8; bytes that are none become U+FFFD, as an editor shows them. */
export function readText(absolute: string): string {
  const file = openSync(absolute, 'r');
  try {
    // Read piece by piece: the size that a pipe or a file that grows names says nothing.
    let bytes = Buffer.allocUnsafe(CHUNK);
    for (let size = 0; ;) {
      const count = readSync(file, bytes, size, bytes.length - size, null);
      if (count === 0) return bytes.toString('utf8', 0, size);
      size += count;
      if (size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 2 ** 20} MiB, which no build file is`);
      if (size === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)]);
    }
  } finally {
    closeSync(file);
  }
}
