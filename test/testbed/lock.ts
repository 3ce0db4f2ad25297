// SPDX-License-Identifier: Apache-2.0
// One maker at a time, across processes. The lock is SQLite's own lock on a small file: the kernel drops it when its
// holder dies in any way, so a lock is never stale and nothing has to guess whether a process is still alive.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './ledger.ts';

const POLL_MS = 200;
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  // The low byte is the primary code; the rest says which kind of busy.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function tryLock(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function holder(file: string): string {
  try {
    return readFileSync(`${file}.holder`, 'utf8');
  } catch {
    return 'another run';
  }
}

/** Runs `work` while holding the lock file (created where missing); a wait is announced with who holds it. */
export async function withLock<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let database = tryLock(file);
  if (database === undefined) say('wait', `for ${holder(file)} to finish ${what}`);
  while (database === undefined) {
    await delay(POLL_MS);
    database = tryLock(file);
  }
  try {
    writeFileSync(`${file}.holder`, `process ${process.pid}`);
    return await work();
  } finally {
    database.close();
  }
}
