// SPDX-License-Identifier: Apache-2.0
import { identityGlobMatches } from '../policy/glob.ts';
import type { TrustedSigner, TrustRule } from '../policy/model.ts';
import type { Signer } from './model.ts';
import { publisherKey } from './publisher-keys.ts';
import { readWorkflowIdentity } from './source-location.ts';
import { shortDigest } from './words.ts';

/**
 * The signer of a policy that a verified signature is by, null where the policy does not list it. Issuer and identity
 * match whole and literally, case included; a pattern matches the whole identity.
 */
export function allowedSigner(rule: TrustRule, signer: Signer): TrustedSigner | null {
  return rule.signers.find((each) => signerFits(each, signer)) ?? null;
}

export function isAllowedSigner(rule: TrustRule, signer: Signer): boolean {
  return allowedSigner(rule, signer) !== null;
}

/** The key of a policy that has to stand in a log, where this signature does not; null for everything else. */
export function unloggedKey(rule: TrustRule | null, signer: Signer, logged: boolean): string | null {
  const allowed = rule === null || logged ? null : allowedSigner(rule, signer);
  return allowed?.kind === 'key' && allowed.logRequired ? allowed.name : null;
}

function signerFits(allowed: TrustedSigner, signer: Signer): boolean {
  if (allowed.kind === 'key') return signer.kind === 'key' && allowed.fingerprint === signer.identity;
  if (signer.kind !== 'certificate' || signer.issuer !== allowed.issuer || signer.identity === '') return false;
  return allowed.pattern
    ? identityGlobMatches(allowed.identity, signer.identity)
    : allowed.identity === signer.identity;
}

/** `release.yml@refs/tags/v1`, an address, a publisher's name, or the beginning of a key's digest. */
export function shortSigner(signer: Pick<Signer, 'kind' | 'identity'>): string {
  if (signer.kind === 'key') return publisherKey(signer.identity)?.name ?? `key ${shortDigest(signer.identity)}`;
  const workflow = readWorkflowIdentity(signer.identity);
  return workflow === null ? signer.identity : `${workflow.path.split('/').at(-1)}@${workflow.ref}`;
}

/** Who a policy allows, in the same short form, at most three of them. */
export function shortAllowed({ signers }: TrustRule): string {
  const names = signers.map((each) =>
    each.kind === 'key' ? each.name : shortSigner({ kind: 'certificate', identity: each.identity }),
  );
  const shown = names.slice(0, 3);
  return names.length > 3 ? `${shown.join(', ')} or ${names.length - 3} others` : shown.join(' or ');
}
