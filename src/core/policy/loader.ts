// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { Policy } from './model.ts';
import { parsePolicy, type Given, type ParsedPolicy, type PolicyProblem } from './parse.ts';
import { folderOf, resolvePath } from './paths.ts';
import type { StageRole, Wish } from './schema.ts';

/** Gives a file's text, null where there is none. It may refuse a path by giving null; it does no network. */
export type PolicyReader = (path: string) => Promise<string | null>;

const MAX_DEPTH = 8;
const MAX_FILES = 32;

interface Walk {
  readonly read: PolicyReader;
  readonly files: ParsedPolicy[];
  readonly problems: PolicyProblem[];
  readonly done: Set<string>;
}

/** One policy file with everything that it extends. A file that cannot be read is a problem where it is named. */
export async function loadPolicy(path: string, read: PolicyReader, text: string): Promise<Policy> {
  const walk: Walk = { read, files: [], problems: [], done: new Set() };
  await visit(path, text, [], walk);
  return merge(walk);
}

async function visit(path: string, text: string, above: readonly string[], walk: Walk): Promise<void> {
  const parsed = parsePolicy(text, path);
  walk.done.add(path);
  walk.files.push(parsed);
  walk.problems.push(...parsed.problems);
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

/** Files stand nearest first: what an earlier one says wins; lists add up. */
function merge({ files, problems }: Walk): Policy {
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
