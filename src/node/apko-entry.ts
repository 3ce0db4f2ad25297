// SPDX-License-Identifier: Apache-2.0
// A local apko, for the commands of the editor: an output of its own, which is loaded when one of them is run.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import {
  buildArguments,
  imageName,
  lockArguments,
  resolveArguments,
  type ApkoTarget,
} from '../core/apko-tool/arguments.ts';
import { lockNameOf } from '../core/apko/lock.ts';
import { localPaths, outlineOf } from '../core/apko-tool/config.ts';
import type { ApkoConfig, ApkoFailure, ApkoOutcome, ApkoRun, ApkoTool } from '../core/apko-tool/port.ts';
import { apkoProblems, errorOf } from '../core/apko-tool/problems.ts';
import { resolvedPackages } from '../core/apko-tool/resolved.ts';
import { toProblem, type Problem } from '../core/model/problem.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Log } from '../core/ports.ts';
import { locateProgram } from './process/locate.ts';
import { exitProblem, runTool, toolEnvironment, type RunResult } from './process/run.ts';
import { withTemporaryFolder } from './process/temporary.ts';
import { writeAtomically } from './store/atomic.ts';

export interface ApkoOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that a person configured; null looks on PATH. */
  readonly program: string | null;
  readonly log: Log;
}

/** Downloads of whole distributions' indexes can be slow; a person sees the progress and can cancel. */
const TIMEOUT = 30 * 60_000;
const MAX_STDOUT = 32 * 2 ** 20;
/** What apko takes from the environment beside what every tool gets: access to closed repositories, and dates. */
const OF_APKO = ['HTTP_AUTH', 'SOURCE_DATE_EPOCH'] as const;

export function createApko(options: ApkoOptions): ApkoTool {
  const start = async (
    config: ApkoConfig,
    folder: string,
    args: Result<readonly string[], Problem>,
    { cancel, onProgress }: ApkoRun,
    cwd: string,
  ): Promise<ApkoOutcome<RunResult>> => {
    const { env, log } = options;
    const program = locateProgram('apko', options.program, env);
    if (program === null) return failed(missing(options.program));
    if (!args.ok) return failed(args.error);
    log.info(`apko ${args.value.join(' ')}`);
    const own = Object.fromEntries(OF_APKO.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
    const result = await runTool(program, args.value, {
      name: 'apko',
      cwd,
      // What it leaves behind when it is ended lies in a folder that goes.
      env: { ...toolEnvironment(env), ...own, TMPDIR: folder, TMP: folder, TEMP: folder },
      cancel,
      timeout: TIMEOUT,
      maxStdout: MAX_STDOUT,
      onStderrLine: (line) => {
        log.info(`apko: ${line}`);
        const said = /^\S+ \S+ INFO (.+)$/.exec(line)?.[1];
        if (said !== undefined) onProgress(said.slice(0, 200));
      },
    });
    if (!result.ok) return failed(result.error);
    const places = apkoProblems(result.value.stderr, config.text);
    if (result.value.exitCode === 0) return ok({ value: result.value, places });
    const said = errorOf(result.value.stderr);
    const problem = exitProblem('apko', result.value);
    return err({
      problem: said === null ? problem : { ...problem, why: said.split('\n')[0]?.slice(0, 500) ?? problem.why },
      places,
    });
  };

  return {
    resolve: (config, run) =>
      inFolder(async (folder) => {
        const { target, cwd } = targetOf(config);
        const done = await start(config, folder, resolveArguments(target), run, cwd);
        return done.ok ? ok({ ...done.value, value: resolvedPackages(done.value.value.stdout) }) : done;
      }),
    lock: (config, run) =>
      inFolder(async (folder) => {
        const { target, cwd } = targetOf(config);
        const output = join(folder, 'lock.json');
        const done = await start(config, folder, lockArguments(target, output), run, cwd);
        if (!done.ok) return done;
        const place = lockNameOf(config.path);
        const written = await writeAtomically(place, await readFile(output));
        return written.ok ? ok({ ...done.value, value: place }) : failed(written.error);
      }),
    build: (config, run, use) =>
      inFolder(async (folder) => {
        const { target, cwd } = targetOf(config);
        const [layout, sbom] = [join(folder, imageName(config.path)), join(folder, 'sbom')];
        for (const each of [layout, sbom]) await mkdir(each);
        const lock = existsSync(lockNameOf(config.path)) ? relative(cwd, lockNameOf(config.path)) : null;
        const done = await start(config, folder, buildArguments(target, { layout, sbom, lock }), run, cwd);
        if (!done.ok) return done;
        await use(layout);
        return ok({ ...done.value, value: null });
      }),
  };
}

async function inFolder<T>(work: (folder: string) => Promise<ApkoOutcome<T>>): Promise<ApkoOutcome<T>> {
  try {
    return await withTemporaryFolder(work);
  } catch (error) {
    return failed(toProblem(error, 'apko could not be run'));
  }
}

function failed(problem: Problem): { readonly ok: false; readonly error: ApkoFailure } {
  return err({ problem, places: [] });
}

/**
 * The folder in which apko runs: that of the workspace, as people run it there. Where what the configuration names
 * locally is not there but beside the configuration, it is meant to be run beside it.
 */
function targetOf({ path, root, text }: ApkoConfig): { readonly target: ApkoTarget; readonly cwd: string } {
  const outline = outlineOf(text);
  const local = localPaths(outline);
  const there = (folder: string): number => local.filter((each) => existsSync(join(folder, each))).length;
  const cwd = there(dirname(path)) > there(root) ? dirname(path) : root;
  const folder = relative(cwd, dirname(path));
  return {
    cwd,
    target: {
      config: folder === '' ? basename(path) : relative(cwd, path),
      folder: folder === '' ? '.' : folder,
      anyArchitecture: outline.anyArchitecture,
    },
  };
}

function missing(configured: string | null): Problem {
  const why =
    configured === null ? 'it is not on PATH' : `the configured path ${configured} is no program that can be run`;
  return { code: 'tool-missing', what: 'apko was not found', why, todo: 'Install apko, or choose its path.' };
}
