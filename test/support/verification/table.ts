// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from '../../../src/core/attestations/model.ts';
import { acceptedRecipes } from './accepted.ts';
import type { Change } from './changes.ts';
import { createWorld, make, part, type Json, type Recipe, type World } from './fixtures.ts';
import type { CaseTable, VerificationCase } from './model.ts';
import { rejectedChanges } from './rejected.ts';

/** Reasons that say nothing against the item: what was asked, or what it is held against, is at fault. */
const NOT_CHECKED: readonly string[] = [
  'root-incomplete',
  'root-invalid',
  'key-unreadable',
  'expectation-empty',
  'too-large',
];

/** Roots that are as good for some. */
const OTHER_ROOTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['log-alone', 'a root that names a log alone', ['key, Rekor v1']],
  ['two-of-one-name', 'a root with another authority of the same name', ['key', 'rekor1', 'rekor2', 'layer']],
  ['ends-then', 'a root that ends at that very second', ['key', 'rekor1', 'rekor2', 'layer']],
];

/** Roots of an authority with one thing changed each. */
function variants(root: Json, other: Json, now: Date): Readonly<Record<string, Json>> {
  const ended = {
    start: new Date(now.getTime() - 86_400_000).toISOString(),
    end: new Date(now.getTime() - 3_600_000).toISOString(),
  };
  const changed = (change: (copy: Json) => void): Json => {
    const copy = structuredClone(root);
    change(copy);
    return copy;
  };
  return {
    undated: changed((copy) => delete part(copy, 'timestampAuthorities', 0)['validFor']),
    'other-timestamps': changed((copy) => {
      copy['timestampAuthorities'] = other['timestampAuthorities'];
    }),
    'timestamps-ended': changed((copy) => {
      part(copy, 'timestampAuthorities', 0)['validFor'] = ended;
    }),
    'other-authority': changed((copy) => {
      copy['certificateAuthorities'] = other['certificateAuthorities'];
    }),
    'authority-ended': changed((copy) => {
      part(copy, 'certificateAuthorities', 0)['validFor'] = ended;
    }),
    'no-certificate-log': changed((copy) => {
      copy['ctlogs'] = [];
    }),
    'certificate-log-ended': changed((copy) => {
      part(copy, 'ctlogs', 0, 'publicKey')['validFor'] = ended;
    }),
    'no-log': changed((copy) => {
      copy['tlogs'] = [];
    }),
    'log-alone': changed((copy) => {
      for (const others of ['certificateAuthorities', 'ctlogs', 'timestampAuthorities']) copy[others] = [];
    }),
    'two-of-one-name': changed((copy) => {
      for (const list of ['certificateAuthorities', 'timestampAuthorities', 'ctlogs', 'tlogs'])
        copy[list] = [...(other[list] as Json[]), ...(copy[list] as Json[])];
    }),
    'ends-then': changed((copy) => {
      const validFor = { start: ended.start, end: now.toISOString() };
      for (const list of ['certificateAuthorities', 'timestampAuthorities'])
        for (const each of copy[list] as Json[]) each['validFor'] = validFor;
      for (const list of ['ctlogs', 'tlogs'])
        for (const each of copy[list] as Json[]) part(each, 'publicKey')['validFor'] = validFor;
    }),
    'log-ended': changed((copy) => {
      for (const log of copy['tlogs'] as Json[]) part(log, 'publicKey')['validFor'] = ended;
    }),
  };
}

function rootsOf({ authority, github, stranger, now }: World): Record<string, string> {
  const roots: Record<string, string> = {
    authority: JSON.stringify(authority.trustedRoot),
    github: JSON.stringify(github.trustedRoot),
    stranger: JSON.stringify(stranger.trustedRoot),
    garbage: '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1", "tlogs": [',
  };
  for (const [name, { trustedRoot }] of Object.entries({ authority, github }))
    for (const [variant, root] of Object.entries(variants(trustedRoot, stranger.trustedRoot, now)))
      roots[`${name}/${variant}`] = JSON.stringify(root);
  return roots;
}

/** How many there are; every host has to run all of them, and says so. */
export const COUNTS = { accepted: 58, refused: 616 } as const;

/** The table, with keys and certificates of its own: the same cases each time, never the same bytes. */
export function makeCases(today: Date): CaseTable {
  // Logs and timestamps know whole seconds.
  const now = new Date(Math.floor(today.getTime() / 1000) * 1000);
  const world = createWorld(now);
  const bases = acceptedRecipes(world);
  const roots = rootsOf(world);
  const rootOf = ({ signer }: Recipe): string => (signer === 'github' ? 'github' : 'authority');
  const accepted = Object.entries(bases).map(([base, recipe]): VerificationCase => ({
    ...{
      name: base,
      kind: null,
      base,
      request: make(world, recipe),
      root: rootOf(recipe),
      verdict: 'verified',
      code: 'ok',
    },
  }));
  const changed = rejectedChanges(world, bases).map(({ kind, base, what, recipe, code, verdict, root }: Change) => {
    const own = base.startsWith('stamp') ? 'github' : 'authority';
    const named = root === undefined ? own : root in roots ? root : `${own}/${root}`;
    const usual: Verdict = NOT_CHECKED.includes(code) ? 'could-not-check' : 'invalid';
    return {
      ...{ name: `${base}: ${kind}, ${what}`, kind, base, request: make(world, recipe) },
      ...{ root: named, verdict: verdict ?? usual, code },
    };
  });
  const otherRoots = OTHER_ROOTS.flatMap(([root, what, names]) =>
    accepted
      .filter(({ name }) => names.includes(name))
      .map((each) => ({ ...each, name: `${each.name}, ${what}`, root: `authority/${root}` })),
  );
  return { roots, cases: [...accepted, ...otherRoots, ...changed] };
}
