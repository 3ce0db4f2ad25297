// SPDX-License-Identifier: Apache-2.0
// The lock files of `apko lock`, as apko v1.2.37 writes and checks them.
import { base64, sha256, utf8 } from '../text/sha256.ts';
import type { ReadBeside } from './validate.ts';

export interface ApkoLock {
  /** `sha256-` and the hash of the locked file in base64. */
  readonly checksum: string;
  /** Version of each package; null where it is not the same for every architecture. */
  readonly versions: ReadonlyMap<string, string | null>;
}

/** What `apko lock` calls its file by default: the ending of the configuration gives way to `.lock.json`. */
export const lockNameOf = (name: string): string => `${name.replace(/\.[^.]*$/, '')}.lock.json`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null where the text is no lock file. */
export function readLock(text: string): ApkoLock | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(document) || !isObject(document['config']) || !isObject(document['contents'])) return null;
  const { checksum } = document['config'];
  const { packages } = document['contents'];
  if (typeof checksum !== 'string' || !Array.isArray(packages)) return null;
  const versions = new Map<string, string | null>();
  for (const each of packages as unknown[]) {
    if (!isObject(each) || typeof each['name'] !== 'string' || typeof each['version'] !== 'string') return null;
    const known = versions.get(each['name']);
    versions.set(each['name'], known === undefined || known === each['version'] ? each['version'] : null);
  }
  return { checksum, versions };
}

const MAX_INCLUDES = 16;

/** The file's text, and behind it that of each file that it includes, by turns; null where one cannot be read. */
function chainOf(text: string, includeOf: (text: string) => string, beside: ReadBeside): string | null {
  let whole = '';
  let include = includeOf(text);
  for (let i = 0; include !== ''; i++) {
    const included = i < MAX_INCLUDES ? beside(include) : null;
    if (typeof included !== 'string') return null;
    whole += included;
    include = includeOf(included);
  }
  return whole;
}

/** Longer files are not compared: hashing them takes longer than a keystroke may. */
const MAX_LENGTH = 262_144;

/**
 * Whether a lock file was made of this text; null where that cannot be told. apko hashes the bytes of the file and of
 * what it includes. An editor's text lacks the mark at the beginning and has its line ends made alike: a lock of the
 * same text with those counts as well.
 */
export function isLockOf(
  lock: ApkoLock,
  text: string,
  includeOf: (text: string) => string,
  beside: ReadBeside,
): boolean | null {
  const rest = chainOf(text, includeOf, beside);
  // What is no UTF-8 was read as U+FFFD, and its bytes are lost.
  if (rest === null || text.length + rest.length > MAX_LENGTH || text.includes('\ufffd')) return null;
  const plain = text.replaceAll('\r\n', '\n');
  const forms = new Set([text, plain, plain.replaceAll('\n', '\r\n')].flatMap((form) => [form, `\ufeff${form}`]));
  return [...forms].some((form) => lock.checksum === `sha256-${base64(sha256(utf8(form + rest)))}`);
}
