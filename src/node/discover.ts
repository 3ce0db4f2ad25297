// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { detectByName, type Language } from '../core/detect.ts';
import { IgnoreRules } from './ignore.ts';

/** Folders are left after this many levels: deeper trees are loops or attacks. */
const MAX_DEPTH = 64;
const MAX_FILES = 200_000;
/** Larger files are no build files; they are counted as skipped. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface FoundFile {
  /** Relative to the working directory where it lies below it, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly language: Language;
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  /** Files that were named or would have matched, and could not be read as text. */
  readonly skipped: number;
  /** Named paths that do not exist or cannot be read. */
  readonly missing: readonly string[];
}

/** The path as it is printed: relative to `cwd`, with forward slashes. */
export function shownPath(absolute: string, cwd: string): string {
  const short = relative(cwd, absolute);
  return (short === '' ? basename(absolute) : short).split(sep).join('/');
}

const YAML_NAME = /\.ya?ml$/i;

/** Whether a file found in a folder is taken. A forced language takes YAML by its ending, Dockerfiles by any name. */
function languageOf(name: string, forced: Language | null): Language | null {
  if (forced === null) return detectByName(name);
  if (forced === 'dockerfile') return 'dockerfile';
  return YAML_NAME.test(name) ? forced : null;
}

/** Find the files to read under the given paths. A file that is named is always taken. */
export function discoverFiles(paths: readonly string[], cwd: string, forced: Language | null): Discovery {
  const files = new Map<string, FoundFile>();
  const missing: string[] = [];
  let skipped = 0;
  const take = (absolute: string, language: Language): void => {
    if (statSync(absolute).size > MAX_BYTES) skipped++;
    else if (files.size < MAX_FILES) files.set(absolute, { path: shownPath(absolute, cwd), absolute, language });
    else skipped++;
  };

  const visit = (folder: string, depth: number, ignored: IgnoreRules): void => {
    if (depth > MAX_DEPTH) return;
    const rules = ignored.with(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules' && !rules.ignores(absolute, true))
          visit(absolute, depth + 1, rules);
        continue;
      }
      // Links are not followed: they may lead out of the folder that was asked for.
      if (!entry.isFile()) continue;
      const language = languageOf(entry.name, forced);
      if (language !== null && !rules.ignores(absolute, false)) take(absolute, language);
    }
  };

  for (const path of paths) {
    const absolute = join(path.startsWith('/') ? '' : cwd, path);
    try {
      if (statSync(absolute).isDirectory()) visit(absolute, 0, new IgnoreRules());
      else
        take(
          absolute,
          forced ?? detectByName(basename(absolute)) ?? (YAML_NAME.test(absolute) ? 'apko' : 'dockerfile'),
        );
    } catch {
      missing.push(path);
    }
  }
  return { files: [...files.values()], skipped, missing };
}

/** Text of a file as UTF-8; bytes that are none become U+FFFD, as an editor shows them. */
export function readText(absolute: string): string {
  if (!lstatSync(absolute).isSymbolicLink() && statSync(absolute).size > MAX_BYTES) throw new Error('it is too large');
  return readFileSync(absolute, 'utf8');
}
