// SPDX-License-Identifier: Apache-2.0
// The command where the world around it fails: a full disk behind standard output, no working directory, huge files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

describe('the command, where its surroundings fail', function () {
  this.timeout(30_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-streams-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Device files and folders that can go away under a process are there only on some systems. */
  const on = (there: boolean, name: string, test: () => void): void => void (there && it(name, test));

  on(process.platform === 'linux', 'does not call it done when standard output takes nothing more', () => {
    const full = openSync('/dev/full', 'w');
    try {
      const run = spawnSync(process.execPath, [MAIN, 'bases', '--format', 'json'], {
        cwd: folder,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      assert.equal(run.status, 3);
      assert.match(run.stderr, /^waybill: .*ENOSPC/);
    } finally {
      closeSync(full);
    }
  });

  on(process.platform !== 'win32', 'says in one line that there is no working directory', () => {
    const run = spawnSync(
      'sh',
      ['-c', 'mkdir gone && cd gone && rmdir ../gone && "$0" "$1" bases', process.execPath, MAIN],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    assert.equal(run.status, 3);
    assert.match(run.stderr, /^waybill: .*cwd[^\n]*\n$/);
  });

  it('takes no more of a file into memory than a build file may have', () => {
    truncateSync(join(folder, 'Dockerfile'), 1024 ** 3);
    const probe = `process.on('exit', () => process.stderr.write('\\n' + process.resourceUsage().maxRSS));`;
    const run = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, MAIN, 'lint'],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.equal(run.status, 3);
    assert.match(run.stderr, /Dockerfile cannot be read: it is larger than 4 MiB/);
    const kilobytes = Number(run.stderr.trim().split('\n').at(-1));
    assert.ok(kilobytes > 0 && kilobytes < 600_000, `${kilobytes} kB`);
  });
});
