// SPDX-License-Identifier: Apache-2.0
import { execa } from 'execa';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Problem } from '../../core/model/problem.ts';
import type { Cancel } from '../../core/ports.ts';

/** Bytes of standard error that are kept, its end. */
const MAX_STDERR = 64 * 1024;

export interface RunOptions {
  /** The tool's name as people know it, for messages. */
  readonly name: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cancel: Cancel;
  /** Milliseconds after which the process tree is ended. */
  readonly timeout: number;
  /** Bytes of standard output that are kept; more is a failure. */
  readonly maxStdout: number;
  /** Each line of standard error as it comes. */
  readonly onStderrLine?: (line: string) => void;
  /** Text for standard input; without it there is none. */
  readonly input?: string;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment that a tool needs and may have; everything else of ours stays here. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'CONTAINER_HOST',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINERS_CONF',
  'CONTAINERS_REGISTRIES_CONF',
  'REGISTRIES_CONFIG_PATH',
  'CONTAINER_SSHKEY',
  'CONTAINER_CONNECTION',
  'CONTAINERD_ADDRESS',
  'CONTAINERD_NAMESPACE',
  'REGISTRY_AUTH_FILE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'GRYPE_DB_CACHE_DIR',
  'GRYPE_DB_MAX_ALLOWED_BUILT_AGE',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'USERPROFILE',
] as const;

/** The part of an environment that is handed to a tool. */
export function toolEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = env[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function tail(text: string): string {
  // Colour codes say nothing in a log, and a tool writes them even when nobody looks.
  // oxlint-disable-next-line no-control-regex
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '').trim();
  return plain.length > MAX_STDERR ? plain.slice(-MAX_STDERR) : plain;
}

/**
 * Run a program without a shell and wait for it. Cancelling ends the whole process tree and is never a success,
 * whatever exit code the program chose. An exit code other than 0 is a result, not a problem: the caller knows its tool.
 */
export async function runTool(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Result<RunResult, Problem>> {
  const { name, cancel } = options;
  const cancelled: Problem = { code: 'cancelled', what: `${name} was stopped`, why: 'it was asked to stop', todo: '' };
  if (cancel.aborted) return err(cancelled);
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  cancel.addEventListener('abort', onAbort);
  let endTree = (): void => undefined;
  try {
    const child = execa(file, [...args], {
      cwd: options.cwd,
      env: Object.fromEntries(
        Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      extendEnv: false,
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      reject: false,
      cancelSignal: abort.signal,
      timeout: options.timeout,
      forceKillAfterDelay: 2_000,
      killDescendants: true,
      maxBuffer: { stdout: options.maxStdout, stderr: 8 * 1024 * 1024 },
      stripFinalNewline: false,
      windowsHide: true,
    });
    // The program may have gone at the first signal while something that it started ignores it.
    endTree = () => void child.kill('SIGKILL');
    if (options.onStderrLine !== undefined) {
      const report = options.onStderrLine;
      void (async () => {
        for await (const line of child.iterable({ from: 'stderr' })) report(String(line));
      })().catch(() => undefined);
    }
    const result = await child;
    const stderr = tail(String(result.stderr ?? ''));
    if (abort.signal.aborted || result.isCanceled) return err({ ...cancelled, detail: stderr });
    if (result.timedOut) {
      return err({
        code: 'timeout',
        what: `${name} was stopped`,
        why: `it took longer than ${Math.round(options.timeout / 1000)} s`,
        todo: 'Try again, or audit a smaller image.',
        detail: stderr,
      });
    }
    if (result.isMaxBuffer) {
      return err({
        code: 'too-large',
        what: `${name} was stopped`,
        why: `its output is larger than ${Math.round(options.maxStdout / 2 ** 20)} MiB`,
        todo: 'See the log.',
        detail: stderr,
      });
    }
    if (result.exitCode === undefined) return err(notStarted(name, file, result.signal, result.cause, stderr));
    return ok({ exitCode: result.exitCode, stdout: String(result.stdout ?? ''), stderr });
  } catch (error) {
    return err(notStarted(name, file, undefined, error, ''));
  } finally {
    if (abort.signal.aborted) endTree();
    cancel.removeEventListener('abort', onAbort);
  }
}

function notStarted(name: string, file: string, signal: string | undefined, cause: unknown, stderr: string): Problem {
  if (signal !== undefined) {
    return {
      code: 'tool-failed',
      what: `${name} ended`,
      why: `it was killed by ${signal}`,
      todo: 'Try again. If memory is short, close other programs. The log has its output.',
      detail: stderr,
    };
  }
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT') {
    return {
      code: 'tool-missing',
      what: `${name} was not found`,
      why: `there is no program ${file}`,
      todo: `Install ${name}, or choose its path.`,
    };
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'tool-failed',
    what: `${name} could not be started`,
    why,
    todo: 'Check that the file is a program you may run.',
    detail: stderr,
  };
}

/** The problem of a tool that ended with an exit code, with its last line of standard error as the reason. */
export function exitProblem(name: string, result: RunResult): Problem {
  const lines = result.stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter((line) => /\bERROR\b|error:/i.test(line));
  const last = (errors.at(-1) ?? lines.at(-1) ?? '').replace(/^\[\d+\]\s*(?:ERROR|error)\s*/, '');
  const diskFull = /no space left on device|disk quota exceeded|file too large/i.test(result.stderr);
  if (diskFull) {
    return {
      code: 'disk-full',
      what: `${name} stopped with exit code ${result.exitCode}`,
      why: 'no space is left in the temporary folder',
      todo: 'Free space, then try again. The log has the full output.',
      detail: result.stderr,
    };
  }
  return {
    code: 'tool-failed',
    what: `${name} stopped with exit code ${result.exitCode}`,
    why: last === '' ? 'it gave no reason' : last.slice(0, 500),
    todo: 'The log has the full output.',
    detail: result.stderr,
  };
}
