// SPDX-License-Identifier: Apache-2.0
import type { Policy } from '../core/policy/model.ts';
import { visibleText } from '../core/protocol/visible-text.ts';
import { shownPath } from '../node/discover.ts';
import { Policies } from '../node/policy.ts';
import type { CliIo } from './io.ts';

/** The policy that was named; null, with its mistakes on standard error, where it cannot be relied on. */
export async function readNamedPolicy(named: string, io: CliIo): Promise<Policy | null> {
  const policies = new Policies(io.cwd);
  const policy = await policies.use(named);
  const { absolute } = await policies.policyFor(named);
  for (const { path, range, message } of policy.problems) {
    const { line, column } = range.start;
    await io.stderr(`waybill: ${shownPath(absolute(path), io.cwd)}:${line}:${column}: ${visibleText(message)}\n`);
  }
  return policy.problems.length === 0 ? policy : null;
}
