// SPDX-License-Identifier: Apache-2.0
// Reads what apko v1.2.37 says when it stops, and finds the line of the configuration that it is about.
import { list } from '../panel/words.ts';
import { SourceText, type Span } from '../text/source-text.ts';
import type { GoNode } from '../yaml/go/node.ts';
import { addressOf, outlineOf, type ConfigOutline } from './config.ts';

export interface ApkoProblem {
  readonly span: Span;
  readonly severity: 'error' | 'warning';
  /** What happened, why, and what to do. */
  readonly message: string;
}

/** Longer output is cut: a hostile index can make any amount of it. */
const MAX_OUTPUT = 200_000;
const MAX_WORDS = 300;

const clip = (text: string): string => (text.length <= MAX_WORDS ? text : `${text.slice(0, MAX_WORDS - 1)}…`);

/** The last thing that apko calls an error, which may have several lines. */
export function errorOf(output: string): string | null {
  const lines = output.slice(-MAX_OUTPUT).split(/\r?\n/);
  const start = lines.findLastIndex((line) => line.startsWith('Error: '));
  if (start === -1) return null;
  const rest = lines.slice(start + 1);
  // Log lines begin with the time.
  const end = rest.findIndex((line) => /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /.test(line));
  return [lines[start]?.slice('Error: '.length) ?? '', ...rest.slice(0, end === -1 ? rest.length : end)]
    .join('\n')
    .trim();
}

/** Everything that apko's output says of places in a configuration with this text; the error itself comes first. */
export function apkoProblems(output: string, text: string): readonly ApkoProblem[] {
  const outline = outlineOf(text);
  const error = errorOf(output);
  return [...(error === null ? [] : [errorProblem(error, text, outline)]), ...missingIndexes(output, outline)];
}

function errorProblem(error: string, text: string, outline: ConfigOutline): ApkoProblem {
  const found =
    unsolved(error, outline) ??
    unreadableKey(error, outline) ??
    unsigned(error, outline) ??
    unreachable(error, outline) ??
    staleLock(error, outline) ??
    atLine(error, text);
  return found ?? problem(outline.contents, `apko stopped: ${clip(error)}`);
}

function problem(place: Span | GoNode, message: string, severity: ApkoProblem['severity'] = 'error'): ApkoProblem {
  return { span: { start: place.start, end: place.end }, severity, message };
}

/** `hello` of `hello=1.2.3-r0@local`. */
const nameOf = (constraint: string): string => /^!?([^\s<>=~@]+)/.exec(constraint)?.[1] ?? constraint;

/** The item that a constraint was made of: its own text first, then the same package. */
function itemFor(constraint: string, items: readonly GoNode[]): GoNode | null {
  return (
    items.find(({ value }) => value === constraint) ??
    items.find(({ value }) => nameOf(value) === nameOf(constraint)) ??
    null
  );
}

function unsolved(error: string, { packages, contents }: ConfigOutline): ApkoProblem | null {
  const solved = [...error.matchAll(/solving "([^"\n]+)" constraint/g)].map(([, constraint = '']) => constraint);
  const [outer] = solved;
  if (outer === undefined) return null;
  const asked = solved.find((constraint) => itemFor(constraint, packages) !== null) ?? outer;
  const place = itemFor(asked, packages) ?? contents;
  const absent = /nothing provides "([^"\n]+)"/.exec(error)?.[1];
  if (absent !== undefined) {
    return problem(
      place,
      nameOf(absent) === nameOf(asked)
        ? `No repository of this file has ${clip(absent)}. Correct the name, or add the repository that has it.`
        : `${clip(asked)} needs ${clip(absent)}, which no repository of this file has. Add the repository that has it, or leave ${clip(nameOf(asked))} out.`,
    );
  }
  return (
    disqualified(error, asked, place) ?? problem(place, `apko cannot choose ${clip(asked)}: ${clip(lastLine(error))}`)
  );
}

/** Versions that are there and may not be taken. */
function disqualified(error: string, asked: string, place: Span | GoNode): ApkoProblem | null {
  const reasons = [...error.matchAll(/(\S+)\.apk disqualified because ([^\n]+)/g)];
  if (reasons.length === 0) return null;
  const architectures = new Set(
    reasons.flatMap(([, , why = '']) => /not available for arch "([^"]+)"/.exec(why)?.[1] ?? []),
  );
  if (architectures.size > 0) {
    return problem(
      place,
      `${clip(nameOf(asked))} is not there for ${list([...architectures].slice(0, 8))}. Leave that out of "archs", or take a repository that has it.`,
    );
  }
  const pairs = reasons.flatMap(([, , why = '']) => {
    const [, version, constraint] = /"([^"]+)" does not satisfy "([^"]+)"/.exec(why) ?? [];
    return version === undefined || constraint === undefined ? [] : [{ version, constraint }];
  });
  if (pairs.length === 0) return null;
  const versions = [...new Set(pairs.map(({ version }) => version))].slice(0, 8).map(clip);
  const constraints = [...new Set(pairs.map(({ constraint }) => constraint))].slice(0, 4).map(clip);
  const there = `The repositories have ${list(versions)}`;
  return problem(
    place,
    constraints.length > 1
      ? `No version fits ${list(constraints)}. ${there}: change one of them.`
      : `No version fits ${constraints[0] ?? ''}. ${there}: take one of ${versions.length === 1 ? 'that version' : 'these'}.`,
  );
}

function unreadableKey(error: string, { keyring, contents }: ConfigOutline): ApkoProblem | null {
  const [, path, why] = /failed to read apk key: open ([^\n]+?): ([^\n]+)/.exec(error) ?? [];
  if (path === undefined || why === undefined) return null;
  const place = keyring.find(({ value }) => value === path) ?? contents;
  return problem(
    place,
    `The key ${clip(path)} could not be read: ${clip(why)}. Correct its path; it is seen from the folder in which apko runs.`,
  );
}

function unsigned(error: string, { repositories, contents }: ConfigOutline): ApkoProblem | null {
  const [, index = '', why = ''] =
    /reading index (\S+): (no keys provided to verify signature|no signature with known key[^\n]*)/.exec(error) ?? [];
  if (index === '') return null;
  const place = repositories.find(({ value }) => index.startsWith(addressOf(value))) ?? contents;
  return problem(
    place,
    why.startsWith('no keys')
      ? 'The index of this repository is signed, and the keyring is empty. Add its public key to "keyring".'
      : 'No key of the keyring signed the index of this repository. Add the public key that did to "keyring".',
  );
}

function unreachable(error: string, { repositories, keyring, contents }: ConfigOutline): ApkoProblem | null {
  const address = /\b(https?:\/\/[^\s"\\]+)/.exec(error)?.[1];
  if (address === undefined) return null;
  const place =
    keyring.find(({ value }) => value === address) ??
    repositories.find(({ value }) => address.startsWith(addressOf(value))) ??
    contents;
  const host = /^https?:\/\/([^/]+)/.exec(address)?.[1] ?? address;
  return problem(
    place,
    `${clip(host)} did not give what apko asked for: ${clip(lastPart(error))}. Check the address and the network, then try again.`,
  );
}

function staleLock(error: string, { contents }: ConfigOutline): ApkoProblem | null {
  if (!/checksum in the lock file .* does not match/s.test(error)) return null;
  return problem(
    contents,
    'The lock file was made for another text of this file, so apko does not build with it. Lock the configuration again.',
  );
}

/** `line 4: field pakages not found`: what the YAML reader says. */
function atLine(error: string, text: string): ApkoProblem | null {
  const [, number, why] = /\bline (\d{1,7}): ([^\n]+)/.exec(error) ?? [];
  if (number === undefined || why === undefined) return null;
  const lines = text.split(/\r\n|\r|\n/);
  const line = Math.min(Math.max(Number(number), 1), lines.length);
  const own = lines[line - 1] ?? '';
  const source = new SourceText(text);
  const first = own.length - own.trimStart().length + 1;
  const start = source.offsetAt({ line, column: first });
  return problem({ start, end: start + own.trim().length }, `apko refuses this: ${clip(why)}.`);
}

/** Local repositories without an index for an architecture: apko only warns, and finds no packages then. */
function missingIndexes(output: string, { repositories }: ConfigOutline): readonly ApkoProblem[] {
  const seen = new Map<string, ApkoProblem>();
  for (const [, path = ''] of output.slice(-MAX_OUTPUT).matchAll(/WARN getting local index (\S+): stat/g)) {
    const place = repositories.find(({ value }) => path.startsWith(addressOf(value)));
    if (place === undefined || seen.has(path)) continue;
    seen.set(path, problem(place, `There is no ${clip(path)}, so this repository has no packages for it.`, 'warning'));
    if (seen.size >= 8) break;
  }
  return [...seen.values()];
}

function lastLine(error: string): string {
  return error.split('\n').at(-1)?.trim() ?? error;
}

/** What stands behind the last colon: the cause of causes. */
function lastPart(error: string): string {
  return lastLine(error).split(': ').at(-1)?.replace(/\.$/, '') ?? error;
}
