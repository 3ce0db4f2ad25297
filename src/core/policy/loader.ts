// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { Policy, TrustRule } from './model.ts';
import { parsePolicy, type Given, type ParsedPolicy, type PolicyProblem } from './parse.ts';
import { folderOf, resolvePath } from './paths.ts';
import type { StageRole, Wish } from './schema.ts';
import { keyMistake, trustRule } from './trust-entry.ts';

/** Gives a file's text, null where there is none. It may refuse a path by giving null; it does no network. */
export type PolicyReader = (path: string) => Promise<string | null>;

const MAX_DEPTH = 8;
const MAX_FILES = 32;

interface Walk {
  readonly read: PolicyReader;
  readonly files: ParsedPolicy[];
  /** By the file that they stand in. */
  readonly trust: Map<string, readonly TrustRule[]>;
  readonly problems: PolicyProblem[];
  readonly done: Set<string>;
}

/** One policy file with everything that it extends. A file that cannot be read is a problem where it is named. */
export async function loadPolicy(path: string, read: PolicyReader, text: string): Promise<Policy> {
  const walk: Walk = { read, files: [], trust: new Map(), problems: [], done: new Set() };
  await visit(path, text, [], walk);
  return merge(walk);
}

async function visit(path: string, text: string, above: readonly string[], walk: Walk): Promise<void> {
  const parsed = parsePolicy(text, path);
  walk.done.add(path);
  walk.files.push(parsed);
  walk.problems.push(...parsed.problems);
  walk.trust.set(path, await trustOf(parsed, walk));
  for (const base of parsed.extends) {
    const report = (message: string): void => {
      walk.problems.push({ path: base.path, message, span: base.span, range: base.range });
    };
    const written = base.value;
    if (/^[a-z][a-z0-9+.-]*:/i.test(written)) {
      report('extends takes files of this workspace, no addresses: nothing is fetched for a policy.');
      continue;
    }
    const target = resolvePath(folderOf(path), written.replaceAll('\\', '/'));
    const chain = [...above, path];
    if (chain.includes(target)) {
      report(`This goes round in a circle: ${[...chain.slice(chain.indexOf(target)), target].join(' → ')}.`);
      continue;
    }
    // Built on twice by different ways: its words are in already.
    if (walk.done.has(target)) continue;
    if (chain.length >= MAX_DEPTH) {
      report(`Policies build on each other at most ${MAX_DEPTH} deep.`);
      continue;
    }
    if (walk.files.length >= MAX_FILES) {
      report(`A policy is made of at most ${MAX_FILES} files.`);
      continue;
    }
    const next = await walk.read(target);
    if (next === null) report(`${written} cannot be read. Paths are relative to this file and stay in its repository.`);
    else await visit(target, next, chain, walk);
  }
}

/** The trust entries of a file with their keys; an entry whose key cannot be had is broken, and told. */
async function trustOf(parsed: ParsedPolicy, walk: Walk): Promise<readonly TrustRule[]> {
  const rules: TrustRule[] = [];
  for (const { entry, keys, broken } of parsed.trust) {
    const read = new Map<number, { name: string; pem: string }>();
    for (const [index, key] of keys) {
      const found = await keyOf(key, walk.read);
      if (typeof found === 'string')
        walk.problems.push({ path: key.path, message: found, span: key.span, range: key.range });
      else read.set(index, found);
    }
    const rule = trustRule(entry.value, { path: entry.path, line: entry.line }, read);
    rules.push(broken || read.size < keys.size ? { ...rule, broken: true } : rule);
  }
  return rules;
}

/** A key that stands in the policy, or in a file beside it; a sentence where there is none. */
async function keyOf(
  { value, path, line }: Given<string>,
  read: PolicyReader,
): Promise<{ name: string; pem: string } | string> {
  if (value.includes('-----BEGIN')) return keyMistake(value) ?? { name: `key in ${path}:${line}`, pem: value };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return 'A key is PEM or a file beside the policy, no address: nothing is fetched for a policy.';
  const text = await read(resolvePath(folderOf(path), value.replaceAll('\\', '/')));
  if (text === null)
    return `${value.slice(0, 60)} cannot be read. Paths are relative to this file and stay in its repository.`;
  return keyMistake(text) ?? { name: value, pem: text };
}

/** Files stand nearest first: what an earlier one says wins; lists add up. */
function merge({ files, trust, problems }: Walk): Policy {
  const first = <Part extends keyof ParsedPolicy['parts']>(part: Part): ParsedPolicy['parts'][Part] | undefined =>
    files.find(({ parts }) => parts[part] !== undefined)?.parts[part];
  const severities: Record<string, FindingSeverity | 'off'> = {};
  for (const { parts } of files.toReversed()) Object.assign(severities, parts.rules?.value);
  const registries = first('registries');
  return {
    fips: { final: wish(files, 'fips', 'final'), builder: wish(files, 'fips', 'builder') },
    minimal: { final: wish(files, 'minimal', 'final'), builder: wish(files, 'minimal', 'builder') },
    registries: registries === undefined ? null : { ...registries, value: registries.value.allowed },
    severities,
    mappings: files.flatMap(({ parts }) => parts.images?.value ?? []),
    catalogue: files.flatMap(({ catalogue }) => catalogue),
    entitlements: [...(first('entitlements')?.value ?? [])],
    trust: files.flatMap(({ path }) => trust.get(path) ?? []),
    waivers: files.flatMap(({ waivers }) => waivers),
    files: files.map(({ path }) => path),
    ruleNames: files.flatMap(({ ruleNames }) => ruleNames),
    problems,
  };
}

/** The nearest word on a role; a single word such as `fips: required` speaks of what is shipped, the final stage. */
function wish(files: readonly ParsedPolicy[], part: 'fips' | 'minimal', role: StageRole): Given<Wish> | null {
  for (const { parts } of files) {
    const given = parts[part];
    if (given === undefined) continue;
    const value = typeof given.value === 'string' ? (role === 'final' ? given.value : undefined) : given.value[role];
    if (value !== undefined) return { ...given, value };
  }
  return null;
}
