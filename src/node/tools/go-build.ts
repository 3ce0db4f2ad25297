// SPDX-License-Identifier: Apache-2.0
// Builds Syft or Grype with the machine's Go, in the module's own source with its own go.sum: the very dependencies of
// the release, checked by Go's checksum database.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Cancel, Progress } from '../../core/ports.ts';
import { locateProgram } from '../process/locate.ts';
import { runTool, toolEnvironment, type RunResult } from '../process/run.ts';
import { withTemporaryFolder } from '../process/temporary.ts';
import { goSource, testedVersion, toolTitle, type ManagedTool } from './releases.ts';

/** Twenty minutes: a cold build takes two to five on two cores. */
const TIMEOUT = 1_200_000;
const MAX_ANSWER = 1024 * 1024;

/** Go's own settings, which a person may have for a reason (a company's proxy, for one). */
const GO_SETTINGS = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOSUMCHECK', 'GOPRIVATE', 'GOMODCACHE', 'GOCACHE', 'GOPATH'];

export interface GoBuildRequest {
  readonly name: ManagedTool;
  /** Path of the program to write. */
  readonly out: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cancel: Cancel;
  readonly progress: Progress;
}

/** Writes the program at the tested version to `out`. */
export async function buildWithGo(request: GoBuildRequest): Promise<Result<null, Problem>> {
  const { name, out, env, cancel, progress } = request;
  const version = testedVersion(name);
  const title = `${toolTitle(name)} ${version}`;
  const { module, package: main, ldflags } = goSource(name);
  const go = locateProgram('go', null, env);
  if (go === null)
    return err({
      code: 'tool-missing',
      what: `${title} could not be built`,
      why: 'Go is not on PATH',
      todo: 'Install Go 1.26 or later, or fetch the vendor’s release with --from release.',
    });
  const goEnv = {
    ...toolEnvironment(env),
    ...Object.fromEntries(GO_SETTINGS.map((key) => [key, env[key]])),
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-buildvcs=false',
    GOWORK: 'off',
    CGO_ENABLED: '0',
  };
  const step = async (args: readonly string[], cwd: string): Promise<Result<RunResult, Problem>> => {
    const run = await runTool(go, args, {
      name: 'Go',
      cwd,
      env: goEnv,
      cancel,
      timeout: TIMEOUT,
      maxStdout: MAX_ANSWER,
    });
    if (!run.ok || run.value.exitCode === 0) return run;
    return err({
      code: 'tool-failed',
      what: `${title} could not be built`,
      why: run.value.stderr.split('\n').at(-1) ?? `Go ended with ${run.value.exitCode}`,
      todo: 'Check that Go is 1.26 or later and reaches its module proxy. The log has its output.',
      detail: run.value.stderr,
    });
  };
  progress(`fetching the source of ${title}`);
  // In an empty folder: a go.mod that somebody left in the common one could replace the module.
  const source = await withTemporaryFolder((folder) =>
    step(['mod', 'download', '-json', `${module}@v${version}`], folder),
  );
  if (!source.ok) return source;
  const folder = moduleFolder(source.value.stdout);
  if (folder === null)
    return err({
      code: 'tool-output',
      what: `${title} could not be built`,
      why: 'Go did not say where it put the source',
      todo: 'Update Go and try again.',
      detail: source.value.stdout,
    });
  progress(`building ${title}`);
  const args = ['build', '-mod=readonly', '-p', '2', '-trimpath', `-ldflags=${ldflags}`, '-o', out, main];
  const built = await step(args, folder);
  return built.ok ? ok(null) : built;
}

function moduleFolder(json: string): string | null {
  try {
    const { Dir } = JSON.parse(json) as { Dir?: unknown };
    return typeof Dir === 'string' && Dir !== '' ? Dir : null;
  } catch {
    return null;
  }
}
