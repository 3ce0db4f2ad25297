// SPDX-License-Identifier: Apache-2.0
// Says in plain words what the reader or the decoder of a Go tool refuses, with a fix where one cannot break anything.
import type { Fix } from '../../model/finding.ts';
import type { GoYamlError } from '../reader/errors.ts';
import type { DecodeProblem } from '../decoder/decode.ts';
import type { GoNode } from './node.ts';
import type { ValidityProblem } from './problem.ts';
import { closest } from './spelling.ts';
import type { GoType, StructType } from './types.ts';

const WANTED: Readonly<Record<GoType['kind'], string>> = {
  string: 'a text',
  bool: 'true or false',
  int: 'a whole number',
  uint32: 'a whole number from 0 to 4294967295',
  uint64: 'a whole number from 0',
  duration: 'a duration such as "1h30m"',
  pointer: 'a value',
  list: 'a list',
  map: 'keys and values',
  struct: 'keys and values',
};

const FOUND: Readonly<Record<string, string>> = {
  '!!str': 'a text',
  '!!int': 'a number',
  '!!float': 'a number',
  '!!bool': 'true or false',
  '!!null': 'nothing',
  '!!timestamp': 'a date',
  '!!seq': 'a list',
  '!!map': 'keys and values',
};

const found = (node: GoNode): string => FOUND[node.tag] ?? 'a value';

function wrongType(node: GoNode, wanted: GoType, key: GoNode | null): string {
  const kind = wanted.kind === 'pointer' ? wanted.of.kind : wanted.kind;
  if (key !== null) {
    const name = JSON.stringify(key.value.slice(0, 60));
    const how = kind === 'list' ? ', each entry behind "- "' : '';
    const is = node.kind === 'list' ? 'A list stands' : 'Keys and values stand';
    return `${is} below ${name}, which takes ${WANTED[kind]}. Write ${WANTED[kind]}${how}.`;
  }
  const is =
    node.kind === 'scalar' && node.value.length <= 40 ? `${JSON.stringify(node.value)} is` : `This is ${found(node)},`;
  return `${is} not ${WANTED[kind]}. Write ${WANTED[kind]} here.`;
}

/** The fix of a misspelt key: the one key of this struct that is near, unless the struct has it already. */
function renameKey(key: string, span: { start: number; end: number }, name: string): Fix {
  return {
    title: `Change ${JSON.stringify(key)} to ${JSON.stringify(name)}`,
    edits: [{ span, newText: name }],
    preferred: true,
  };
}

/** Something is missing between a key and a line that does not fit below it: so many lines are marked at most. */
const NEAR = 12;

/** The text is the one that was read. */
export function explainSyntax(error: GoYamlError, tool: string, text: string): ValidityProblem {
  const { start, end, blocks, message } = error;
  const said = `${tool} cannot read this file: ${message}`;
  // By the list itself rather than by its entry, where it is as near.
  const block = blocks.find((at) => text.slice(at, start).split('\n', NEAR + 2).length <= NEAR + 1);
  return block === undefined
    ? { span: { start, end }, message: `${said}.`, fixes: [] }
    : { span: { start: block, end }, message: `${said} in the last line of what is marked.`, fixes: [] };
}

/** What struct a key belongs in, where it is spelt right and stands in the wrong place. */
function homesOf(key: string, structs: readonly StructType[]): string | null {
  const homes = structs.filter((struct) => struct.fields.has(key)).map(({ name }) => name);
  return homes.length === 1 ? (homes[0] ?? null) : null;
}

/** A name within a sentence. */
const inside = (name: string): string => name.replace(/^(?:An?|The) /, (article) => article.toLowerCase());

export interface KeyNames {
  /** What a struct is called in a message, for example "package.dependencies". */
  readonly nameOf: (struct: StructType) => string;
  readonly structs: readonly StructType[];
}

export function explainDecoding(problem: DecodeProblem, names: KeyNames): ValidityProblem {
  const { span } = problem;
  switch (problem.kind) {
    case 'unknown-key': {
      const { key, struct, siblings } = problem;
      const known = [...struct.fields.keys()].filter((name) => !siblings.has(name));
      const near = closest(key, known);
      const where = names.nameOf(struct);
      const home = near === null ? homesOf(key, names.structs) : null;
      const homeType = home === null ? undefined : names.structs.find(({ name }) => name === home);
      const hint =
        near !== null
          ? ` Did you mean ${JSON.stringify(near)}?`
          : homeType !== undefined
            ? ` It belongs in ${inside(names.nameOf(homeType))}.`
            : ` Remove it or move it.`;
      return {
        span,
        message: `${where} knows no key ${JSON.stringify(key)}.${hint}`,
        fixes: near === null ? [] : [renameKey(key, span, near)],
      };
    }
    case 'duplicate-key':
      return {
        span,
        message: `The key ${JSON.stringify(problem.key)} stands twice. Remove one of the two.`,
        fixes: [],
        related: { span: problem.first, message: 'It stands here first' },
      };
    case 'wrong-type':
      return { span, message: wrongType(problem.node, problem.wanted, problem.key), fixes: [] };
    case 'other':
      return { span, message: problem.message, fixes: [] };
  }
}
