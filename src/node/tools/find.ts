// SPDX-License-Identifier: Apache-2.0
// Which Syft and Grype are used. The order is the same everywhere: configured, PATH, managed folder.
import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { locateProgram } from '../process/locate.ts';
import { testedVersion, type ManagedTool } from './releases.ts';

export type ToolOrigin = 'configured' | 'path' | 'managed';

export interface FoundTool {
  readonly name: ManagedTool;
  readonly path: string;
  readonly origin: ToolOrigin;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The program's file name on this platform. */
export const programFile = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

/** Folder of the tools that Waybill keeps itself. */
export const toolsFolder = (dataFolder: string): string => join(dataFolder, 'tools');

/** Folder of one managed version. */
export const managedFolder = (dataFolder: string, name: ManagedTool, version: string): string =>
  join(toolsFolder(dataFolder), `${name}-${version}`);

const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/;

const numbers = (version: string): number[] => (VERSION.exec(version) ?? []).slice(1).map(Number);

function newerFirst(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (const [at, value] of left.entries()) if (value !== right[at]) return (right[at] ?? 0) - value;
  return 0;
}

/** The managed program: the tested version if it is there, else the newest. */
export function managedTool(name: ManagedTool, dataFolder: string): FoundTool | null {
  let entries: string[];
  try {
    entries = readdirSync(toolsFolder(dataFolder));
  } catch {
    return null;
  }
  const tested = testedVersion(name);
  const versions = entries
    .flatMap((entry) => (entry.startsWith(`${name}-`) ? [entry.slice(name.length + 1)] : []))
    .filter((version) => VERSION.test(version))
    .toSorted((a, b) => Number(b === tested) - Number(a === tested) || newerFirst(a, b));
  for (const version of versions) {
    const file = join(managedFolder(dataFolder, name, version), programFile(name));
    const path = locateProgram(name, file, {});
    if (path !== null) return { name, path, origin: 'managed' };
  }
  return null;
}

/**
 * The program that is used: the configured path, else $WAYBILL_SYFT or $WAYBILL_GRYPE, else the one on PATH, else the
 * managed one. A configured path that names no program is an answer of its own (null): nothing else is used silently.
 */
export function findTool(
  name: ManagedTool,
  configured: string | null,
  env: Environment,
  dataFolder: string,
): FoundTool | null {
  const own = configured !== null && configured !== '' ? configured : (env[`WAYBILL_${name.toUpperCase()}`] ?? '');
  if (own !== '') {
    const path = isAbsolute(own) ? locateProgram(name, own, env) : null;
    return path === null ? null : { name, path, origin: 'configured' };
  }
  const path = locateProgram(name, null, env);
  return path === null ? managedTool(name, dataFolder) : { name, path, origin: 'path' };
}
