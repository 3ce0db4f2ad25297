// SPDX-License-Identifier: Apache-2.0
// Says what a long step does and for how long already: a moving line on a terminal, a line every ten seconds elsewhere.

const LINE_MS = 10_000;
const MOVING_MS = 200;

export function say(verb: string, text: string): void {
  console.error(`${verb.padEnd(7)} ${text}`);
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** Runs a step; `update` changes what is said of it. */
export async function withProgress<T>(
  what: string,
  work: (update: (message: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const moving = process.stderr.isTTY;
  let message = what;
  say('start', what);
  const clear = (): void => {
    if (moving) process.stderr.write('\r\u001b[K');
  };
  const timer = setInterval(
    () => {
      if (moving) process.stderr.write(`\r\u001b[K…       ${message}, ${seconds(started)}`.slice(0, 120));
      else say('…', `${message}, ${seconds(started)}`);
    },
    moving ? MOVING_MS : LINE_MS,
  );
  try {
    const result = await work((next) => {
      message = next;
    });
    clear();
    say('done', `${what} in ${seconds(started)}`);
    return result;
  } catch (error) {
    clear();
    throw error;
  } finally {
    clearInterval(timer);
  }
}
