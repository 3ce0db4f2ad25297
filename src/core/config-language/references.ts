// SPDX-License-Identifier: Apache-2.0
// References to variables in the texts of a file, and what they refer to.
import { entriesOf, entryOf, itemsOf, resolved, type GoNode } from '../yaml/go/node.ts';
import { unwrapped } from './place.ts';
import { enclosing, framesOf, type Frame } from './walk.ts';
import type { Span } from '../text/source-text.ts';

export interface Reference {
  /** `vars.x`, without braces and blanks. */
  readonly name: string;
  /** The name itself. */
  readonly span: Span;
  /** With the braces. */
  readonly whole: Span;
}

const REFERENCE = /\$\{\{([ \t\r\n]*)([A-Za-z0-9._-]+)[ \t\r\n]*\}\}/g;

/** The references in a stretch of text; the same in quotes, blocks and plain values. */
export function referencesIn(text: string, { start, end }: Span): Reference[] {
  if (text.indexOf('${{', start) < 0) return [];
  return [...text.slice(start, end).matchAll(REFERENCE)].map(({ index, 0: whole, 1: blank = '', 2: name = '' }) => {
    const from = start + index + 3 + blank.length;
    return {
      name,
      span: { start: from, end: from + name.length },
      whole: { start: start + index, end: start + index + whole.length },
    };
  });
}

export interface PlacedReference extends Reference {
  readonly frame: Frame;
}

/** Every reference of a file. Aliases repeat nothing: what they stand for is looked at where it is written. */
export function allReferences(root: Frame, text: string): PlacedReference[] {
  const found: PlacedReference[] = [];
  for (const frame of framesOf(root)) {
    if (frame.node.kind !== 'scalar') continue;
    for (const reference of referencesIn(text, frame.node)) found.push({ ...reference, frame });
  }
  return found;
}

/** A name that a file gives to something. */
export interface Named {
  readonly name: string;
  readonly node: GoNode;
  /** What it stands for, as it is written; '' where that is nothing plain. */
  readonly value: string;
  /** The whole entry. */
  readonly span: Span;
}

export interface Names {
  readonly vars: readonly Named[];
  /** What var-transforms make; their values are what they are made of. */
  readonly transforms: readonly Named[];
  /** The variables of build options, which stand in for those of the file. */
  readonly optionVars: readonly Named[];
  readonly options: readonly Named[];
  readonly data: readonly (Named & { readonly items: readonly Named[] })[];
  readonly subpackages: readonly (Named & { readonly range: string })[];
  readonly package: ReadonlyMap<string, Named>;
}

const text = (node: GoNode | null | undefined): string => {
  if (node === null || node === undefined) return '';
  const { kind, value } = resolved(node);
  return kind === 'scalar' ? value : '';
};

function entries(map: GoNode | null | undefined): Named[] {
  if (map === null || map === undefined) return [];
  return [...entriesOf(map)].map(({ key, value }) => ({
    name: text(key),
    node: key,
    value: text(value),
    span: { start: key.start, end: Math.max(key.end, value.end) },
  }));
}

/** What the field `name` of a list's items calls them. */
function items(list: GoNode | null | undefined, name: string, value: string): (Named & { readonly item: GoNode })[] {
  return itemsOf(list).flatMap((item) => {
    const entry = entryOf(item, name);
    if (entry === null || text(entry.value) === '') return [];
    const span = { start: item.start, end: item.end };
    return [{ name: text(entry.value), node: entry.value, value: text(entryOf(item, value)?.value), span, item }];
  });
}

/** The names that a melange file gives. */
export function namesOf(root: GoNode | null): Names {
  const at = (key: string): GoNode | null => entryOf(root, key)?.value ?? null;
  const options = at('options');
  return {
    vars: entries(at('vars')),
    transforms: items(at('var-transforms'), 'to', 'from'),
    optionVars:
      options === null ? [] : [...entriesOf(options)].flatMap(({ value }) => entries(entryOf(value, 'vars')?.value)),
    options: entries(options),
    data: items(at('data'), 'name', 'name').map((each) => ({
      ...each,
      items: entries(entryOf(each.item, 'items')?.value),
    })),
    subpackages: items(at('subpackages'), 'name', 'description').map((each) => ({
      ...each,
      range: text(entryOf(each.item, 'range')?.value),
    })),
    package: new Map(entries(at('package')).map((each) => [each.name, each])),
  };
}

/** The inputs that a step or pipeline declares, and those it is given; the step is a struct melange.Pipeline. */
export function inputsOf(step: Frame | null): readonly Named[] {
  if (step === null || unwrapped(step.type)?.kind !== 'struct') return [];
  const declared = entryOf(step.node, 'inputs')?.value;
  if (declared === undefined) return [];
  return [...entriesOf(declared)].map(({ key, value }) => ({
    name: text(key),
    node: key,
    value: text(entryOf(value, 'default')?.value),
    span: { start: key.start, end: Math.max(key.end, value.end) },
  }));
}

/** The step that gives a reference `inputs.x` its value: the nearest that declares it, null where none does. */
export function stepDeclaring(frame: Frame, input: string): Frame | null {
  let at = enclosing(frame, 'melange.Pipeline');
  while (at !== null) {
    if (inputsOf(at).some(({ name }) => name === input)) return at;
    at = at.parent === null ? null : enclosing(at.parent, 'melange.Pipeline');
  }
  return null;
}
