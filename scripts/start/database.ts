// SPDX-License-Identifier: Apache-2.0
// Chooses the vulnerability database: Grype's own where it is there or can be fetched, else the project's demonstration.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemonstrationFolder } from '../../src/build/demo-database/import.ts';
import { problemText } from '../../src/core/model/problem.ts';
import { DEMONSTRATION_MARKER } from '../../src/node/scanners/grype.ts';
import { runTool, toolEnvironment } from '../../src/node/process/run.ts';
import { say, withProgress } from './progress.ts';

export interface DatabaseRequest {
  readonly grype: string;
  readonly dataFolder: string;
  readonly offline: boolean;
  readonly cancel: AbortSignal;
}

export interface ChosenDatabase {
  readonly kind: 'grype' | 'demonstration';
  /** What Grype is started with in addition. */
  readonly env: Readonly<Record<string, string>>;
}

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const QUIET = { GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_CHECK_FOR_APP_UPDATE: 'false' };
const DAY = 86_400_000;

async function grype(
  request: DatabaseRequest,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeout: number = 120_000,
): Promise<Answer> {
  const result = await runTool(request.grype, args, {
    name: 'Grype',
    cwd: tmpdir(),
    env: { ...toolEnvironment(process.env), ...QUIET, ...env },
    cancel: request.cancel,
    timeout,
    maxStdout: 1024 * 1024,
  });
  if (!result.ok) throw new Error(problemText(result.error));
  return result.value;
}

const isValid = async (request: DatabaseRequest, env: Readonly<Record<string, string>> = {}): Promise<boolean> =>
  (await grype(request, ['db', 'status'], env)).exitCode === 0;

async function fetchDatabase(request: DatabaseRequest): Promise<boolean> {
  try {
    return await withProgress("Grype's vulnerability database, from grype.anchore.io", async () => {
      const answer = await grype(request, ['db', 'update'], {}, 1_200_000);
      if (answer.exitCode !== 0) throw new Error(lastLine(answer.stderr));
      return isValid(request);
    });
  } catch (error) {
    say('failed', `Grype's database could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** The tool's own last words, without its counter and level. */
const lastLine = (log: string): string => (log.split('\n').at(-1) ?? '').replace(/^\[\d+\]\s+\w+\s+/, '');

/** Databases of earlier days, and what a run that was killed left behind. */
function isOld(parent: string, name: string): boolean {
  return Date.now() - statSync(join(parent, name)).mtimeMs > DAY;
}

/** Folder of the demonstration database of the day; Grype refuses one of more than five days. */
async function demonstration(request: DatabaseRequest): Promise<string> {
  const parent = join(request.dataFolder, 'demonstration-database');
  mkdirSync(parent, { recursive: true });
  const fresh = readdirSync(parent).find((name) => {
    const built = Date.parse(name);
    return Number.isFinite(built) && Date.now() - built < 2 * DAY;
  });
  if (fresh !== undefined) {
    const folder = join(parent, fresh);
    const env = { GRYPE_DB_CACHE_DIR: folder };
    if (existsSync(join(folder, DEMONSTRATION_MARKER)) && (await isValid(request, env))) return folder;
  }
  const today = new Date().toISOString().slice(0, 10);
  const work = mkdtempSync(join(parent, '.new-'));
  await withProgress('the demonstration database', () =>
    fillDemonstrationFolder({
      folder: work,
      builtAt: `${today}T00:00:00Z`,
      importFile: async (file, folder) => {
        const answer = await grype(request, ['db', 'import', file], { GRYPE_DB_CACHE_DIR: folder });
        if (answer.exitCode !== 0) throw new Error(`Grype does not take the demonstration database: ${answer.stderr}`);
      },
    }),
  );
  const folder = join(parent, today);
  for (const name of readdirSync(parent)) if (isOld(parent, name)) rmSync(join(parent, name), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
  return folder;
}

/** The database that this run uses, said aloud. */
export async function chooseDatabase(request: DatabaseRequest): Promise<ChosenDatabase> {
  const own = process.env['GRYPE_DB_CACHE_DIR'] ?? '';
  if (own !== '' && existsSync(join(own, DEMONSTRATION_MARKER)) && (await isValid(request))) {
    say('use', `the demonstration database in $GRYPE_DB_CACHE_DIR: a small one, not fit to judge a real image`);
    return { kind: 'demonstration', env: {} };
  }
  if ((await isValid(request)) || (!request.offline && (await fetchDatabase(request)))) {
    say('use', "Grype's own vulnerability database");
    return { kind: 'grype', env: {} };
  }
  if (request.offline) say('skip', "Grype's own database is not there, and --offline fetches nothing");
  const folder = await demonstration(request);
  say('use', `the demonstration database, a small one and not fit to judge a real image: ${folder}`);
  return { kind: 'demonstration', env: { GRYPE_DB_CACHE_DIR: folder } };
}
