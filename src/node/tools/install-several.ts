// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import type { Problem } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import { managedFolder, managedTool, type FoundTool } from './find.ts';
import { installSource, installTool, type InstallRequest } from './install.ts';
import { testedVersion, type ManagedTool } from './releases.ts';

export interface InstallSeveral extends Omit<InstallRequest, 'name' | 'platform' | 'release'> {
  readonly names: readonly ManagedTool[];
  /** Given what will be fetched and from where, before it is. */
  readonly announce: (sources: readonly string[]) => Promise<void>;
}

/** Installs the tools one after the other at a person's request; what is there already is not fetched again. */
export async function installManaged(request: InstallSeveral): Promise<readonly Result<FoundTool, Problem>[]> {
  const { names, announce, ...common } = request;
  const isThere = (name: ManagedTool): boolean => {
    const found = managedTool(name, common.dataFolder);
    return found !== null && dirname(found.path) === managedFolder(common.dataFolder, name, testedVersion(name));
  };
  const missing = names.filter((name) => !isThere(name));
  if (missing.length > 0) await announce(missing.map((name) => installSource(name, common.way)));
  const results: Result<FoundTool, Problem>[] = [];
  for (const name of names) results.push(await installTool({ ...common, name }));
  return results;
}
