// SPDX-License-Identifier: Apache-2.0
// Local engines through their own command lines. Nothing here starts an engine, pulls or changes an image.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, Engine, EngineImage } from '../../core/ports.ts';
import { locateProgram } from '../process/locate.ts';
import { runTool, toolEnvironment, type RunResult } from '../process/run.ts';
import { readDockerImages, readInspect, readPodmanImages, type InspectedImage } from './listing.ts';

export type EngineName = EngineImage['engine'];
export const ENGINES = ['docker', 'podman', 'nerdctl'] as const satisfies readonly EngineName[];

type Environment = Readonly<Record<string, string | undefined>>;

export interface EngineOptions {
  readonly env: Environment;
  readonly programs: Readonly<Record<EngineName, string | null>>;
  /** Folder without anything of a workspace in it. */
  readonly cwd: string;
}

const LIST_TIMEOUT = 10_000;
const MAX_LISTING = 16 * 1024 * 1024;
/** Names and ids as engines take them; a leading hyphen would be an option. */
const TARGET = /^[A-Za-z0-9[][\w.\-/:@[\]]{0,1023}$/;

export function engineProgram(name: EngineName, options: EngineOptions): string | null {
  return locateProgram(name, options.programs[name], options.env);
}

function run(
  name: EngineName,
  program: string,
  args: readonly string[],
  options: EngineOptions,
  cancel: Cancel,
): Promise<Result<RunResult, Problem>> {
  return runTool(program, args, {
    name,
    cwd: options.cwd,
    env: toolEnvironment(options.env),
    cancel,
    timeout: LIST_TIMEOUT,
    maxStdout: MAX_LISTING,
  });
}

/** What an engine's command line says when it cannot do its work. */
function engineProblem(name: EngineName, { stderr, exitCode }: RunResult): Problem {
  const last = stderr.split('\n').findLast((line) => line.trim() !== '') ?? '';
  const denied = /permission denied/i.test(stderr);
  return {
    code: denied ? 'access-denied' : 'engine-unreachable',
    what: `${name} does not answer`,
    why:
      last === ''
        ? `it stopped with exit code ${exitCode}`
        : last
            .replace(/^Error:\s*/i, '')
            .replace(/\.$/, '')
            .slice(0, 400),
    todo: denied ? `Get access to the socket of ${name}, then try again.` : `Start ${name}, then try again.`,
    detail: stderr,
  };
}

function noProgram(name: EngineName): Problem {
  return {
    code: 'engine-unreachable',
    what: `${name} was not found`,
    why: 'it is not on PATH, and no path is configured',
    todo: `Install ${name}, or audit a saved image with docker-archive: or oci-dir:.`,
  };
}

function slow(name: EngineName, problem: Problem): Problem {
  if (problem.code !== 'timeout') return problem;
  return {
    ...problem,
    code: 'engine-unreachable',
    what: `${name} does not answer`,
    todo: `Check ${name}, then try again.`,
  };
}

/** The engines that are installed. */
export function installedEngines(options: EngineOptions): readonly Engine[] {
  return ENGINES.flatMap((name): readonly Engine[] => {
    const program = engineProgram(name, options);
    if (program === null) return [];
    const args =
      name === 'podman'
        ? ['images', '--no-trunc', '--format', 'json']
        : ['images', '--no-trunc', '--format', '{{json .}}'];
    return [
      {
        name,
        images: async (cancel) => {
          const result = await run(name, program, args, options, cancel);
          if (!result.ok) return err(slow(name, result.error));
          if (result.value.exitCode !== 0) return err(engineProblem(name, result.value));
          const { stdout } = result.value;
          return ok(name === 'podman' ? readPodmanImages(stdout) : readDockerImages(name, stdout));
        },
      },
    ];
  });
}

/** An image of an engine, or why it is not there; asked before a scan, so that no scanner has a reason to pull. */
export async function inspectImage(
  name: 'docker' | 'podman',
  target: string,
  options: EngineOptions,
  cancel: Cancel,
): Promise<Result<InspectedImage, Problem>> {
  const program = engineProgram(name, options);
  if (program === null) return err(noProgram(name));
  if (!TARGET.test(target)) {
    return err({
      code: 'bad-input',
      what: `${JSON.stringify(target)} is no image`,
      why: 'a name or an id is needed',
      todo: 'Check the reference.',
    });
  }
  const result = await run(name, program, ['image', 'inspect', '--', target], options, cancel);
  if (!result.ok) return err(slow(name, result.error));
  if (result.value.exitCode !== 0) {
    const missing = /no such image|image not known|no such object|unable to find/i.test(result.value.stderr);
    if (!missing) return err(engineProblem(name, result.value));
    return err({
      code: 'image-missing',
      what: `No image ${target} in ${name}`,
      why: `${name} does not have it, and nothing is pulled unasked`,
      todo: 'Build or pull it, or choose another image.',
      detail: result.value.stderr,
    });
  }
  const inspected = readInspect(result.value.stdout);
  if (inspected !== null) return ok(inspected);
  return err({
    code: 'tool-output',
    what: `The answer of ${name} could not be read`,
    why: 'it does not say which image it is',
    todo: `Check the version of ${name}.`,
  });
}

/** Where Docker's command line finds its engine by context; null where the scanner finds it alone. */
export async function dockerHost(options: EngineOptions, cancel: Cancel): Promise<string | null> {
  const { DOCKER_HOST: host = '' } = options.env;
  const program = engineProgram('docker', options);
  if (host !== '' || program === null) return null;
  const result = await run(
    'docker',
    program,
    ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'],
    options,
    cancel,
  );
  const address = result.ok && result.value.exitCode === 0 ? result.value.stdout.trim() : '';
  return /^(?:unix|npipe|tcp|ssh):\/\/\S+$/.test(address) ? address : null;
}

/** True where Podman answers on a socket, which is the only way in which Syft reads from it. */
export function podmanSocket(env: Environment): boolean {
  const { CONTAINER_HOST: host = '', XDG_RUNTIME_DIR: runtime = '' } = env;
  if (host !== '') return true;
  if (process.getuid?.() === 0) return existsSync('/run/podman/podman.sock');
  return runtime !== '' && existsSync(join(runtime, 'podman', 'podman.sock'));
}

/** Save an image of Podman as an OCI archive, for the scanner to read where Podman has no socket. */
export async function exportImage(
  id: string,
  file: string,
  options: EngineOptions,
  cancel: Cancel,
): Promise<Result<null, Problem>> {
  const program = engineProgram('podman', options);
  if (program === null) return err(noProgram('podman'));
  const result = await runTool(program, ['save', '--quiet', '--format', 'oci-archive', '--output', file, id], {
    name: 'podman',
    cwd: options.cwd,
    env: { ...toolEnvironment(options.env), TMPDIR: options.cwd },
    cancel,
    timeout: 15 * 60_000,
    maxStdout: 1024 * 1024,
  });
  if (!result.ok) return result;
  return result.value.exitCode === 0 ? ok(null) : err(engineProblem('podman', result.value));
}
