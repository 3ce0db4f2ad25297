// SPDX-License-Identifier: Apache-2.0
import type * as z from 'zod/mini';
import type { Range, Span } from '../text/source-text.ts';
import { SourceText } from '../text/source-text.ts';
import { parseYaml, plainValue, spanAt, type YamlNode } from '../yaml/parse.ts';
import {
  POLICY_PARTS,
  type OverlayEntry,
  type PolicyFile,
  type PolicyPart,
  type TrustEntry,
  type WaiverEntry,
} from './schema.ts';
import { suggestion } from './suggest.ts';
import { imagesMistake, trustMistakes } from './trust-entry.ts';

/** Something wrong in a policy file, with the exact place. */
export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
  readonly span: Span;
  readonly range: Range;
  /** The word that was likely meant, to be put in place of what stands at `span`. */
  readonly meant?: string;
}

/** A value with the line it was given on, for messages such as `.waybill.yaml:4`. */
export interface Given<T> {
  readonly value: T;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly range: Range;
  readonly span: Span;
}

/** An entry of `trust`, with the places of its keys, which are yet to be read. */
export interface ParsedTrust {
  readonly entry: Given<TrustEntry>;
  /** It has a mistake: of its words only the images are taken, so that no entry after it counts for them. */
  readonly broken: boolean;
  /** By the position of the signer. */
  readonly keys: ReadonlyMap<number, Given<string>>;
}

/** What one file says, mistakes left out. */
export interface ParsedPolicy {
  readonly path: string;
  readonly extends: readonly Given<string>[];
  readonly parts: {
    readonly [Part in Exclude<PolicyPart, 'extends' | 'waivers' | 'catalogue' | 'trust'>]?: Given<
      NonNullable<PolicyFile[Part]>
    >;
  };
  readonly waivers: readonly Given<WaiverEntry>[];
  readonly catalogue: readonly Given<OverlayEntry>[];
  readonly trust: readonly ParsedTrust[];
  /** Names and ids of rules, wherever the file speaks of one: which of them exist is for the caller to say. */
  readonly ruleNames: readonly Given<string>[];
  readonly problems: readonly PolicyProblem[];
}

/**
 * Read a policy file. It never throws: every mistake is a problem with its place, and what is wrong is left out while
 * the rest of the file stays in force.
 */
export function parsePolicy(text: string, path: string): ParsedPolicy {
  const source = new SourceText(text);
  const { root, problems: unreadable } = parseYaml(text);
  const problems: PolicyProblem[] = [];
  const report: Report = (message, span, meant = null) => {
    problems.push({ path, message, span, range: source.rangeOf(span), ...(meant === null ? {} : { meant }) });
  };
  for (const { message, span } of unreadable) report(message, span);
  const given = <T>(value: T, span: Span): Given<T> => {
    const range = source.rangeOf(span);
    return { value, path, line: range.start.line, range, span };
  };
  const read: Record<string, unknown> = {};
  const waivers: Given<WaiverEntry>[] = [];
  const catalogue: Given<OverlayEntry>[] = [];
  const trust: ParsedTrust[] = [];
  const ruleNames: Given<string>[] = [];
  let base: readonly Given<string>[] = [];
  const result = (): ParsedPolicy => ({
    path,
    extends: base,
    parts: read as ParsedPolicy['parts'],
    waivers,
    catalogue,
    trust,
    ruleNames,
    problems,
  });
  // What cannot be read as a whole may have said anything of whom to trust.
  if (unreadable.length > 0 && /^trust[ \t]*:/m.test(text))
    trust.push({
      entry: given({ images: '**', signers: [] }, unreadable[0]?.span ?? { start: 0, end: 0 }),
      broken: true,
      keys: new Map(),
    });
  if (root === null || (root.kind === 'scalar' && root.value === null)) return result();
  if (root.kind !== 'map') {
    report('A policy is a list of settings such as "fips: required".', root.span);
    return result();
  }
  const known = Object.keys(POLICY_PARTS);
  for (const { key, keySpan, value: node } of root.entries) {
    if (!isPart(key)) {
      reportUnknownKey(key, known, keySpan, report);
      continue;
    }
    const schema: z.ZodMiniType = POLICY_PARTS[key];
    if (key === 'waivers' || key === 'catalogue') {
      const items = checkItems(node, schema, report);
      for (const [item, itemNode] of items) {
        if (key === 'waivers') {
          const mistake = waiverMistake(item as WaiverEntry);
          if (mistake === null) {
            waivers.push(given(item as WaiverEntry, itemNode.span));
            const { rule } = item as WaiverEntry;
            if (rule !== undefined) ruleNames.push(given(rule, spanAt(itemNode, ['rule'])));
          } else report(mistake, firstKeySpan(itemNode));
        } else catalogue.push(given(item as OverlayEntry, itemNode.span));
      }
      continue;
    }
    if (key === 'trust') {
      trust.push(...trustEntries(node, schema, report, given));
      continue;
    }
    const checked = schema.safeParse(plainValue(node));
    if (!checked.success) {
      reportIssues(checked.error.issues, node, schema, report);
      continue;
    }
    if (key === 'extends') {
      const files = node.kind === 'list' ? node.items : [node];
      base = files.flatMap((each) => (each.kind === 'scalar' ? [given(String(each.value), each.span)] : []));
    } else read[key] = given(checked.data, keySpan);
    if (key === 'rules' && node.kind === 'map') {
      for (const entry of node.entries) ruleNames.push(given(entry.key, entry.keySpan));
    }
  }
  return result();
}

/** Every entry of `trust`; one that cannot be taken stays in its place, so that those behind it gain nothing. */
function trustEntries(
  node: YamlNode,
  schema: z.ZodMiniType,
  report: Report,
  given: <T>(value: T, span: Span) => Given<T>,
): readonly ParsedTrust[] {
  const broken = (at: YamlNode): ParsedTrust => ({
    entry: given({ images: imagesOf(at), signers: [] }, at.span),
    broken: true,
    keys: new Map(),
  });
  if (node.kind !== 'list') {
    checkItems(node, schema, report);
    return node.kind === 'scalar' && node.value === null ? [] : [broken(node)];
  }
  return node.items.map((itemNode): ParsedTrust => {
    const [checked] = checkItems({ ...node, items: [itemNode] }, schema, report);
    if (checked === undefined) return broken(itemNode);
    const entry = checked[0] as TrustEntry;
    const mistakes = trustMistakes(entry);
    for (const { path: place, message, meant } of mistakes) report(message, spanAt(itemNode, place), meant);
    if (mistakes.length > 0) return broken(itemNode);
    const keys = entry.signers.flatMap(({ key: pem }, index) =>
      pem === undefined ? [] : [[index, given(pem, spanAt(itemNode, ['signers', index, 'key']))] as const],
    );
    return { entry: given(entry, itemNode.span), broken: false, keys: new Map(keys) };
  });
}

/** The patterns of an entry that has a mistake; every image where they cannot be read. */
function imagesOf(node: YamlNode): string[] {
  const images = node.kind === 'map' ? node.entries.find(({ key }) => key === 'images')?.value : undefined;
  const written = images?.kind === 'list' ? images.items : images === undefined ? [] : [images];
  const patterns = written.flatMap((each) =>
    each.kind === 'scalar' && typeof each.value === 'string' ? [each.value] : [],
  );
  return patterns.length === written.length &&
    patterns.length > 0 &&
    patterns.every((each) => imagesMistake(each) === null)
    ? patterns
    : ['**'];
}

function isPart(key: string): key is PolicyPart {
  return Object.hasOwn(POLICY_PARTS, key);
}

type Report = (message: string, span: Span, meant?: string | null) => void;

function checkItems(node: YamlNode, schema: z.ZodMiniType, report: Report): readonly (readonly [unknown, YamlNode])[] {
  const item = elementOf(schema);
  if (node.kind !== 'list' || item === null) {
    if (!(node.kind === 'scalar' && node.value === null))
      report('This has to be a list: start each entry with "- ".', node.span);
    return [];
  }
  return node.items.slice(0, 1000).flatMap((each): readonly (readonly [unknown, YamlNode])[] => {
    const checked = item.safeParse(plainValue(each));
    if (checked.success) return [[checked.data, each]];
    reportIssues(checked.error.issues, each, item, report);
    return [];
  });
}

function waiverMistake({ rule, vulnerability }: WaiverEntry): string | null {
  if (rule === undefined && vulnerability === undefined) return 'A waiver names a rule or a vulnerability.';
  if (rule !== undefined && vulnerability !== undefined) return 'A waiver names a rule or a vulnerability, not both.';
  return null;
}

function firstKeySpan(node: YamlNode): Span {
  return node.kind === 'map' ? (node.entries[0]?.keySpan ?? node.span) : node.span;
}

function reportUnknownKey(key: string, known: readonly string[], span: Span, report: Report): void {
  const meant = suggestion(key, known);
  const shown = clipped(key);
  if (meant === null) report(`Unknown setting "${shown}". Known: ${known.join(', ')}.`, span);
  else report(`Unknown setting "${shown}". Did you mean ${meant}?`, span, meant);
}

/** A word of the file as a message may carry it. */
export function clipped(word: string): string {
  return word.length > 60 ? `${word.slice(0, 60)}…` : word;
}

type Issue = z.core.$ZodIssue;

/** Every issue once: a key that is missing because it is misspelt is told by its misspelling. */
function reportIssues(issues: readonly Issue[], root: YamlNode, schema: z.ZodMiniType, report: Report): void {
  const meant = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => pathText([...issue.path, suggestion(key, keysAt(schema, issue.path)) ?? '']))
      : [],
  );
  for (const issue of issues) {
    const missing = issue.code === 'invalid_type' && nodeAt(root, issue.path) === null;
    if (!(missing && meant.includes(pathText(issue.path)))) reportIssue(issue, root, schema, report);
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join('\n');
}

/** An issue of the schema in plain words, at the innermost place that it speaks of. */
function reportIssue(issue: Issue, root: YamlNode, schema: z.ZodMiniType, report: Report): void {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    for (const key of issue.keys) reportUnknownKey(key, known, keySpanAt(root, path, key), report);
    return;
  }
  if (issue.code === 'invalid_union') {
    const node = nodeAt(root, path);
    // The branch that fits the kind of what was written says it best.
    const branches = issue.errors.map((each) =>
      each.map((inner) => ({ ...inner, path: [...path, ...inner.path] }) as Issue),
    );
    const fitting =
      branches.find((each) =>
        each.some(
          (inner) => (node?.kind === 'map') === (inner.path.length > path.length || inner.code === 'unrecognized_keys'),
        ),
      ) ?? branches[0];
    const inner = schemaAt(schema, path);
    for (const each of fitting ?? []) reportIssue(each, root, schema, report);
    if (fitting === undefined && inner !== null) report('This value does not fit.', spanAt(root, path));
    return;
  }
  if (issue.code === 'invalid_type' && nodeAt(root, path) === null) {
    const missing = String(path.at(-1) ?? '');
    report(`"${missing}" is missing.`, firstKeySpan(nodeAt(root, path.slice(0, -1)) ?? root));
    return;
  }
  const node = nodeAt(root, path);
  const meant =
    issue.code === 'invalid_value' && node?.kind === 'scalar'
      ? meantOf(clipped(String(node.value)), issue.values)
      : null;
  report(wording(issue, node, meant), spanAt(root, path), meant);
}

/** The value that was meant. A number is near no other; in quotation marks it is the same one, as text. */
function meantOf(written: string, values: readonly unknown[]): string | null {
  if (values.every((each) => typeof each === 'number'))
    return values.some((each) => String(each) === written) ? written : null;
  return suggestion(written, values.map(String));
}

function wording(issue: Issue, node: YamlNode | null, meant: string | null): string {
  const written = node?.kind === 'scalar' ? clipped(String(node.value)) : null;
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (written === null) return `One of these is needed: ${values.join(', ')}.`;
      if (meant !== null && meant === written) return `"${written}" is text here. Write the number, without quotes.`;
      return meant === null
        ? `"${written}" is none of ${values.join(', ')}.`
        : `Unknown value "${written}". Did you mean ${meant}?`;
    }
    case 'invalid_type':
      return written === null
        ? `This has to be ${article(issue.expected)}.`
        : `"${written}" has to be ${article(issue.expected)}.`;
    case 'too_big':
      return `This is too long: at most ${issue.maximum}.`;
    case 'too_small':
      return 'This is empty.';
    default:
      return issue.message.endsWith('.') ? issue.message : 'This value does not fit.';
  }
}

function article(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a group of settings',
    record: 'a group of settings',
    string: 'text',
    number: 'a number',
  };
  return words[expected] ?? `a ${expected}`;
}

function nodeAt(root: YamlNode, path: readonly PropertyKey[]): YamlNode | null {
  let at: YamlNode | undefined = root;
  for (const step of path) {
    if (at?.kind === 'map') at = at.entries.findLast(({ key }) => key === String(step))?.value;
    else if (at?.kind === 'list') at = at.items[Number(step)];
    else return null;
  }
  return at ?? null;
}

function keySpanAt(root: YamlNode, path: readonly PropertyKey[], key: string): Span {
  const node = nodeAt(root, path);
  const entry = node?.kind === 'map' ? node.entries.findLast((each) => each.key === key) : undefined;
  return entry?.keySpan ?? spanAt(root, path);
}

/** The inner parts of schemas as the library keeps them for tools. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly element?: z.ZodMiniType;
  readonly innerType?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
  readonly valueType?: z.ZodMiniType;
}

function definition(schema: z.ZodMiniType): Definition {
  return schema.def as unknown as Definition;
}

function elementOf(schema: z.ZodMiniType): z.ZodMiniType | null {
  return definition(schema).element ?? null;
}

function schemaAt(schema: z.ZodMiniType, path: readonly PropertyKey[]): z.ZodMiniType | null {
  let at: z.ZodMiniType | undefined = schema;
  for (const step of path) {
    at = at === undefined ? undefined : stepInto(at, step);
  }
  return at ?? null;
}

function stepInto(schema: z.ZodMiniType, step: PropertyKey): z.ZodMiniType | undefined {
  const { innerType, options, shape, element, valueType } = definition(schema);
  if (innerType !== undefined) return stepInto(innerType, step);
  if (options !== undefined) return options.map((each) => stepInto(each, step)).find((each) => each !== undefined);
  return shape?.[String(step)] ?? element ?? valueType;
}

/** The keys that may stand at a place. */
function keysAt(schema: z.ZodMiniType, path: readonly PropertyKey[]): readonly string[] {
  const at = schemaAt(schema, path);
  const collect = (each: z.ZodMiniType): readonly string[] => {
    const { innerType, options, shape } = definition(each);
    if (innerType !== undefined) return collect(innerType);
    return options === undefined ? Object.keys(shape ?? {}) : options.flatMap(collect);
  };
  return at === null ? [] : collect(at);
}
