// SPDX-License-Identifier: Apache-2.0
// What more than one rule about apko and melange files looks at.
import type { SourceText, Span } from '../text/source-text.ts';
import { spanOf, type GoNode } from '../yaml/go/node.ts';
import type { GoStruct, Placed } from '../yaml/go/types.ts';

export interface PlacedText {
  readonly text: string;
  readonly span: Span;
  readonly node: GoNode;
}

const REPOSITORY_FIELDS = ['repositories', 'build_repositories', 'runtime_repositories'] as const;

const placed = ({ value, node }: Placed<string>): PlacedText => ({ text: value, span: spanOf(node), node });

/** A repository with its tag taken off: `@local ./packages`. */
export function splitTag(text: string): { readonly tag: string | null; readonly address: string } {
  const found = /^@(\S+)\s+(\S.*)$/.exec(text);
  return found === null ? { tag: null, address: text } : { tag: found[1] ?? '', address: found[2] ?? '' };
}

export function repositoriesOf(image: GoStruct | null): readonly PlacedText[] {
  const contents = image?.struct('contents') ?? null;
  return contents === null ? [] : REPOSITORY_FIELDS.flatMap((field) => contents.strings(field).map(placed));
}

export function keyringOf(image: GoStruct | null): readonly PlacedText[] {
  return (image?.struct('contents')?.strings('keyring') ?? []).map(placed);
}

export function packagesOf(image: GoStruct | null): readonly PlacedText[] {
  return (image?.struct('contents')?.strings('packages') ?? []).map(placed);
}

const PACKAGE = /^!?([^@=><~]+)(?:([=><~]+)([^@]+))?(?:@([a-zA-Z0-9]+))?$/;
const VERSION = /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc)\d*)?(?:_(?:cvs|svn|git|hg|p)\d*)?$/;

/** Whether apk can compare a version; `-rN` behind it is not part of it. */
export const isApkVersion = (text: string): boolean => VERSION.test(text);

/** Name, version and pin of a package as it is asked for: `name`, `name=1.2-r0`, `name~1`, `name@tag`, `!name`. */
export function splitPackage(text: string): {
  readonly name: string;
  readonly operator: string;
  readonly version: string;
  readonly tag: string;
} {
  const found = PACKAGE.exec(text);
  return {
    name: found?.[1] ?? text,
    operator: found?.[2] ?? '',
    version: found?.[3] ?? '',
    tag: found?.[4] ?? '',
  };
}

/** Host of an address over the network, null for a path. */
export function hostOf(address: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?(\[[^\]\s]*\]|[^/:\s]+)/i.exec(address)?.[1]?.toLowerCase() ?? null;
}

export const isLocalHost = (host: string): boolean =>
  host === 'localhost' || host === '127.0.0.1' || host === '[::1]' || host.endsWith('.localhost');

export interface Step {
  readonly struct: GoStruct;
  readonly node: GoNode;
  /** What the step belongs to: the package, a subpackage, or a test. */
  readonly of: 'package' | 'subpackage' | 'test';
}

function collect(list: readonly Placed<GoStruct>[], of: Step['of'], into: Step[]): void {
  for (const { value, node } of list) {
    into.push({ struct: value, node, of });
    collect(value.structs('pipeline'), of, into);
  }
}

/** Steps by their file: many rules ask for them, one after another. */
const known = new WeakMap<GoStruct, readonly Step[]>();

/** Every step of a melange file, nested ones included. */
export function stepsOf(config: GoStruct): readonly Step[] {
  const found = known.get(config);
  if (found !== undefined) return found;
  const steps: Step[] = [];
  collect(config.structs('pipeline'), 'package', steps);
  collect(config.struct('test')?.structs('pipeline') ?? [], 'test', steps);
  for (const { value } of config.structs('subpackages')) {
    collect(value.structs('pipeline'), 'subpackage', steps);
    collect(value.struct('test')?.structs('pipeline') ?? [], 'test', steps);
  }
  known.set(config, steps);
  return steps;
}

/** The key of a field, or the place of the struct where the field is not set. */
export function keySpan(struct: GoStruct, field: string, otherwise: Span): Span {
  const key = struct.fields.get(field)?.key ?? null;
  return key === null ? otherwise : spanOf(key);
}

export interface ScriptLine {
  readonly text: string;
  /** Where it begins in the file. */
  readonly start: number;
}

/** Longer lines of a script are looked at as far as this. */
const MAX_LINE = 4096;

/**
 * The lines of a step's script as they stand in the file, without comments; none where the script does not have `words`,
 * without which there is nothing to look for.
 */
export function* scriptLines({ struct }: Step, source: SourceText, words: RegExp): Generator<ScriptLine> {
  const node = struct.node('runs');
  if (node === null || !words.test(struct.string('runs'))) return;
  const first = source.positionAt(node.start).line;
  const last = source.positionAt(Math.max(node.end - 1, node.start)).line;
  for (let line = first; line <= last; line++) {
    const whole = source.lineSpan(line);
    const start = Math.max(whole.start, node.start);
    const text = source.text.slice(start, Math.min(whole.end, node.end, start + MAX_LINE));
    if (!text.trimStart().startsWith('#')) yield { text, start };
  }
}
