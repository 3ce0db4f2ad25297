// SPDX-License-Identifier: Apache-2.0
import { createPublicKey } from 'node:crypto';
import type { Policy, TrustRule } from '../core/policy/model.ts';
import { visibleText } from '../core/protocol/visible-text.ts';
import { shownPath } from '../node/discover.ts';
import { Policies } from '../node/policy.ts';
import type { CliIo } from './io.ts';

/** The first key of an entry that no program could use; null where all can be read. */
function unreadableKey({ signers }: TrustRule): string | null {
  for (const signer of signers) {
    if (signer.kind !== 'key') continue;
    try {
      createPublicKey(signer.pem);
    } catch {
      return signer.name;
    }
  }
  return null;
}

/**
 * The policy that was named; null, with its mistakes on standard error, where it cannot be relied on. Its trust entries
 * name their file as seen from the working directory.
 */
export async function readNamedPolicy(named: string, io: CliIo): Promise<Policy | null> {
  const policies = new Policies(io.cwd);
  const policy = await policies.use(named);
  const { absolute } = await policies.policyFor(named);
  const shown = (path: string): string => shownPath(absolute(path), io.cwd);
  const mistakes = policy.problems.map(
    ({ path, range: { start }, message }) => `${shown(path)}:${start.line}:${start.column}: ${message}`,
  );
  for (const rule of policy.trust) {
    const key = unreadableKey(rule);
    if (key !== null) mistakes.push(`${shown(rule.path)}:${rule.line}: ${key} holds no public key that can be read.`);
  }
  for (const mistake of mistakes) await io.stderr(`waybill: ${visibleText(mistake)}\n`);
  if (mistakes.length > 0) return null;
  const [first, ...others] = policy.files;
  return {
    ...policy,
    files: first === undefined ? [] : [shown(first), ...others],
    trust: policy.trust.map((rule) => ({ ...rule, path: shown(rule.path) })),
  };
}
