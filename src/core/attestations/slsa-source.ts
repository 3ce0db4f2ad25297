// SPDX-License-Identifier: Apache-2.0
import type { SlsaStep, Story } from '../evidence/evidence.ts';
import { globMatches } from '../policy/glob.ts';
import type { TrustRule } from '../policy/model.ts';
import type { Signer } from './model.ts';
import { readWorkflowIdentity, repositoryKey } from './source-location.ts';

/** What a policy expects of the source, held against the certificate first and the provenance where it is silent. */
export function expectedSource(
  story: Story,
  signer: Signer,
  rule: TrustRule | null,
): { readonly state: SlsaStep['state']; readonly detail: string } {
  const expected = rule?.source ?? null;
  if (expected === null || rule === null)
    return { state: 'skipped', detail: 'No policy says where it has to be built from.' };
  const place = `${rule.path}:${rule.line}`;
  const repository = signer.extensions['sourceRepositoryUri'] ?? story.source?.repository ?? null;
  const ref = signer.extensions['sourceRepositoryRef'] ?? story.source?.ref ?? null;
  // Fulcio's .18 is the workflow that the run began with, which a reusable one does not change.
  const config = signer.extensions['buildConfigUri'];
  const workflow =
    (config === undefined ? null : readWorkflowIdentity(config)?.path) ?? story.workflow ?? story.entryPoint;
  const wrong: string[] = [];
  if (
    expected.repository !== null &&
    (repository === null || repositoryKey(repository) !== repositoryKey(expected.repository))
  )
    wrong.push(`repository ${expected.repository}, found ${repository ?? 'none'}`);
  const refFits = (wanted: string): boolean =>
    ref !== null && (expected.refIsPattern ? globMatches(wanted, ref) : ref === wanted);
  if (expected.ref !== null && !refFits(expected.ref)) wrong.push(`ref ${expected.ref}, found ${ref ?? 'none'}`);
  if (expected.workflow !== null && workflow !== expected.workflow)
    wrong.push(`workflow ${expected.workflow}, found ${workflow ?? 'none'}`);
  if (wrong.length > 0) return { state: 'failed', detail: `${place} asks for ${wrong.join('; ')}.` };
  const asked = [expected.repository, expected.ref, expected.workflow].filter((each) => each !== null);
  return { state: 'passed', detail: `Policy ${place} asks for ${asked.join(', ')}.` };
}
