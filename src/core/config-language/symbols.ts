// SPDX-License-Identifier: Apache-2.0
// The outline of a file.
import type { Analysis } from './analysis.ts';
import type { ConfigSymbol, ConfigSymbolKind } from './model.ts';
import { unwrapped } from './place.ts';
import { childrenOf, type Frame } from './walk.ts';

/** An outline that is longer is none. */
const MOST_SYMBOLS = 5_000;
const MOST_CHARACTERS = 120;

const SECTIONS: Readonly<Record<string, ConfigSymbolKind>> = {
  package: 'package',
  test: 'test',
  vars: 'list',
  data: 'list',
  pipeline: 'list',
  subpackages: 'list',
  packages: 'list',
  repositories: 'list',
  keyring: 'list',
  'var-transforms': 'list',
  accounts: 'section',
  paths: 'list',
  inputs: 'list',
};

function shown(text: string): string {
  const line =
    text
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}

const field = (frame: Frame, name: string): string => {
  const found = childrenOf(frame).find((child) => child.name === name);
  return found?.node.kind === 'scalar' ? shown(found.node.value) : '';
};

const firstLine = (text: string): string =>
  shown(
    text
      .split(/\r\n|\r|\n/)
      .find((line) => line.trim() !== '' && !/^\s*(?:#|set [-+])/.test(line) && !/^[|>]/.test(line)) ?? '',
  );

/** What an item of a list is called, by the struct it is read into. */
function itemLabel(frame: Frame): readonly [string, string, ConfigSymbolKind] {
  const type = unwrapped(frame.type);
  if (type?.kind !== 'struct') {
    const text = frame.node.kind === 'scalar' ? shown(frame.node.value) : '';
    return [text, '', 'item'];
  }
  switch (type.name) {
    case 'melange.Pipeline': {
      const [name, uses, runs] = [field(frame, 'name'), field(frame, 'uses'), scriptOf(frame)];
      const nested = childrenOf(frame).some((child) => child.name === 'pipeline') ? 'steps' : 'step';
      return name !== ''
        ? [name, uses === '' ? runs : uses, 'step']
        : uses !== ''
          ? [uses, '', 'step']
          : [runs === '' ? nested : runs, '', 'step'];
    }
    case 'melange.Subpackage':
      return [field(frame, 'name'), field(frame, 'range'), 'subpackage'];
    case 'melange.RangeData':
      return [field(frame, 'name'), '', 'data'];
    case 'melange.VarTransforms':
      return [field(frame, 'to'), field(frame, 'from'), 'variable'];
    case 'melange.Copyright':
      return [field(frame, 'license'), '', 'item'];
    case 'apko.User':
      return [field(frame, 'username'), field(frame, 'uid'), 'account'];
    case 'apko.Group':
      return [field(frame, 'groupname'), field(frame, 'gid'), 'account'];
    case 'apko.PathMutation':
      return [field(frame, 'path'), field(frame, 'type'), 'path'];
    default:
      return [field(frame, 'name') || field(frame, 'path'), '', 'item'];
  }
}

const scriptOf = (frame: Frame): string => {
  const runs = childrenOf(frame).find((child) => child.name === 'runs')?.node;
  return runs?.kind === 'scalar' ? firstLine(runs.value) : '';
};

/** Lists whose items say more than the list. */
const OPENED = new Set([
  'package',
  'environment',
  'contents',
  'vars',
  'data',
  'items',
  'pipeline',
  'subpackages',
  'test',
  'update',
  'inputs',
  'var-transforms',
  'dependencies',
  'runtime',
  'provides',
  'packages',
  'repositories',
  'keyring',
  'accounts',
  'users',
  'groups',
  'paths',
  'entrypoint',
  'services',
  'options',
  'copyright',
]);

export function symbolsOf({ root }: Analysis): readonly ConfigSymbol[] {
  if (root === null) return [];
  let left = MOST_SYMBOLS;
  const below = (frame: Frame): ConfigSymbol[] =>
    childrenOf(frame).flatMap((child) => {
      if (left-- <= 0) return [];
      const made = symbol(child);
      return made === null ? [] : [made];
    });
  const symbol = (frame: Frame): ConfigSymbol | null => {
    const { key, node, name, owner } = frame;
    const start = key?.start ?? node.start;
    const span = { start, end: Math.max(node.end, key?.end ?? node.end) };
    if (key === null) {
      const [label, detail, kind] = itemLabel(frame);
      if (label === '') return null;
      const children = unwrapped(frame.type)?.kind === 'struct' ? below(frame).filter(isNested) : [];
      const first = childrenOf(frame)[0];
      const selection =
        node.kind === 'scalar'
          ? { start: node.start, end: node.end }
          : { start: first?.key?.start ?? start, end: first?.node.end ?? node.end };
      return { name: label, detail, kind, span, selection: within(selection, span), children };
    }
    const text = String(name);
    const selection = { start: key.start, end: key.end };
    if (node.kind === 'scalar') {
      const kind: ConfigSymbolKind = owner === null ? 'variable' : 'value';
      return text === '' ? null : { name: text, detail: shown(node.value), kind, span, selection, children: [] };
    }
    const kind = SECTIONS[text] ?? 'section';
    const detail = text === 'package' ? [field(frame, 'name'), field(frame, 'version')].filter(Boolean).join(' ') : '';
    const children = owner === null || OPENED.has(text) ? below(frame) : [];
    return text === '' ? null : { name: text, detail, kind, span, selection, children };
  };
  return below(root);
}

/** Of a step or subpackage its plain fields stand in its name already. */
const isNested = ({ kind, children }: ConfigSymbol): boolean => kind !== 'value' || children.length > 0;

function within(inner: ConfigSymbol['span'], outer: ConfigSymbol['span']): ConfigSymbol['span'] {
  const start = Math.min(Math.max(inner.start, outer.start), outer.end);
  return { start, end: Math.max(start, Math.min(inner.end, outer.end)) };
}
