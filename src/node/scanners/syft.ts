// SPDX-License-Identifier: Apache-2.0
// Syft: one scan of one exact image into a private folder.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, Log, ResolvedImage, SbomFormat, ScannedSbom, Scanner } from '../../core/ports.ts';
import { exportImage, type EngineOptions } from '../engines/engine.ts';
import { exitProblem, runTool, toolEnvironment, type RunResult } from '../process/run.ts';
import type { AuditSession } from '../resolve/session.ts';
import { readToolJson } from './json-file.ts';

const SCAN_TIMEOUT = 60 * 60_000;
const CONVERT_TIMEOUT = 10 * 60_000;
const MAX_STDOUT = 1024 * 1024;

/**
 * Fixed settings of every run. None of them changes which packages are found:
 * - Go symbols are captured because Grype needs them on an SBOM to find what it finds on the image.
 * - File metadata is taken of all files: by default an executable that no package owns (279 of 280 in a distroless
 *   image, or a `fips.so` that was copied in) has no digest. It adds 27 % to the SBOM of a Debian image and 7 % to its time.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  SYFT_CHECK_FOR_APP_UPDATE: 'false',
  SYFT_GOLANG_CAPTURE_SYMBOLS: 'all',
  SYFT_FILE_METADATA_SELECTION: 'all',
};

export interface SyftOptions {
  /** Path of the program, or why there is none. */
  readonly program: Result<string, Problem>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

const identitySchema = z.object({
  descriptor: z.object({ name: z.catch(z.string(), 'syft'), version: z.catch(z.string(), '') }),
});

function problemOf(scheme: string, result: RunResult): Problem {
  const problem = exitProblem('Syft', result);
  if (problem.code !== 'tool-failed') return problem;
  const { stderr } = result;
  if (scheme === 'registry') {
    if (/UNAUTHORIZED|DENIED|authentication required|status code 40[13]/i.test(stderr)) {
      return { ...problem, code: 'access-denied', todo: 'Sign in with docker login, then try again.' };
    }
    if (/dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|x509/i.test(stderr))
      return { ...problem, code: 'registry-unreachable', todo: 'Check the network, then try again.' };
  }
  if (/not available|cannot connect|failed to connect|unable to get \w+ API response/i.test(stderr))
    return { ...problem, code: 'engine-unreachable', todo: `Start ${scheme}, then try again.` };
  return problem;
}

/** Tell what Syft does from its own log lines; it has no other events. */
function progressReader(progress: (message: string) => void): (line: string) => void {
  let done = 0;
  return (line) => {
    const [, task] = /task completed\b.*\btask=([\w-]+)/.exec(line) ?? [];
    if (task !== undefined)
      progress(`Cataloguing packages: ${++done} catalogers done, last ${task.replace(/-cataloger$/, '')}`);
    else if (/completed image read/.test(line)) progress('Cataloguing packages');
    else if (/docker saved image/.test(line)) progress('Reading the image');
  };
}

async function privateFolder(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}

/** What the tool is given as a temporary folder on each platform. */
const temporary = (folder: string): Record<string, string> => ({ TMPDIR: folder, TMP: folder, TEMP: folder });

export function createSyft(session: AuditSession, engines: EngineOptions, options: SyftOptions): Scanner {
  const { program, env, log } = options;
  return {
    sbom: async (image, progress, cancel) => {
      if (!program.ok) return program;
      progress('Reading the image');
      const target = await scanTarget(image, session, engines, cancel);
      if (!target.ok) return target;
      const sbomPath = join(session.folder, 'sbom.syft.json');
      const scratch = await privateFolder(session.folder, 'syft');
      const manyPlatforms = image.platforms.length > 1 && image.source.scheme !== 'registry' && image.platform !== null;
      const args = [
        'scan',
        // Never -q: it hides errors too. The lines of -v are the progress.
        '-v',
        ...(manyPlatforms ? ['--platform', image.platform ?? ''] : []),
        // An engine is given an id, which is no name for an SBOM.
        ...(/^(?:docker|podman)$/.test(image.source.scheme) ? ['--source-name', image.source.target] : []),
        '-o',
        `syft-json=${sbomPath}`,
        '--',
        target.value,
      ];
      const result = await runTool(program.value, args, {
        name: 'Syft',
        cwd: scratch,
        env: { ...toolEnvironment(env), ...SETTINGS, ...temporary(scratch), ...Object.fromEntries(session.scannerEnv) },
        cancel,
        timeout: SCAN_TIMEOUT,
        maxStdout: MAX_STDOUT,
        onStderrLine: progressReader(progress),
      });
      if (!result.ok) return result;
      log.debug(`Syft on ${target.value} ended with ${result.value.exitCode}:\n${result.value.stderr}`);
      if (result.value.exitCode !== 0) return err(problemOf(image.source.scheme, result.value));
      const read = async (): Promise<Result<ScannedSbom, Problem>> => {
        progress('Reading the SBOM');
        const document = await readToolJson('Syft', sbomPath);
        if (!document.ok) return document;
        const identity = identitySchema.safeParse(document.value);
        const tool = identity.success ? identity.data.descriptor : { name: 'syft', version: '' };
        return ok({ tool, document: document.value });
      };
      return ok({ sbomPath, read });
    },
  };
}

async function scanTarget(
  image: ResolvedImage,
  session: AuditSession,
  engines: EngineOptions,
  cancel: Cancel,
): Promise<Result<string, Problem>> {
  if (session.exportFromPodman === null) return ok(image.scanTarget);
  const file = join(session.folder, 'image.tar');
  const saved = await exportImage(session.exportFromPodman, file, engines, cancel);
  return saved.ok ? ok(`oci-archive:${file}`) : saved;
}

/** How Syft names the versions that are written: SPDX 2.3, and the newest CycloneDX that it knows. */
const CONVERTED: Readonly<Record<Exclude<SbomFormat, 'syft-json'>, string>> = {
  'spdx-json': 'spdx-json@2.3',
  'cyclonedx-json': 'cyclonedx-json',
};

/** Make another format of a kept syft-json; the image is not scanned again. */
export async function convertSbom(
  from: string,
  format: Exclude<SbomFormat, 'syft-json'>,
  to: string,
  folder: string,
  options: SyftOptions,
  cancel: Cancel,
): Promise<Result<null, Problem>> {
  if (!options.program.ok) return options.program;
  const result = await runTool(options.program.value, ['convert', '-o', `${CONVERTED[format]}=${to}`, '--', from], {
    name: 'Syft',
    cwd: folder,
    env: { ...toolEnvironment(options.env), ...SETTINGS, ...temporary(folder) },
    cancel,
    timeout: CONVERT_TIMEOUT,
    maxStdout: MAX_STDOUT,
  });
  if (!result.ok) return result;
  if (result.value.exitCode !== 0) return err(problemOf('', result.value));
  const written = await readToolJson('Syft', to);
  return written.ok ? ok(null) : written;
}
