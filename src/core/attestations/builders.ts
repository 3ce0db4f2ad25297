// SPDX-License-Identifier: Apache-2.0
import type { Story } from '../evidence/evidence.ts';
import { identityGlobMatches } from '../policy/glob.ts';
import type { TrustRule } from '../policy/model.ts';
import data from './data/builders.json' with { type: 'json' };
import type { Signer } from './model.ts';
import { PUBLISHER_KEYS_AS_OF, publisherKey } from './publisher-keys.ts';
import { readWorkflowIdentity } from './source-location.ts';
import { isAllowedSigner } from './signers.ts';

/** A builder that somebody holds to reach a level, and who that is. */
export interface RecognisedBuilder {
  readonly name: string;
  readonly level: 1 | 2 | 3;
  readonly byUser: boolean;
  /** What of the signature fitted: the certificate, a publisher's key, or the id in a provenance by a trusted signer. */
  readonly matched: 'certificate' | 'builder-id' | 'key';
  /** Its runs have certificates by GitHub, which say where it ran. */
  readonly onGithub: boolean;
  /** Somebody wrote down this very identity, its ref included. */
  readonly exact: boolean;
  /** `.waybill.yaml:8`, or where the shipped list is from. */
  readonly place: string;
  readonly note: string;
  readonly detail: string;
}

const GITHUB = 'https://token.actions.githubusercontent.com';

function levelOf(level: number): 1 | 2 | 3 {
  return level >= 3 ? 3 : level === 2 ? 2 : 1;
}

/** The builder of the shipped lists whose certificate or key this is, null where there is none. */
export function knownBuilder(signer: Signer): RecognisedBuilder | null {
  if (signer.kind === 'key') return publisherAsBuilder(signer.identity);
  const found = data.builders.find(
    ({ issuer, identity }) => signer.issuer === issuer && signer.identity.startsWith(identity),
  );
  // Behind the prefix stands a workflow and its ref, nothing else.
  if (found === undefined || readWorkflowIdentity(signer.identity) === null) return null;
  return {
    name: found.name,
    level: levelOf(found.level),
    byUser: false,
    matched: 'certificate',
    onGithub: found.issuer === GITHUB,
    exact: false,
    place: `Waybill's list of ${data.asOf}`,
    note: found.note,
    detail: 'Build signer URI equals the certificate identity.',
  };
}

/** A publisher that signs with its own key builds what it signs, as far as it says. */
function publisherAsBuilder(fingerprint: string): RecognisedBuilder | null {
  const key = publisherKey(fingerprint);
  return key === null
    ? null
    : {
        name: key.name,
        level: levelOf(key.level),
        byUser: false,
        matched: 'key',
        onGithub: false,
        exact: false,
        place: `Waybill's list of ${PUBLISHER_KEYS_AS_OF}`,
        note: key.note,
        detail: `It is the key of ${key.name}.`,
      };
}

/**
 * The builder that a policy lists: by the certificate's identity, or by the id in the provenance where the policy trusts
 * its signer. Never by the id alone, which anybody can write.
 */
export function userBuilder(story: Story, signer: Signer, rule: TrustRule | null): RecognisedBuilder | null {
  if (rule === null) return null;
  const allowed = isAllowedSigner(rule, signer);
  // Of a certificate the name alone says nothing: its issuer has to be GitHub for names there, else one of the policy's.
  const vouched =
    signer.kind === 'certificate' &&
    ((signer.issuer === GITHUB && signer.identity.startsWith('https://github.com/')) ||
      rule.signers.some((each) => each.kind === 'identity' && each.issuer === signer.issuer));
  for (const { id, pattern, level } of rule.builders) {
    const fits = (value: string | null): boolean =>
      value !== null && (pattern ? identityGlobMatches(id, value) : id === value);
    const matched =
      vouched && fits(signer.identity) ? 'certificate' : allowed && fits(story.builder) ? 'builder-id' : null;
    if (matched === null) continue;
    const place = `${rule.path}:${rule.line}`;
    return {
      name: matched === 'certificate' ? workflowName(signer.identity) : (story.builder ?? id),
      level,
      byUser: true,
      matched,
      onGithub: signer.issuer === GITHUB,
      exact: matched === 'certificate' && !pattern,
      place,
      note: '',
      detail: `Policy ${place} lists it.`,
    };
  }
  return null;
}

function workflowName(identity: string): string {
  const workflow = readWorkflowIdentity(identity);
  return workflow === null
    ? identity
    : `${workflow.repository.replace(/^https:\/\/[^/]+\//, '')} ${workflow.path.split('/').at(-1)}`;
}
