// SPDX-License-Identifier: Apache-2.0
// What this run reused and made, with times: said as it happens and printed as a table at the end.

export interface LedgerEntry {
  readonly what: string;
  readonly how: 'reuse' | 'make';
  readonly seconds: number;
}

const entries: LedgerEntry[] = [];
const seen = new Set<string>();

/** Prints one line about the work: to stderr, so that a command's own output stays clean. */
export function say(verb: string, text: string): void {
  console.error(`${verb.padEnd(7)} ${text}`);
}

/** Notes that a part was found in the cache; said once a run. */
export function noteReuse(what: string): void {
  if (seen.has(what)) return;
  seen.add(what);
  entries.push({ what, how: 'reuse', seconds: 0 });
  say('reuse', what);
}

/** Runs the work that makes a part and notes its time in seconds. */
export async function noteMake<T>(what: string, work: () => Promise<T>): Promise<T> {
  say('make', what);
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  seen.add(what);
  entries.push({ what, how: 'make', seconds });
  say('made', `${what} in ${seconds.toFixed(1)} s`);
  return result;
}

/** The table of this run's parts, in the order they were needed. */
export function ledgerTable(): string {
  const width = Math.max(4, ...entries.map(({ what }) => what.length));
  const rows = entries.map(
    ({ what, how, seconds }) => `${what.padEnd(width)}  ${how.padEnd(5)}  ${how === 'make' ? seconds.toFixed(1) : '-'}`,
  );
  return [`${'part'.padEnd(width)}  ${'how'.padEnd(5)}  seconds`, ...rows].join('\n');
}
