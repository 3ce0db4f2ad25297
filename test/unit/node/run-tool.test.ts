// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { locateProgram } from '../../../src/node/process/locate.ts';
import { exitProblem, runTool, toolEnvironment, type RunOptions } from '../../../src/node/process/run.ts';
import { withTemporaryFolder } from '../../../src/node/process/temporary.ts';
import { never, scratch } from './support.ts';

const options = (cwd: string, more: Partial<RunOptions> = {}): RunOptions => ({
  name: 'Tool',
  cwd,
  env: { PATH: '/usr/bin:/bin' },
  cancel: never,
  timeout: 10_000,
  maxStdout: 1000,
  ...more,
});

const sh = (script: string, settings: RunOptions) => runTool('/bin/sh', ['-c', script], settings);

function isRunning(pid: number): boolean {
  try {
    // A process that ended and that nobody has waited for is no longer running.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function pidIn(file: string): Promise<number> {
  for (let waited = 0; waited < 5000; waited += 20) {
    if (existsSync(file) && statSync(file).size > 0) return Number(readFileSync(file, 'utf8'));
    await delay(20);
  }
  throw new Error(`${file} was not written`);
}

describe('runTool', () => {
  it('hands over output, lines of standard error, and input; an exit code is a result', async () => {
    await scratch(async (cwd) => {
      const lines: string[] = [];
      const onStderrLine = (line: string): void => void lines.push(line);
      const result = await sh('cat; echo one >&2; echo two >&2; exit 3', options(cwd, { onStderrLine, input: 'in' }));
      assert.deepEqual(result, { ok: true, value: { exitCode: 3, stdout: 'in', stderr: 'one\ntwo' } });
      assert.deepEqual(lines, ['one', 'two']);
    });
  });

  it('hands every argument over as it is, quotes, blanks and all', async () => {
    await scratch(async (cwd) => {
      const given = ['--output="a b"', "it's", '$HOME', '*', 'a;b', '\\"', ''];
      const result = await runTool(
        process.execPath,
        ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...given],
        options(cwd),
      );
      assert.ok(result.ok);
      assert.deepEqual(JSON.parse(result.value.stdout), given);
    });
  });

  it('ends the whole tree when cancelled, also what ignores the first signal, and never calls that a success', async () => {
    await scratch(async (cwd) => {
      const abort = new AbortController();
      const script =
        '(trap "" TERM INT; echo $$ > /dev/null; sh -c \'trap "" TERM; echo $$ > child.pid; while :; do sleep 0.1; done\') & ' +
        'trap "exit 0" TERM; echo $$ > parent.pid; wait';
      const running = sh(script, options(cwd, { cancel: abort.signal }));
      const pids = [await pidIn(join(cwd, 'parent.pid')), await pidIn(join(cwd, 'child.pid'))];
      for (const pid of pids) assert.ok(isRunning(pid));
      abort.abort();
      const result = await running;
      assert.equal(result.ok ? 'ok' : result.error.code, 'cancelled');
      await delay(100);
      for (const pid of pids) assert.equal(isRunning(pid), false, String(pid));
    });
  });

  it('does not start at all once it was cancelled', async () => {
    await scratch(async (cwd) => {
      const result = await sh('touch ran', options(cwd, { cancel: AbortSignal.abort() }));
      assert.equal(result.ok ? 'ok' : result.error.code, 'cancelled');
      assert.equal(existsSync(join(cwd, 'ran')), false);
    });
  });

  it('tells time-outs, too much output, killed and missing programs apart', async () => {
    await scratch(async (cwd) => {
      const code = async (script: string, more: Partial<RunOptions> = {}): Promise<string> => {
        const result = await sh(script, options(cwd, more));
        return result.ok ? 'ok' : result.error.code;
      };
      assert.equal(await code('sleep 20', { timeout: 100 }), 'timeout');
      assert.equal(await code('yes', { maxStdout: 1000 }), 'too-large');
      assert.equal(await code('kill -9 $$'), 'tool-failed');
      const missing = await runTool(join(cwd, 'none'), [], options(cwd));
      assert.equal(missing.ok ? 'ok' : missing.error.code, 'tool-missing');
    });
  });

  it('passes on what a tool needs and none of the rest', () => {
    const env = { PATH: '/bin', HOME: '/h', AWS_SECRET_ACCESS_KEY: 's', GITHUB_TOKEN: 't', SYFT_PARALLELISM: '1' };
    assert.deepEqual(toolEnvironment(env), { PATH: '/bin', HOME: '/h' });
  });
});

describe('exitProblem', () => {
  const problem = (stderr: string) => exitProblem('Syft', { exitCode: 1, stdout: '', stderr });

  it('takes the last error as the reason, and knows a full disk', () => {
    assert.equal(
      problem('[0000]  INFO x\n[0001] ERROR could not determine source: y\nbye').why,
      'could not determine source: y',
    );
    assert.equal(problem('').why, 'it gave no reason');
    assert.equal(problem('write /tmp/x: no space left on device').code, 'disk-full');
    assert.equal(problem('write /tmp/x: file too large').code, 'disk-full');
  });
});

describe('withTemporaryFolder', () => {
  it('is private and gone afterwards, also after a failure and with read-only folders in it', async () => {
    let seen = '';
    await assert.rejects(
      withTemporaryFolder(async (folder) => {
        seen = folder;
        assert.equal(statSync(folder).mode & 0o777, 0o700);
        mkdirSync(join(folder, 'a', 'b'), { recursive: true });
        writeFileSync(join(folder, 'a', 'b', 'file'), 'x');
        await chmod(join(folder, 'a', 'b'), 0o500);
        await chmod(join(folder, 'a'), 0o500);
        throw new Error('on purpose');
      }),
      /on purpose/,
    );
    assert.equal(existsSync(seen), false);
  });
});

describe('locateProgram', () => {
  it('looks into absolute folders of PATH only, and takes no relative configured path', async () => {
    await scratch(async (folder) => {
      const program = join(folder, 'tool');
      writeFileSync(program, '');
      assert.equal(locateProgram('tool', null, { PATH: folder }), null, 'it is no program yet');
      await chmod(program, 0o755);
      assert.equal(locateProgram('tool', null, { PATH: `.:${folder}` }), program);
      assert.equal(locateProgram('tool', null, { PATH: '.' }), null);
      assert.equal(locateProgram('tool', program, {}), program);
      assert.equal(locateProgram('tool', './tool', { PATH: folder }), null);
      assert.equal(locateProgram('tool', join(folder, 'other'), { PATH: folder }), null);
    });
  });
});
