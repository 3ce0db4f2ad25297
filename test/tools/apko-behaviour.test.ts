// SPDX-License-Identifier: Apache-2.0
// What the rules say of apko files that only a build shows, held against the real apko and a repository of small packages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lockNameOf, readLock } from '../../src/core/apko/lock.ts';
import { lint } from '../../src/core/lint/engine.ts';
import type { Finding } from '../../src/core/model/finding.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { BesideFiles } from '../../src/node/beside.ts';
import { catalogue, TODAY } from '../support/linting.ts';
import { apkRepository, type ApkRepository } from '../testbed/apk.ts';
import { toolPath } from '../testbed/tools.ts';

describe('apko files as the real apko builds them', function () {
  this.timeout(300_000);
  let folder = '';
  let apko = '';
  let repository: ApkRepository;

  before(async () => {
    apko = await toolPath('apko');
    repository = await apkRepository();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-apko-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const image = (more = '', packages = '[hello]'): string =>
    `contents:\n  keyring:\n    - ${repository.key}\n  repositories:\n    - ${repository.packages}\n  packages: ${packages}\narchs: [x86_64]\n${more}`;
  const run = (...args: string[]): { ok: boolean; said: string } => {
    const { status, stderr } = spawnSync(apko, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    return { ok: status === 0, said: stderr };
  };
  const build = (name: string, ...more: string[]): { ok: boolean; said: string } => {
    mkdirSync(join(folder, 'out'), { recursive: true });
    return run('build', name, 'example.com/test:1', 'out/', '--sbom=false', ...more);
  };
  const write = (name: string, text: string): string => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return name;
  };
  const judge = (name: string, text = readFileSync(join(folder, name), 'utf8')): readonly Finding[] => {
    const beside = new BesideFiles(folder);
    const absolute = join(folder, name);
    const options = { beside: beside.of(absolute), neighbours: beside.neighboursOf(absolute, new Map()) };
    return lint(text, 'apko', { catalogue, today: TODAY, ...options }).findings;
  };
  const has = (name: string, ruleId: string): boolean => judge(name).some((finding) => finding.ruleId === ruleId);

  it('names the lock file and reads it as apko lock writes it', () => {
    for (const name of ['apko.yaml', 'images/web.apko.yaml', 'plain.yml']) {
      write(name, image());
      assert.equal(has(name, 'WB2006'), true, name);
      assert.equal(run('lock', name).ok, true);
      const lock = readLock(readFileSync(join(folder, dirname(name), lockNameOf(basename(name))), 'utf8'));
      assert.deepEqual([...(lock?.versions ?? [])], [['hello', '1.3.0-r1']]);
      assert.equal(has(name, 'WB2006'), false, name);
    }
  });

  it('finds a lock file stale exactly where apko refuses to build with it', () => {
    write('base.yaml', `contents:\n  repositories:\n    - ${repository.packages}\n`);
    const including = `include: base.yaml\ncontents:\n  keyring:\n    - ${repository.key}\n  packages: [hello]\narchs: [x86_64]\n`;
    const texts = [
      image(),
      image().replaceAll('\n', '\r\n'),
      `\ufeff${image()}`,
      `# äöü 日本 🙂\n${image()}`,
      including,
    ];
    texts.forEach((text, i) => {
      const name = write(`${i}.yaml`, text);
      assert.equal(run('lock', name).ok, true, JSON.stringify(text.slice(0, 40)));
      const lock = lockNameOf(name);
      assert.equal(has(name, 'WB2007'), false, name);
      assert.equal(build(name, '--lockfile', lock).ok, true);
      // As an editor has it: without the mark at the beginning, and with one kind of line end.
      assert.equal(
        judge(name, text.replace('\ufeff', '').replaceAll('\r\n', '\n')).some((each) => each.ruleId === 'WB2007'),
        false,
      );
      write(name, `${text}# changed\n`);
      assert.equal(has(name, 'WB2007'), true, name);
      const refused = build(name, '--lockfile', lock);
      assert.equal(refused.ok, false);
      assert.match(refused.said, /checksum in the lock file/);
    });
    write('4.yaml', including);
    write('base.yaml', `# changed\ncontents:\n  repositories:\n    - ${repository.packages}\n`);
    assert.equal(has('4.yaml', 'WB2007'), true);
    assert.equal(build('4.yaml', '--lockfile', '4.lock.json').ok, false);
  });

  it('pins to versions that apko then resolves to', () => {
    write('a.yaml', image('', '\n    - hello\n    - "openssl"'));
    assert.equal(run('lock', 'a.yaml').ok, true);
    const changed = `${readFileSync(join(folder, 'a.yaml'), 'utf8')}# changed\n`;
    write('a.yaml', changed);
    const fix = judge('a.yaml').find(({ ruleId }) => ruleId === 'WB2007')?.fixes?.[0];
    assert.ok(fix);
    const before = readLock(readFileSync(join(folder, 'a.lock.json'), 'utf8'));
    write('a.yaml', applyEdits(changed, fix.edits));
    assert.match(readFileSync(join(folder, 'a.yaml'), 'utf8'), /- hello=1\.3\.0-r1\n {4}- "openssl=3\.3\.0-r0"\n/);
    assert.equal(run('lock', 'a.yaml').ok, true);
    const after = readLock(readFileSync(join(folder, 'a.lock.json'), 'utf8'));
    assert.deepEqual(after?.versions, before?.versions);
    assert.equal(has('a.yaml', 'WB2006'), false);
  });

  it('loses the origin exactly where it is said', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const annotations = 'annotations:\n  org.opencontainers.image.revision: mine\n';
    const cases = [
      ['vcs-url: https://example.com/a\n', true, undefined, undefined],
      [`vcs-url: https://example.com/a@${commit}\n`, false, 'https://example.com/a', commit],
      [`vcs-url: git@example.com:a.git@${commit}\n`, true, 'git', `example.com:a.git@${commit}`],
      [`vcs-url: https://example.com/a@${commit}\n${annotations}`, true, 'https://example.com/a', commit],
      [annotations, false, undefined, 'mine'],
    ] as const;
    for (const [more, found, source, revision] of cases) {
      write('a.yaml', image(more));
      assert.equal(has('a.yaml', 'WB2019'), found, more);
      rmSync(join(folder, 'out'), { recursive: true, force: true });
      assert.equal(build('a.yaml').ok, true);
      const index = readFileSync(join(folder, 'out', 'index.json'), 'utf8');
      const written = (JSON.parse(index) as { annotations: Record<string, string> }).annotations;
      assert.equal(written['org.opencontainers.image.source'], source, more);
      assert.equal(written['org.opencontainers.image.revision'], revision, more);
    }
  });

  it('refuses what WB2002 says that a build refuses, and builds what it says nothing of', () => {
    const path = (type: string, more = ''): string =>
      `paths:\n  - path: /data\n    type: ${type}\n    uid: 1\n    gid: 1\n    permissions: 0o755\n${more}`;
    const from = (address: string): string => image().replace(`- ${repository.packages}`, `- "${address}"`);
    const tagged = (packages: string): string => from(`@local ${repository.packages}`).replace('[hello]', packages);
    const cases: readonly (readonly [text: string, refused: boolean])[] = [
      [image(path('directory')), false],
      [image(path('dir')), true],
      [image(path('symlink', '    source: /etc\n')), false],
      [image('layering:\n  strategy: origin\n  budget: 4\n'), false],
      [image('layering:\n  strategy: origin\n'), false],
      [image('layering:\n  strategy: size\n  budget: 4\n'), true],
      [image('layering:\n  strategy: origin\n  budget: -1\n'), true],
      [image('layering:\n  budget: 4\n'), true],
      ...['hello', 'hello=1.2.3-r0', 'hello~1.2', 'hello>1.2', 'hello<2', 'hello==1.2.3-r0', 'hello=1.2.3-r0@x'].map(
        (name) => [image('', `["${name}"]`), false] as const,
      ),
      ...[
        'hello=',
        'hello=v1',
        'hello~v1',
        'hello=1.2.3-rc1',
        'hello = 1.2.3-r0',
        'hello=1@x@y',
        '@local',
        '!openssl',
        'hello ',
        '',
      ].map((name) => [image('', `["${name}"]`), true] as const),
      [tagged('[hello@local]'), false],
      [from(`@local  ${repository.packages}`).replace('[hello]', '[hello@local]'), false],
      [from(`local ${repository.packages}`), true],
      ...['x86_64', 'amd64', '""'].map((arch) => [image().replace('[x86_64]', `[${arch}]`), false] as const),
      ...['x64', 'all', 'host', 'X86_64', 'riscv', 'amd64/v2'].map(
        (arch) => [image().replace('[x86_64]', `[${arch}]`), true] as const,
      ),
    ];
    const wrong: string[] = [];
    for (const [text, refused] of cases) {
      write('a.yaml', text);
      const { ok, said } = build('a.yaml');
      const found = judge('a.yaml').some(({ ruleId, severity }) => ruleId === 'WB2002' && severity === 'error');
      if (ok === refused || found !== refused)
        wrong.push(`apko ${ok ? 'builds' : 'refuses'}, WB2002 ${found}: ${text}\n${said.slice(-300)}`);
    }
    assert.deepEqual(wrong, []);
  });
});
