// SPDX-License-Identifier: Apache-2.0
// Damages valid configuration files in the ways people do, and remembers which line was touched.
import { parseGoYaml } from '../../src/core/yaml/reader/parse.ts';
import type { GoNode } from '../../src/core/yaml/go/node.ts';
import type { ConfigFile } from './config-corpus.ts';
import type { Random } from './dockerfile-grammar.ts';

export const MUTATIONS = ['key-typo', 'wrong-type', 'duplicate-key', 'tab', 'deleted-line', 'wrong-value'] as const;
export type Mutation = (typeof MUTATIONS)[number];

export interface Mutant extends ConfigFile {
  readonly mutation: Mutation;
  /** Lines, from 0, of which a right range touches one: the changed line; for a deleted one that of its parent key. */
  readonly lines: readonly number[];
}

interface Entry {
  readonly key: GoNode;
  readonly value: GoNode;
}

function entriesBelow(node: GoNode, all: Entry[] = []): Entry[] {
  if (node.kind === 'map') {
    for (let i = 0; i + 1 < node.items.length; i += 2) {
      const [key, value] = [node.items[i], node.items[i + 1]];
      if (key === undefined || value === undefined) continue;
      all.push({ key, value });
      entriesBelow(value, all);
    }
  } else if (node.kind === 'list') for (const item of node.items) entriesBelow(item, all);
  return all;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;
const indentOf = (line: string): number => line.search(/[^ ]|$/);

const WRONG_VALUES = [
  '${{vars.undefined}}',
  '${{ nothing }}',
  '${{',
  '-1',
  'abc',
  '*missing',
  '&anchor',
  '@at',
  '`tick`',
  '%percent',
  "'open",
  '"open',
  'a: b',
  '[',
  '{',
  '- x',
  '? x',
  '!!int x',
  '!local x',
  '|',
  '>-',
  '~',
  '0o8',
  '1e400',
  '<<',
  '1.5',
  '.inf',
  'yes',
  '2024-02-30',
  '""',
  '"\\q"',
  'Über "all"',
  '[a, b',
  '{a: 1}',
  'x # y',
  '0x1F',
  '!!binary ?',
];

const TYPOS: readonly ((key: string, random: Random) => string)[] = [
  (key, random) => {
    const at = random.below(key.length);
    return key.slice(0, at) + key.slice(at + 1);
  },
  (key, random) => {
    const at = random.below(key.length);
    return key.slice(0, at) + (key[at] ?? '') + key.slice(at);
  },
  (key, random) => {
    const at = random.below(Math.max(key.length - 1, 1));
    return key.slice(0, at) + (key[at + 1] ?? '') + (key[at] ?? '') + key.slice(at + 2);
  },
  (key, random) => {
    const at = random.below(key.length);
    return key.slice(0, at) + random.pick([...'abcdefghijklmnop']) + key.slice(at + 1);
  },
  (key) => (key.includes('-') ? key.replaceAll('-', '_') : `${key}s`),
];

type Change = { readonly text: string; readonly lines: readonly number[] } | null;

const replaced = (text: string, { start, end }: { start: number; end: number }, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

function keyTypo(text: string, entries: readonly Entry[], random: Random): Change {
  const { key } = random.pick(entries);
  if (key.kind !== 'scalar' || key.value === '') return null;
  const written = text.slice(key.start, key.end);
  const typo = random.pick(TYPOS)(written, random);
  return typo === written ? null : { text: replaced(text, key, typo), lines: [lineOf(text, key.start)] };
}

function wrongType(text: string, entries: readonly Entry[], random: Random): Change {
  const { key, value } = random.pick(entries);
  const line = lineOf(text, key.start);
  const block = value.kind !== 'scalar' && !value.flow;
  const by = random.pick(
    value.kind === 'scalar'
      ? ['[x]', '{x: y}', '[]', '{}', 'abc', '12', '1.5', 'true']
      : ['x', '12', 'true', ...(value.kind === 'list' ? ['{x: y}', '{}'] : ['[x]', '[]'])],
  );
  // What is replaced reaches to the end of the block.
  return { text: replaced(text, value, block ? ` ${by}` : by), lines: [line, lineOf(text, value.start)] };
}

function duplicateKey(text: string, entries: readonly Entry[], random: Random): Change {
  const { key, value } = random.pick(entries);
  const start = text.lastIndexOf('\n', key.start - 1) + 1;
  const lead = text.slice(start, key.start);
  if (!/^[ ]*(?:- )*$/.test(lead)) return null;
  const breakAt = text.indexOf('\n', Math.max(value.end - 1, key.end));
  const end = breakAt < 0 ? text.length : breakAt + 1;
  const copy = ' '.repeat(lead.length) + text.slice(key.start, end);
  return { text: text.slice(0, end) + copy + text.slice(end), lines: [lineOf(text, start), lineOf(text, end)] };
}

function tab(text: string, random: Random): Change {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  if (line.trim() === '') return null;
  const indent = indentOf(line);
  const made = random.pick([
    `\t${line.slice(indent)}`,
    `${line.slice(0, indent)}\t${line.slice(indent)}`,
    line.replace(': ', ':\t'),
    line.replace('- ', '-\t'),
    `${line}\t`,
    `\t${line}`,
  ]);
  return made === line ? null : { text: lines.with(at, made).join('\n'), lines: [at] };
}

function deletedLine(text: string, random: Random): Change {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  if (line.trim() === '' || lines.length < 3) return null;
  const parent = lines.findLastIndex((each, i) => i < at && each.trim() !== '' && indentOf(each) < indentOf(line));
  // At the top there is no parent: then it is the place where the line was.
  return { text: lines.toSpliced(at, 1).join('\n'), lines: parent >= 0 ? [parent] : [Math.max(at - 1, 0), at] };
}

function wrongValue(text: string, entries: readonly Entry[], random: Random): Change {
  const scalars = entries.filter((entry) => entry.value.kind === 'scalar');
  if (scalars.length === 0) return null;
  const { value } = random.pick(scalars);
  const by = random.pick(WRONG_VALUES);
  return { text: replaced(text, value, value.start === value.end ? ` ${by}` : by), lines: [lineOf(text, value.start)] };
}

/** One mutant of the file by this mutation; null where the dice found nothing to change. */
export function mutate(file: ConfigFile, mutation: Mutation, random: Random): Mutant | null {
  const { text } = file;
  const { root } = parseGoYaml(text);
  if (root === null) return null;
  const entries = entriesBelow(root);
  if (entries.length === 0) return null;
  const change =
    mutation === 'key-typo'
      ? keyTypo(text, entries, random)
      : mutation === 'wrong-type'
        ? wrongType(text, entries, random)
        : mutation === 'duplicate-key'
          ? duplicateKey(text, entries, random)
          : mutation === 'tab'
            ? tab(text, random)
            : mutation === 'deleted-line'
              ? deletedLine(text, random)
              : wrongValue(text, entries, random);
  return change === null || change.text === text ? null : { ...file, ...change, mutation };
}

/** `count` mutants of these files, each mutation as often as the others. */
export function mutants(files: readonly ConfigFile[], count: number, random: Random): Mutant[] {
  const made: Mutant[] = [];
  for (let i = 0; made.length < count && i < count * 20; i++) {
    const mutation = MUTATIONS[made.length % MUTATIONS.length] ?? 'key-typo';
    const mutant = mutate(random.pick(files), mutation, random);
    if (mutant !== null) made.push(mutant);
  }
  return made;
}

const NOISE = [
  ...' \t\n\r:-?#&*!|>\'"%@`,[]{}<=~.0aZ_$\\é🙂\u0085\u2028\ufeff',
  '\n  ',
  ': ',
  '- ',
  ' #',
  '---',
  '...',
  '${{',
];

/** The file with a few characters put in, taken out or changed anywhere. */
export function noised(file: ConfigFile, random: Random): ConfigFile {
  let { text } = file;
  for (let i = 1 + random.below(3); i > 0; i--) {
    // By characters, so that none is cut in half.
    const characters = [...text];
    const at = random.below(characters.length + 1);
    text = characters.toSpliced(at, random.below(3), random.pick(['', ...NOISE, ...NOISE])).join('');
  }
  return { ...file, text };
}
