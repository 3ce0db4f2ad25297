// SPDX-License-Identifier: Apache-2.0
// Services of the test bed: started in their own process group, known by a mark in their environment, stopped with
// everything below them on a normal end, on a signal, and after a crash of the runner by the next run.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './ledger.ts';
import { cacheRoot } from './paths.ts';

const MARK = 'WAYBILL_SERVICE';

/** What the state folder holds of a running service: enough for another process to end it. */
export interface ServiceRecord {
  readonly id: string;
  readonly name: string;
  readonly pid: number;
  /** Start of the service in clock ticks since boot; a later process with the same pid has another. */
  readonly pidStart: string;
  readonly owner: number;
  readonly ownerStart: string;
  /** Private folder, removed at the end with what is mounted below it. */
  readonly folder: string;
}

export interface Service {
  readonly name: string;
  readonly pid: number;
  /** Private folder of the service, removed when it stops. */
  readonly folder: string;
  /** Standard output and error so far. */
  readonly output: () => string;
  /** Ends the whole process group and removes the private folder; a second call does nothing. */
  readonly stop: () => Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  /** Given the private folder. */
  readonly args: (folder: string) => readonly string[];
  readonly env?: (folder: string) => NodeJS.ProcessEnv;
  /** True once the service answers; called every 100 ms with its output so far. */
  readonly ready: (output: string, folder: string) => boolean | Promise<boolean>;
  /** Milliseconds until not being ready is an error; 30 seconds by default. */
  readonly readyTimeout?: number;
}

const stateFolder = (): string => join(cacheRoot(), 'services');

/** Start time of a process in clock ticks since boot, '' where it is gone or the system has no /proc. */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields are counted after its end; the start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isSameProcess(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return processStart(pid) === start;
}

/** Processes whose environment carries the mark, whatever group or parent they have by now. */
function markedProcesses(id: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const wanted = `${MARK}=${id}`;
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(wanted) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted.
  }
}

function signalAll(record: ServiceRecord, name: NodeJS.Signals): void {
  if (isSameProcess(record.pid, record.pidStart)) signal(-record.pid, name);
  for (const pid of markedProcesses(record.id)) signal(pid, name);
}

function unmountBelow(folder: string): void {
  let mounts: string[];
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  } catch {
    return;
  }
  const below = mounts.map((line) => line.split(' ')[4] ?? '').filter((path) => path.startsWith(`${folder}/`));
  for (const path of below.toReversed()) spawnSync('umount', ['-l', path], { stdio: 'ignore' });
}

const recordFile = (id: string): string => join(stateFolder(), `${id}.json`);

function forget({ id, folder }: ServiceRecord): void {
  unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  rmSync(recordFile(id), { force: true });
}

/** Kills at once and cleans up, without waiting: for signal handlers and the end of the process. */
function endNow(record: ServiceRecord): void {
  signalAll(record, 'SIGKILL');
  forget(record);
}

const running = new Map<string, ServiceRecord>();
let guarded = false;

function endAllNow(): void {
  for (const record of running.values()) endNow(record);
  running.clear();
}

function guard(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', endAllNow);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      endAllNow();
      process.kill(process.pid, name);
    });
  }
}

/** Ends services whose runner is gone; answers the names of those that it ended. */
export function reapServices(): string[] {
  let files: string[];
  try {
    files = readdirSync(stateFolder()).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  const reaped: string[] = [];
  for (const file of files) {
    const path = join(stateFolder(), file);
    let record: ServiceRecord;
    try {
      record = JSON.parse(readFileSync(path, 'utf8')) as ServiceRecord;
    } catch {
      // A record cut off by a crash names nothing that could be ended, unless its runner is writing it just now.
      if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 60_000)
        rmSync(path, { force: true });
      continue;
    }
    if (isSameProcess(record.owner, record.ownerStart)) continue;
    say('reap', `${record.name} (process ${record.pid}), left by a run that ended without stopping it`);
    endNow(record);
    reaped.push(record.name);
  }
  return reaped;
}

async function stopService(record: ServiceRecord, child: ChildProcess): Promise<void> {
  if (!running.delete(record.id)) return;
  signalAll(record, 'SIGTERM');
  for (let waited = 0; waited < 5000 && child.exitCode === null && child.signalCode === null; waited += 50)
    await delay(50);
  signalAll(record, 'SIGKILL');
  forget(record);
}

/** Starts a service and waits until it is ready; throws with its output when it ends or stays silent. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { name, command, args, env, ready, readyTimeout = 30_000 } = options;
  reapServices();
  guard();
  const id = randomUUID();
  // Short, because a Unix socket's path may have 107 bytes at most.
  const folder = join(tmpdir(), `wb-${id.slice(0, 8)}`);
  mkdirSync(folder, { mode: 0o700 });
  mkdirSync(stateFolder(), { recursive: true });
  const log = join(folder, 'service.log');
  const out = openSync(log, 'a');
  const child = spawn(command, args(folder), {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...process.env, ...env?.(folder), [MARK]: id },
  });
  closeSync(out);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
  });
  failed.catch(() => undefined);
  const pid = child.pid ?? -1;
  const record: ServiceRecord = {
    id,
    name,
    pid,
    pidStart: processStart(pid),
    owner: process.pid,
    ownerStart: processStart(process.pid),
    folder,
  };
  writeFileSync(recordFile(id), JSON.stringify(record));
  running.set(id, record);
  // The service must not keep a finished test run alive; the exit handler ends it.
  child.unref();
  const output = (): string => {
    try {
      return readFileSync(log, 'utf8');
    } catch {
      return '';
    }
  };
  const stop = (): Promise<void> => stopService(record, child);
  const waitUntilReady = async (): Promise<void> => {
    const until = performance.now() + readyTimeout;
    while (!(await ready(output(), folder))) {
      const tail = output().split('\n').slice(-20).join('\n');
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode} before it was ready.\n${tail}`);
      if (performance.now() > until) throw new Error(`${name} was not ready after ${readyTimeout / 1000} s.\n${tail}`);
      await delay(100);
    }
  };
  try {
    await Promise.race([waitUntilReady(), failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, pid, folder, output, stop };
}

/** Stops every service that this process started and that still runs. */
export async function stopAllServices(): Promise<void> {
  for (const record of [...running.values()]) {
    signalAll(record, 'SIGTERM');
  }
  await delay(running.size > 0 ? 300 : 0);
  endAllNow();
}
