// SPDX-License-Identifier: Apache-2.0
// Which Syft and Grype are used, and which vulnerability database. Asks the programs, never a network.
import type { ToolsDocument } from '../../core/output/tools.ts';
import { ok } from '../../core/model/result.ts';
import type { Cancel, Log } from '../../core/ports.ts';
import { withTemporaryFolder } from '../process/temporary.ts';
import { createGrype } from '../scanners/grype.ts';
import { findTool } from './find.ts';
import { testedVersion, TOOL_NAMES, toolTitle, type ManagedTool } from './releases.ts';
import { askVersion, isTested } from './version.ts';

export interface StatusRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataFolder: string;
  readonly log: Log;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly cancel: Cancel;
}

const DAY = 86_400_000;

async function toolStatus(name: ManagedTool, request: StatusRequest): Promise<ToolsDocument['tools'][number]> {
  const { env, dataFolder, cancel } = request;
  const common = { name, testedVersion: testedVersion(name) };
  const found = findTool(name, null, env, dataFolder);
  if (found === null) {
    const own = env[`WAYBILL_${name.toUpperCase()}`] ?? '';
    const problem =
      own === ''
        ? `is not on PATH and was not installed; run waybill tools install ${name}`
        : `${own} in $WAYBILL_${name.toUpperCase()} is no program with an absolute path; correct the variable`;
    return { ...common, path: null, origin: null, version: null, tested: false, problem };
  }
  const { path, origin } = found;
  const version = await askVersion(name, path, env, cancel);
  const problem = version === null ? `${path} does not say that it is ${toolTitle(name)}` : null;
  return { ...common, path, origin, version, tested: isTested(name, version), problem };
}

async function databaseStatus(grype: string | null, request: StatusRequest): Promise<ToolsDocument['database']> {
  const none = { kind: null, built: null, ageDays: null, stale: false };
  if (grype === null) return { ...none, problem: 'is not known without Grype' };
  const { env, log, now, cancel } = request;
  const answer = await withTemporaryFolder((folder) =>
    createGrype({ program: ok(grype), env, log, folder, allowStale: false }).database(cancel),
  );
  if (!answer.ok) return { ...none, problem: `${answer.error.why}. ${answer.error.todo}` };
  const { kind, built, stale } = answer.value;
  const ageDays = built === null ? null : Math.max(0, Math.floor((now - Date.parse(built)) / DAY));
  return { kind, built, ageDays, stale, problem: null };
}

/** The whole answer to `waybill tools`. */
export async function toolsStatus(request: StatusRequest): Promise<ToolsDocument> {
  const tools = await Promise.all(TOOL_NAMES.map((name) => toolStatus(name, request)));
  const grype = tools.find(({ name, version }) => name === 'grype' && version !== null);
  return { schemaVersion: 1, tools, database: await databaseStatus(grype?.path ?? null, request) };
}
