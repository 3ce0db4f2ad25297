// SPDX-License-Identifier: Apache-2.0
// The commands of the editor against the real apko, with a repository of small packages and without any network.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApkoConfig, ApkoRun } from '../../src/core/apko-tool/port.ts';
import { createApko } from '../../src/node/apko-entry.ts';
import { apkRepository } from '../testbed/apk.ts';
import { toolPath } from '../testbed/tools.ts';

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const text = (packages: readonly string[], more = 'archs: [x86_64]\n'): string =>
  `contents:\n  repositories: [./packages]\n  keyring: [./test.rsa.pub]\n  packages: [${packages.join(', ')}]\n${more}`;

describe('apko commands', function suite() {
  this.timeout(120_000);
  let root = '';
  let program = '';
  const run = (cancel = new AbortController().signal): ApkoRun & { readonly said: string[] } => {
    const said: string[] = [];
    return { cancel, onProgress: (message) => said.push(message), said };
  };
  const config = (name: string, content: string): ApkoConfig => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return { path, root, text: content };
  };
  const apko = () => createApko({ env: process.env, program, log: LOG });
  const leftOver = (): readonly string[] =>
    readdirSync(tmpdir()).filter((name) => /^apko-temp|^waybill-\w{6}$/.test(name));

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'apko-commands-'));
    program = await toolPath('apko');
    const { packages, key } = await apkRepository();
    cpSync(packages, join(root, 'packages'), { recursive: true });
    cpSync(key, join(root, 'test.rsa.pub'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('resolve the packages that a build would install, with those that these need', async () => {
    const how = run();
    const found = await apko().resolve(config('web.apko.yaml', text(['openssl', 'hello'])), how);
    assert.ok(found.ok);
    assert.deepEqual(
      found.value.value.map(({ name, version }) => `${name} ${version}`),
      ['hello 1.3.0-r1', 'libcrypto3 3.3.0-r0', 'openssl 3.3.0-r0'],
    );
    assert.ok(
      how.said.some((message) => /Determining packages/.test(message)),
      how.said.join(),
    );
  });

  it('say on which word they fail, from wherever the file lies', async () => {
    const content = text(['openssl', 'helo']);
    const failed = await apko().resolve(config('images/-x, y.apko.yaml', content), run());
    assert.ok(!failed.ok);
    const [place] = failed.error.places;
    assert.equal(content.slice(place?.span.start, place?.span.end), 'helo');
    assert.equal(failed.error.problem.code, 'tool-failed');
    assert.match(failed.error.problem.why, /nothing provides "helo"/);
  });

  it('lock beside the file, and leave the old lock file where they fail', async () => {
    const file = config('images/web.apko.yaml', text(['hello']));
    const locked = await apko().lock(file, run());
    assert.ok(locked.ok);
    assert.equal(locked.value.value, join(root, 'images', 'web.apko.lock.json'));
    const before = readFileSync(locked.value.value, 'utf8');
    assert.match(before, /"hello"/);
    assert.ok(!(await apko().lock(config('images/web.apko.yaml', text(['helo'])), run())).ok);
    assert.equal(readFileSync(locked.value.value, 'utf8'), before);
    assert.deepEqual(
      readdirSync(join(root, 'images')).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('build a layout that is there for as long as it is used, by the lock file where there is one', async () => {
    const file = config('built/web.apko.yaml', text(['hello=1.2.3-r0', 'wolfi-baselayout']));
    assert.ok((await apko().lock(file, run())).ok);
    let seen = '';
    const built = await apko().build(file, run(), async (layout) => {
      seen = layout;
      assert.ok(existsSync(join(layout, 'index.json')));
    });
    assert.ok(built.ok, built.ok ? '' : built.error.problem.why);
    assert.match(seen, /[/\\]web$/);
    assert.equal(existsSync(seen), false);
    const stale = await apko().build(config('built/web.apko.yaml', text(['hello'])), run(), assert.fail);
    assert.ok(!stale.ok);
    assert.match(stale.error.places[0]?.message ?? '', /^The lock file was made for another text/);
  });

  it('are beside the file where what it names is only there', async () => {
    mkdirSync(join(root, 'alone'), { recursive: true });
    cpSync(join(root, 'packages'), join(root, 'alone', 'own'), { recursive: true });
    const content = text(['hello']).replace('./packages', './own').replace('./test.rsa.pub', './keys/test.rsa.pub');
    cpSync(join(root, 'test.rsa.pub'), join(root, 'alone', 'keys', 'test.rsa.pub'));
    const found = await apko().resolve(config('alone/web.apko.yaml', content), run());
    assert.ok(found.ok, found.ok ? '' : found.error.problem.why);
  });

  it('end when they are asked to, and leave nothing behind', async () => {
    const before = leftOver();
    const controller = new AbortController();
    const unreachable = text(['hello']).replace('./packages', 'http://127.0.0.1:9/os');
    const running = apko().build(config('slow.apko.yaml', unreachable), run(controller.signal), assert.fail);
    setTimeout(() => controller.abort(), 500);
    const ended = await running;
    assert.ok(!ended.ok);
    assert.equal(ended.error.problem.code, 'cancelled');
    assert.deepEqual(leftOver(), before);
  });

  it('say that there is no apko, and take no program by a relative path', async () => {
    const file = config('web.apko.yaml', text(['hello']));
    for (const [env, path] of [
      [{ PATH: root }, null],
      [process.env, './apko'],
    ] as const) {
      const missing = await createApko({ env, program: path, log: LOG }).resolve(file, run());
      assert.ok(!missing.ok);
      assert.equal(missing.error.problem.code, 'tool-missing');
    }
  });
});
