// SPDX-License-Identifier: Apache-2.0
// Runs the built command as a person would, with the real tools, in an environment that holds nothing of this machine's.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditReportSchema, type AuditReport } from '../../src/core/evidence/report.ts';
import { databaseFolder } from '../testbed/database.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

export const cliFile = join(projectRoot, 'dist', 'cli.js');

export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Bench {
  /** Scratch folder of one test file. */
  readonly folder: string;
  /** TMPDIR of the command: empty again after each run. */
  readonly temporary: string;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  readonly dispose: () => void;
}

/** Folders and environment: the pinned tools, a fresh database, an empty home. */
export async function prepareAudit(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-audit-'));
  const [temporary, data, home] = ['tmp', 'data', 'home'].map((name) => join(folder, name)) as [string, string, string];
  for (const each of [temporary, data, home]) mkdirSync(each);
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: home,
    TMPDIR: temporary,
    WAYBILL_DATA: data,
    WAYBILL_SYFT: await toolPath('syft'),
    WAYBILL_GRYPE: await toolPath('grype'),
    GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
  };
  return { folder, temporary, data, env, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Run `waybill ARGS…`; `during` gets the process while it runs. */
export function waybill(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  during?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliFile, ...args], {
      env,
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    during?.((signal) => child.kill(signal));
  });
}

/** `waybill audit REF --format json` and its document, checked against the schema. */
export async function auditJson(
  reference: string,
  env: NodeJS.ProcessEnv,
  more: readonly string[] = [],
): Promise<CliRun & { readonly report: AuditReport }> {
  const run = await waybill(['audit', reference, '--format', 'json', ...more], env);
  if (run.stdout === '') throw new Error(`waybill audit ${reference} printed nothing (${run.code}): ${run.stderr}`);
  return { ...run, report: auditReportSchema.parse(JSON.parse(run.stdout)) };
}

/** A program that is a shell script; answers its path. */
export function script(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Processes whose environment holds `NAME=value`. */
export function processesWith(entry: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const own = readFileSync(`/proc/${pid}/environ`, 'latin1')
          .split('\0')
          .some((each) => each.startsWith(entry));
        return own
          ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 120)}`]
          : [];
      } catch {
        return [];
      }
    });
}
