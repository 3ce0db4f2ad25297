// SPDX-License-Identifier: Apache-2.0
import { finished } from 'node:stream/promises';
import { followProxies } from '../node/registry/proxy.ts';
import { runCommandLine } from './commands.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';

/** The Node that the command is tested on; Bun reports a Node version of its own and passes. */
const OLDEST_NODE: readonly [number, number] = [22, 15];
/** Standard input is cut off here, in characters. */
const MAX_STDIN = 8 * 1024 * 1024;

/** Write everything, also into a pipe that reads slowly or goes away. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // A reader that has gone away (EPIPE) wants no more; that is its right and no failure of ours. A full disk is one.
    stream.write(text, (error) =>
      error === null || error === undefined || ('code' in error && error.code === 'EPIPE') ? resolve() : reject(error),
    );
  });
}

async function readStdin(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > MAX_STDIN) process.stdin.destroy();
  });
  await finished(process.stdin).catch(() => undefined);
  if (text.length > MAX_STDIN) throw new UsageError('standard input is too long');
  return text;
}

async function start(): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    process.stderr.write(
      `waybill needs Node ${OLDEST_NODE.join('.')} or later, and this is Node ${process.versions.node}: install a newer Node.\n`,
    );
    process.exitCode = EXIT.environment;
    return;
  }
  // What could not be written is told by `write`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  followProxies(process.env);
  const abort = new AbortController();
  const io: CliIo = {
    stdout: (text) => write(process.stdout, text),
    stderr: (text) => write(process.stderr, text).catch(() => undefined),
    env: process.env,
    cwd: process.cwd(),
    isTty: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
    isErrorTty: process.stderr.isTTY === true,
    now: Date.now,
    readStdin,
    cancel: abort.signal,
  };
  // The first signal asks the command to end what it has started; whoever is asked twice goes at once.
  const cancel = (): void => (abort.signal.aborted ? process.exit(EXIT.environment) : abort.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancel);
  process.exitCode = await runCommandLine(process.argv.slice(2), io);
}

start().catch((error: unknown) => {
  process.stderr.write(`waybill: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.environment;
});
