// SPDX-License-Identifier: Apache-2.0
// Grype: the state of its database, and matching of a kept syft-json. It never fetches anything here.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { isoTime } from '../../core/evidence/manifest.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { DatabaseStatus, Log, Matcher } from '../../core/ports.ts';
import { parseJson } from '../images/files.ts';
import { exitProblem, runTool, toolEnvironment, type RunResult } from '../process/run.ts';
import { readToolJson } from './json-file.ts';

const STATUS_TIMEOUT = 60_000;
const MATCH_TIMEOUT = 60 * 60_000;
/** Marks a database folder as the project's small demonstration database. */
export const DEMONSTRATION_MARKER = 'waybill-demonstration.json';

const SETTINGS: Readonly<Record<string, string>> = {
  GRYPE_DB_AUTO_UPDATE: 'false',
  GRYPE_CHECK_FOR_APP_UPDATE: 'false',
};

export interface GrypeOptions {
  /** Path of the program, or why there is none. */
  readonly program: Result<string, Problem>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Private folder of this audit. */
  readonly folder: string;
  /** A database past its limit is used, where the caller has asked for that. */
  readonly allowStale: boolean;
}

const text = z.catch(z.string(), '');
const statusSchema = z.object({ schemaVersion: text, built: text, path: text, valid: z.boolean(), error: text });

/** What `grype db status -o json` says, whichever way it ended. */
export function readDatabaseStatus(
  document: unknown,
  isDemonstration: (databasePath: string) => boolean,
): Result<DatabaseStatus, Problem> {
  const what = 'Could not match';
  const parsed = statusSchema.safeParse(document);
  if (!parsed.success) {
    return err({
      code: 'database-broken',
      what,
      why: 'Grype does not say in which state its vulnerability database is',
      todo: 'Check the version of Grype, then run grype db status.',
    });
  }
  const { schemaVersion, built, path, valid, error } = parsed.data;
  const status = (stale: boolean): DatabaseStatus => ({
    built: isoTime(built),
    schema: schemaVersion === '' ? null : schemaVersion,
    kind: isDemonstration(path) ? 'demonstration' : 'grype',
    stale,
  });
  if (valid) return ok(status(false));
  if (/max allowed age/i.test(error)) return ok(status(true));
  if (/does not exist|no such file/i.test(error)) {
    return err({
      code: 'database-missing',
      what,
      why: 'Grype has no vulnerability database',
      todo: 'Fetch it with grype db update.',
      detail: `${path}: ${error}`,
    });
  }
  return err({
    code: 'database-broken',
    what,
    why: `the vulnerability database cannot be used: ${error === '' ? 'no reason was given' : innermost(error)}`,
    todo: 'Remove it with grype db delete, then fetch it with grype db update.',
    detail: `${path}: ${error}`,
  });
}

/** Grype's reason without the chain of what could therefore not be done. */
function innermost(error: string): string {
  if (/bad db checksum/.test(error)) return 'its file was changed after it was imported';
  return error.replace(/^(?:(?:failed to|unable to)[^:]*:\s*)+/, '').slice(0, 300);
}

function demonstration(databasePath: string): boolean {
  if (databasePath === '') return false;
  const folder = dirname(databasePath);
  return existsSync(join(folder, DEMONSTRATION_MARKER)) || existsSync(join(folder, '..', DEMONSTRATION_MARKER));
}

function matchProblem(result: RunResult): Problem {
  const { stderr } = result;
  if (/failed to load vulnerability db|bad db checksum|file is not a database/i.test(stderr)) {
    const missing = /does not exist/i.test(stderr);
    return {
      code: missing ? 'database-missing' : 'database-broken',
      what: 'Could not match',
      why: missing ? 'Grype has no vulnerability database' : 'the vulnerability database cannot be used',
      todo: 'Fetch it with grype db update.',
      detail: stderr,
    };
  }
  return exitProblem('Grype', result);
}

const identitySchema = z.object({
  descriptor: z.object({ name: z.catch(z.string(), 'grype'), version: z.catch(z.string(), '') }),
});

export function createGrype(options: GrypeOptions): Matcher {
  const { program, env, log, folder, allowStale } = options;
  const environment = async (scratch: string): Promise<Record<string, string>> => {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    return {
      ...toolEnvironment(env),
      ...SETTINGS,
      ...(allowStale ? { GRYPE_DB_VALIDATE_AGE: 'false' } : {}),
      TMPDIR: scratch,
      TMP: scratch,
      TEMP: scratch,
    };
  };
  return {
    database: async (cancel) => {
      if (!program.ok) return program;
      const scratch = join(folder, 'grype-status');
      // The age is always judged here, so that the report can say it of a database that is used all the same.
      const { GRYPE_DB_VALIDATE_AGE: _, ...own } = await environment(scratch);
      const result = await runTool(program.value, ['db', 'status', '-o', 'json'], {
        name: 'Grype',
        cwd: scratch,
        env: own,
        cancel,
        timeout: STATUS_TIMEOUT,
        maxStdout: 1024 * 1024,
      });
      if (!result.ok) return result;
      const json = parseJson(Buffer.from(result.value.stdout));
      if (!json.ok && result.value.exitCode !== 0) return err(matchProblem(result.value));
      return readDatabaseStatus(json.ok ? json.value : null, demonstration);
    },
    match: async (sbomPath, progress, cancel) => {
      if (!program.ok) return program;
      const scratch = join(folder, 'grype');
      const own = await environment(scratch);
      const out = join(scratch, 'matches.json');
      const result = await runTool(program.value, ['-v', '-o', `json=${out}`, '--', `sbom:${sbomPath}`], {
        name: 'Grype',
        cwd: scratch,
        env: own,
        cancel,
        timeout: MATCH_TIMEOUT,
        maxStdout: 1024 * 1024,
        onStderrLine: (line) => {
          const [, count, packages] = /found (\d+) vulnerability match(?:es)? across (\d+) packages?/.exec(line) ?? [];
          if (count !== undefined) progress(`Reading ${count} matches of ${packages} components`);
        },
      });
      if (!result.ok) return result;
      const { exitCode, stderr } = result.value;
      log.debug(`Grype ended with ${exitCode}:\n${stderr}`);
      // A threshold in a person's own configuration ends with 2 after the report was written.
      const threshold = exitCode === 2 && /severity threshold/i.test(stderr);
      if (exitCode !== 0 && !threshold) return err(matchProblem(result.value));
      const document = await readToolJson('Grype', out);
      if (!document.ok) return document;
      const identity = identitySchema.safeParse(document.value);
      const tool = identity.success ? identity.data.descriptor : { name: 'grype', version: '' };
      return ok({ tool, document: document.value });
    },
  };
}
