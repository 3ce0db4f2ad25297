// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, unwatchFile, watch, watchFile, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import type { Log } from '../../core/ports.ts';

/** Events that come within this many milliseconds are told as one. */
const QUIET_MS = 100;
const POLL_MS = 2_000;

/** Tell when the marker file was replaced, by this process or another. Where the system has no watches left, it is polled. */
export function watchMarker(root: string, marker: string, listener: () => void, log: Log): () => void {
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      listener();
    }, QUIET_MS);
  };
  let watcher: FSWatcher | null = null;
  let polling = false;
  const poll = (why: unknown): void => {
    if (polling) return;
    polling = true;
    log.debug(`${root} cannot be watched (${why instanceof Error ? why.message : String(why)}); it is polled.`);
    watchFile(marker, { interval: POLL_MS, persistent: false }, tell);
  };
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    watcher = watch(root, { persistent: false }, (_event, name) => {
      if (name === null || name === basename(marker)) tell();
    });
    watcher.on('error', (error) => {
      watcher?.close();
      poll(error);
    });
  } catch (error) {
    poll(error);
  }
  return () => {
    watcher?.close();
    if (polling) unwatchFile(marker, tell);
    if (timer !== null) clearTimeout(timer);
  };
}
