// SPDX-License-Identifier: Apache-2.0
// What git has of files, in real repositories; git is part of every machine that this project is built on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitHeads } from '../../../src/node/git-heads.ts';

describe('what git has of files', function () {
  this.timeout(20_000);
  let folder = '';
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      stdio: 'ignore',
    });
  };
  const file = (name: string, text: string): { absolute: string; text: string } => {
    const absolute = join(folder, name);
    writeFileSync(absolute, text);
    return { absolute, text };
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'waybill-heads-')));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the text in HEAD of what changed, is the same, and is new', () => {
    git('init', '-q');
    mkdirSync(join(folder, 'os'));
    const before = ['a: 1\n', 'é: "日"\r\n', 'same\n'];
    before.forEach((text, i) => file(`os/${i}.yaml`, text));
    file('empty.yaml', '');
    git('add', '.');
    git('commit', '-qm', 'x');
    const asked = [file('os/0.yaml', 'a: 2\n'), file('os/1.yaml', 'x'), file('os/2.yaml', 'same\n')];
    const fresh = file('os/new.yaml', 'n');
    const emptied = file('empty.yaml', 'no longer');
    const heads = gitHeads([...asked, fresh, emptied], process.env);
    assert.deepEqual([...heads.entries()].toSorted(), [
      [emptied.absolute, ''],
      ...asked.map(({ absolute }, i) => [absolute, before[i]]),
      [fresh.absolute, null],
    ]);
  });

  it('knows nothing outside of a repository, before the first commit, and without git', () => {
    const asked = file('a.yaml', 'a');
    assert.equal(gitHeads([asked], process.env).size, 0);
    git('init', '-q');
    assert.equal(gitHeads([asked], process.env).size, 0);
    git('add', '.');
    git('commit', '-qm', 'x');
    assert.equal(gitHeads([asked], process.env).size, 1);
    assert.equal(gitHeads([asked], { PATH: folder }).size, 0);
    assert.equal(gitHeads([asked], { PATH: '.' }).size, 0);
  });

  it('runs nothing that a repository configures', () => {
    git('init', '-q');
    const mark = join(folder, 'was-run');
    const script = join(folder, 'run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`);
    chmodSync(script, 0o755);
    file('a.yaml', 'a');
    git('add', 'a.yaml');
    git('commit', '-qm', 'x');
    file('.gitattributes', '*.yaml filter=own diff=own\n');
    for (const name of [
      'core.fsmonitor',
      'filter.own.smudge',
      'filter.own.clean',
      'diff.own.textconv',
      'diff.external',
    ]) {
      git('config', name, script);
    }
    git('config', 'core.hooksPath', folder);
    assert.equal(gitHeads([file('a.yaml', 'b')], process.env).get(join(folder, 'a.yaml')), 'a');
    assert.equal(existsSync(mark), false);
  });
});
