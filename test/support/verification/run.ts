// SPDX-License-Identifier: Apache-2.0
// Runs the table with a verifier that may come from anywhere: the sources, dist/verify.js, Node, Bun, an extension host.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judgement, Verifier } from '../../../src/core/attestations/model.ts';
import type { createRoots as CreateRoots } from '../../../src/node/trust/roots.ts';
import type { createVerifier as CreateVerifier } from '../../../src/node/trust/judge.ts';
import type { CaseTable, VerificationCase } from './model.ts';

export interface VerifyModule {
  readonly createVerifier: typeof CreateVerifier;
  readonly createRoots: typeof CreateRoots;
}

export interface Outcome {
  readonly name: string;
  readonly verdict: string;
  readonly code: string;
  /** States of its checks, in their order: the same everywhere. */
  readonly checks: string;
}

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** One verifier for each root of the table, whose files are put into `folder`. */
function verifiersOf(table: CaseTable, module: VerifyModule, folder: string): ReadonlyMap<string, Verifier> {
  mkdirSync(folder, { recursive: true });
  return new Map(
    Object.entries(table.roots).map(([name, text]) => {
      const file = join(folder, `${name.replace('/', '-')}.json`);
      writeFileSync(file, text);
      const roots = module.createRoots({
        ...{ file, tuf: null, offline: true, github: null, folder, now: 0, log: QUIET },
      });
      return [name, module.createVerifier(roots)];
    }),
  );
}

export function bytesOf({ request: { item } }: VerificationCase): Buffer {
  const bytes = Buffer.from(item.bytes, 'base64');
  return item.padTo === undefined ? bytes : Buffer.concat([bytes, Buffer.alloc(item.padTo - bytes.length, ' ')]);
}

export async function judge(each: VerificationCase, verifier: Verifier): Promise<Judgement> {
  const { item, subjects, expected, keys, allowNoLog } = each.request;
  return verifier.verify(
    {
      item: {
        ...{ kind: item.kind, place: 'referrers', subject: subjects[0] ?? '', manifestDigest: null, digest: '' },
        ...{ mediaType: '', annotations: item.annotations, bytes: bytesOf(each), problem: null },
      },
      ...{ subjects: subjects.map((digest) => ({ role: 'platform', digest })), expected, keys, allowNoLog },
    },
    new AbortController().signal,
  );
}

export async function runTable(table: CaseTable, module: VerifyModule, folder: string): Promise<readonly Outcome[]> {
  const verifiers = verifiersOf(table, module, folder);
  const outcomes: Outcome[] = [];
  for (const each of table.cases) {
    const verifier = verifiers.get(each.root);
    if (verifier === undefined) throw new Error(`${each.name}: there is no root ${each.root}`);
    const { verdict, code, checks } = await judge(each, verifier);
    outcomes.push({
      name: each.name,
      verdict,
      code,
      checks: checks.map(({ id, state }) => `${id} ${state}`).join(', '),
    });
  }
  return outcomes;
}

/** What differs from the table, one line each; empty where everything is as it should be. */
export function differences(table: CaseTable, outcomes: readonly Outcome[]): readonly string[] {
  const by = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  return table.cases.flatMap(({ name, verdict, code }) => {
    const is = by.get(name);
    if (is === undefined) return [`${name}: not run`];
    return is.verdict === verdict && is.code === code
      ? []
      : [`${name}: ${is.verdict} (${is.code}) instead of ${verdict} (${code})`];
  });
}
