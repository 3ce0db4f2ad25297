// SPDX-License-Identifier: Apache-2.0
// Puts a pinned Syft or Grype into the managed folder, from the vendor's release or built with Go. Only on request.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../core/model/result.ts';
import { toProblem, type Problem } from '../../core/model/problem.ts';
import type { Cancel, Progress } from '../../core/ports.ts';
import { locateProgram } from '../process/locate.ts';
import { download } from './download.ts';
import { managedFolder, programFile, toolsFolder, type FoundTool } from './find.ts';
import { buildWithGo } from './go-build.ts';
import {
  goSource,
  releaseAsset,
  releaseBase,
  testedVersion,
  toolTitle,
  type ManagedTool,
  type ReleaseAsset,
} from './releases.ts';
import { ArchiveError, programInArchive } from './tar.ts';
import { askVersion } from './version.ts';

/** `release`: the vendor's archive, checked against its pinned hash. `go`: built here from the module proxy's source. */
export type InstallWay = 'release' | 'go';

export interface InstallRequest {
  readonly name: ManagedTool;
  readonly way: InstallWay;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cancel: Cancel;
  readonly progress: Progress;
  readonly platform?: string;
  /** In place of the pinned archive for this platform and of the vendor's hosts. */
  readonly release?: { readonly asset: ReleaseAsset; readonly allows: (url: URL) => boolean };
}

export const hostPlatform = `${process.platform}-${process.arch}`;

/** What an install fetches and from where, as one line for a person. */
export function installSource(name: ManagedTool, way: InstallWay, platform: string = hostPlatform): string {
  const title = `${toolTitle(name)} ${testedVersion(name)}`;
  if (way === 'go') return `${title}: the source of ${goSource(name).module} and its modules, from Go's module proxy`;
  return `${title}: ${releaseAsset(name, platform)?.url ?? releaseBase(name)}`;
}

/** The ways that are open on this machine, the better one first. */
export function installWays(
  name: ManagedTool,
  env: Readonly<Record<string, string | undefined>>,
  platform: string = hostPlatform,
): readonly InstallWay[] {
  const ways: InstallWay[] = [];
  if (locateProgram('go', null, env) !== null) ways.push('go');
  if (releaseAsset(name, platform) !== null) ways.push('release');
  return ways;
}

async function fetchRelease(request: InstallRequest): Promise<Result<Uint8Array, Problem>> {
  const { name, platform = hostPlatform, release, cancel, progress } = request;
  const what = `${toolTitle(name)} ${testedVersion(name)}`;
  const asset = release?.asset ?? releaseAsset(name, platform);
  if (asset === null)
    return err({
      code: 'tool-missing',
      what: `${what} cannot be fetched`,
      why: `no hash of the vendor's release for ${platform} is known here`,
      todo: `Install ${toolTitle(name)} yourself so that it is on PATH, or install Go and build it with --from go.`,
    });
  const archive = await download({
    ...asset,
    what,
    cancel,
    onProgress: (received, total) =>
      progress(
        `fetching ${what}: ${(received / 1e6).toFixed(1)}${total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`} MB`,
      ),
    ...(release === undefined ? {} : { allows: release.allows }),
  });
  if (!archive.ok) return archive;
  try {
    return ok(programInArchive(archive.value, platform.startsWith('win32') ? `${name}.exe` : name));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return err({
      code: 'download-failed',
      what: `${what} could not be unpacked`,
      why: error.message,
      todo: 'Report this: the archive has the pinned hash and an unexpected form.',
    });
  }
}

/** Fills `file`; nothing else is written. */
async function provide(request: InstallRequest, file: string): Promise<Result<null, Problem>> {
  if (request.way === 'go') {
    const { name, env, cancel, progress } = request;
    return buildWithGo({ name, out: file, env, cancel, progress });
  }
  const program = await fetchRelease(request);
  if (!program.ok) return program;
  writeFileSync(file, program.value);
  chmodSync(file, 0o755);
  return ok(null);
}

/**
 * Installs the tested version, unless it is there already. It becomes visible in one step and only when the program
 * answers with its version, so that a half-made one is never found.
 */
export async function installTool(request: InstallRequest): Promise<Result<FoundTool, Problem>> {
  const { name, way, dataFolder, env, cancel } = request;
  const version = testedVersion(name);
  const folder = managedFolder(dataFolder, name, version);
  const found: FoundTool = { name, path: join(folder, programFile(name)), origin: 'managed' };
  if (existsSync(found.path)) return ok(found);
  let work: string | undefined;
  try {
    mkdirSync(toolsFolder(dataFolder), { recursive: true });
    work = mkdtempSync(join(toolsFolder(dataFolder), '.new-'));
    const file = join(work, programFile(name));
    const made = await provide(request, file);
    if (!made.ok) return made;
    const answer = await askVersion(name, file, env, cancel);
    if (answer !== version)
      return err({
        code: 'tool-failed',
        what: `${toolTitle(name)} ${version} was not installed`,
        why: answer === null ? 'the new program does not say its version' : `the new program says it is ${answer}`,
        todo: 'Report this, and install it yourself so that it is on PATH meanwhile.',
      });
    writeFileSync(
      join(work, 'install.json'),
      `${JSON.stringify({ name, version, way, source: installSource(name, way) }, null, 2)}\n`,
    );
    if (!existsSync(found.path)) rmSync(folder, { recursive: true, force: true });
    chmodSync(work, 0o755);
    renameSync(work, folder);
    work = undefined;
    return ok(found);
  } catch (error) {
    // Two installs at once: the other one finished first, with the same program.
    if (existsSync(found.path)) return ok(found);
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    const problem = toProblem(error, `${toolTitle(name)} ${version} could not be installed into ${folder}`);
    return err(full ? { ...problem, code: 'disk-full', todo: 'Free some space and try again.' } : problem);
  } finally {
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
  }
}
