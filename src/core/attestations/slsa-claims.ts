// SPDX-License-Identifier: Apache-2.0
import type { SlsaStep, Story } from '../evidence/evidence.ts';
import type { Signer } from './model.ts';
import { repositoryKey } from './source-location.ts';
import { listed } from './words.ts';

/** One thing that both certificate and provenance say. */
export interface ClaimComparison {
  readonly id: 'repository' | 'commit' | 'ref' | 'run';
  readonly certificate: string | null;
  readonly provenance: string | null;
  readonly state: 'equal' | 'different' | 'not-stated';
}

const same = (a: string, b: string): boolean => a === b;

/** A build of a Git address may name a branch or a tag alone; certificates name the whole ref. */
function sameRef(certificate: string, provenance: string): boolean {
  const whole = provenance.startsWith('refs/') ? [provenance] : [`refs/heads/${provenance}`, `refs/tags/${provenance}`];
  return whole.includes(certificate);
}

/** What the certificate's extensions (Fulcio .12, .13, .14, .21) and the provenance say of the same things. */
export function claimComparisons(story: Story, signer: Signer): readonly ClaimComparison[] {
  const extension = (name: string): string | null => signer.extensions[name] ?? null;
  const compare = (
    id: ClaimComparison['id'],
    certificate: string | null,
    provenance: string | null,
    equal: (a: string, b: string) => boolean,
  ): ClaimComparison => ({
    id,
    certificate,
    provenance,
    state:
      certificate === null || provenance === null
        ? 'not-stated'
        : equal(certificate, provenance)
          ? 'equal'
          : 'different',
  });
  // An invocation that is no address is the builder's own number, and nothing in a certificate is like it.
  const run = story.invocation !== null && story.invocation.startsWith('https://') ? story.invocation : null;
  return [
    compare('repository', extension('sourceRepositoryUri'), story.source?.repository ?? null, (a, b) =>
      same(repositoryKey(a), repositoryKey(b)),
    ),
    compare('commit', extension('sourceRepositoryDigest'), story.source?.commit ?? null, (a, b) =>
      same(a.toLowerCase(), b.toLowerCase()),
    ),
    compare('ref', extension('sourceRepositoryRef'), story.source?.ref ?? null, sameRef),
    compare('run', extension('runInvocationUri'), run, same),
  ];
}

/** A difference fails; without a repository on both sides nothing was compared that matters. */
export function compareClaims(
  story: Story,
  signer: Signer,
): { readonly state: SlsaStep['state']; readonly detail: string } {
  const all = claimComparisons(story, signer);
  const different = all.filter(({ state }) => state === 'different');
  if (different.length > 0) {
    const each = different.map(
      ({ id, certificate, provenance }) =>
        `${id} is ${certificate} in the certificate and ${provenance} in the provenance`,
    );
    return { state: 'failed', detail: `The ${each.join('; ')}.` };
  }
  if (all.find(({ id }) => id === 'repository')?.state !== 'equal')
    return { state: 'unknown', detail: 'Certificate and provenance do not both name the source repository.' };
  const equal = all.filter(({ state }) => state === 'equal').map(({ id }): string => id);
  const [first = '', ...rest] = listed(equal);
  return {
    state: 'passed',
    detail: `${first.toUpperCase()}${rest.join('')} ${equal.length === 1 ? 'is' : 'are'} the same in both.`,
  };
}
