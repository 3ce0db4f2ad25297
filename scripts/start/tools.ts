// SPDX-License-Identifier: Apache-2.0
// Makes sure that Syft and Grype are there: on PATH in a tested version, already managed, built with Go, or the vendor's
// pinned release.
import { problemText } from '../../src/core/model/problem.ts';
import { findTool, managedTool, type FoundTool } from '../../src/node/tools/find.ts';
import { hostPlatform, installTool, installWays } from '../../src/node/tools/install.ts';
import { testedVersion, toolTitle, type ManagedTool } from '../../src/node/tools/releases.ts';
import { askVersion, isTested } from '../../src/node/tools/version.ts';
import { say, withProgress } from './progress.ts';

export interface ToolRequest {
  readonly dataFolder: string;
  readonly offline: boolean;
  readonly cancel: AbortSignal;
}

const ORIGINS = { configured: 'configured', path: 'on PATH', managed: 'managed by Waybill' } as const;

/** Path of a tool in a tested version; throws with what to do where there is none. */
export async function ensureTool(name: ManagedTool, request: ToolRequest): Promise<string> {
  const { dataFolder, offline, cancel } = request;
  const title = toolTitle(name);
  const wanted = testedVersion(name);
  const seen: string[] = [];
  const first = findTool(name, null, process.env, dataFolder);
  for (const found of [first, managedTool(name, dataFolder)].filter((each): each is FoundTool => each !== null)) {
    const version = await askVersion(name, found.path, process.env, cancel);
    if (isTested(name, version)) {
      say('use', `${title} ${wanted}, ${ORIGINS[found.origin]}: ${found.path}`);
      return found.path;
    }
    const note = `${found.path} is ${version === null ? 'of an unknown version' : version}, and ${wanted} is the tested one`;
    if (!seen.includes(note)) say('skip', `${title}: ${note}`);
    seen.push(note);
  }
  const ways = installWays(name, process.env, hostPlatform);
  if (offline)
    throw new Error(
      `${title} ${wanted} is not there, and --offline fetches nothing. Put it on PATH, or run once without --offline.`,
    );
  const failures: string[] = [];
  for (const way of ways) {
    const how = way === 'go' ? 'built with Go' : "the vendor's release";
    const result = await withProgress(`${title} ${wanted}, ${how}`, (progress) =>
      installTool({ name, way, dataFolder, env: process.env, cancel, progress }),
    );
    if (result.ok) return result.value.path;
    failures.push(problemText(result.error));
    say('failed', problemText(result.error));
    if (cancel.aborted) break;
  }
  throw new Error(
    failures.length > 0
      ? `${title} ${wanted} could not be had. Install it so that it is on PATH, and start again.`
      : `${title} ${wanted} is not there: Go is not on PATH, and no hash of the vendor's release for ${hostPlatform} is known. Install ${title} so that it is on PATH.`,
  );
}
