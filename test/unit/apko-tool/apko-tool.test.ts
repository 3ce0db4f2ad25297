// SPDX-License-Identifier: Apache-2.0
// What apko is started with and how its words are read. The outputs are those of apko v1.2.37, as it wrote them.
import assert from 'node:assert/strict';
import {
  buildArguments,
  imageName,
  lockArguments,
  resolveArguments,
  type ApkoTarget,
} from '../../../src/core/apko-tool/arguments.ts';
import { localPaths, outlineOf } from '../../../src/core/apko-tool/config.ts';
import { apkoProblems, errorOf } from '../../../src/core/apko-tool/problems.ts';
import { resolvedPackages, resolvedText } from '../../../src/core/apko-tool/resolved.ts';

const target = (more: Partial<ApkoTarget> = {}): ApkoTarget => ({
  config: 'images/web.apko.yaml',
  folder: 'images',
  anyArchitecture: false,
  ...more,
});

const CONFIG = [
  'contents:',
  '  repositories: [./packages, "@edge ./edge", https://packages.invalid/os]',
  '  keyring: [./test.rsa.pub, https://packages.invalid/k.rsa.pub]',
  '  packages:',
  '    - wolfi-baselayout',
  '    - hello=9.9.9',
  '    - helo',
  '    - broken',
  'archs: [x86_64]',
  '',
].join('\n');

/** As apko writes a failure: once as an error, once more in the log. */
const failing = (error: string, before = ''): string =>
  `2026/11/25 07:33:09 INFO Determining packages for 1 architectures: [amd64]\n${before}Error: ${error}\n2026/11/25 07:33:09 INFO error during command execution: ${error}\n`;

function read(output: string, text = CONFIG): readonly string[] {
  return apkoProblems(output, text).map(
    ({ span, severity, message }) => `${severity} ${text.slice(span.start, span.end)}: ${message}`,
  );
}

const SOLVING = 'failed to get package list for image: resolving apk packages: for arch "amd64": solving';

describe('arguments of apko', () => {
  const all = (given: ApkoTarget): readonly (readonly string[])[] =>
    [
      resolveArguments(given),
      lockArguments(given, '/tmp/x/lock.json'),
      buildArguments(given, { layout: '/tmp/x/web', sbom: '/tmp/x/sbom', lock: 'images/web.apko.lock.json' }),
    ].map((each) => (each.ok ? each.value : assert.fail(each.error.why)));

  it('are whole', () => {
    assert.deepEqual(all(target()), [
      ['show-packages', '--log-level=info', '--format=name-version-source', '--', 'images/web.apko.yaml'],
      [
        ...['lock', '--log-level=info', '--include-paths=images', '--output=/tmp/x/lock.json'],
        ...['--', 'images/web.apko.yaml'],
      ],
      [
        ...['build', '--log-level=info', '--include-paths=images', '--sbom-path=/tmp/x/sbom'],
        ...['--lockfile=images/web.apko.lock.json', '--', 'images/web.apko.yaml'],
        ...['waybill.local/apko:latest', '/tmp/x/web/'],
      ],
    ]);
    for (const args of all(target({ anyArchitecture: true }))) assert.ok(args.includes('--arch=host'));
  });

  it('never take a path for a flag, nor one path for two', () => {
    for (const args of all(target({ config: '-x/--help.yaml', folder: '-x,"y' }))) {
      assert.ok(args.indexOf('-x/--help.yaml') > args.indexOf('--'));
      for (const each of args.slice(0, args.indexOf('--'))) assert.doesNotMatch(each, /^-x/);
    }
    const [, lock] = all(target({ folder: 'a,"b' }));
    assert.ok(lock?.includes('--include-paths="a,""b"'));
  });

  it('are refused with a control character or nothing in a path', () => {
    for (const config of ['', 'a\u0000b', 'a\nb']) assert.equal(resolveArguments(target({ config })).ok, false);
    assert.equal(lockArguments(target(), '').ok, false);
  });

  it('name images after their files', () => {
    assert.equal(imageName('images/web.apko.yaml'), 'web');
    assert.equal(imageName('C:\\images\\My Web!.yaml'), 'My-Web-');
    assert.equal(imageName('..yaml'), 'image');
  });

  it('take the host architecture where a configuration names none', () => {
    assert.equal(outlineOf(CONFIG).anyArchitecture, false);
    assert.equal(outlineOf(CONFIG.replace('archs: [x86_64]', '')).anyArchitecture, true);
    assert.equal(outlineOf('include: base.yaml\n').anyArchitecture, false);
    assert.deepEqual(localPaths(outlineOf(`include: base.yaml\n${CONFIG}`)), [
      './packages',
      './edge',
      './test.rsa.pub',
      'base.yaml',
    ]);
  });
});

describe('words of apko', () => {
  it('about a package that nothing provides', () => {
    assert.deepEqual(read(failing(`${SOLVING} "helo" constraint: nothing provides "helo"`)), [
      'error helo: No repository of this file has helo. Correct the name, or add the repository that has it.',
    ]);
  });

  it('about a package that needs what is not there', () => {
    const error = `${SOLVING} "broken" constraint: resolving "broken-1.0.0-r0.apk" deps:\nsolving "nothing-has-this" constraint: nothing provides "nothing-has-this"`;
    assert.deepEqual(read(failing(error)), [
      'error broken: broken needs nothing-has-this, which no repository of this file has. Add the repository that has it, or leave broken out.',
    ]);
  });

  it('about versions that do not fit', () => {
    const error = `${SOLVING} "hello=9.9.9" constraint:   hello-1.2.3-r0.apk disqualified because "1.2.3-r0" does not satisfy "hello=9.9.9"\n  hello-1.3.0-r1.apk disqualified because "1.3.0-r1" does not satisfy "hello=9.9.9"`;
    assert.deepEqual(read(failing(error)), [
      'error hello=9.9.9: No version fits hello=9.9.9. The repositories have 1.2.3-r0 and 1.3.0-r1: take one of these.',
    ]);
    const both = `${SOLVING} "hello" constraint:   hello-1.2.3-r0.apk disqualified because "1.2.3-r0" does not satisfy "hello>1.2.4"\n  hello-1.3.0-r1.apk disqualified because "1.3.0-r1" does not satisfy "hello=1.2.3-r0"`;
    assert.match(
      read(failing(both))[0] ?? '',
      /^error hello=9\.9\.9: No version fits hello>1\.2\.4 and hello=1\.2\.3-r0\./,
    );
  });

  it('about an architecture without the package', () => {
    const error = `${SOLVING} "hello" constraint:   hello-1.2.3-r0.apk disqualified because package "hello-1.2.3-r0.apk" not available for arch "arm64"\nfor arch "arm64": solving "hello" constraint: nothing at all`;
    assert.match(read(failing(error))[0] ?? '', /^error hello=9\.9\.9: hello is not there for arm64\. Leave that out/);
  });

  it('about keys', () => {
    assert.match(
      read(
        failing(
          'initializing apk: failed to initialize apk keyring: failed to read apk key: open ./test.rsa.pub: no such file or directory',
        ),
      )[0] ?? '',
      /^error \.\/test\.rsa\.pub: The key \.\/test\.rsa\.pub could not be read: no such file or directory\. Correct/,
    );
    const index = 'error getting repository indexes: reading index ./packages/x86_64/APKINDEX.tar.gz:';
    assert.match(
      read(failing(`${index} no keys provided to verify signature`))[0] ?? '',
      /^error \.\/packages: The index of this repository is signed, and the keyring is empty/,
    );
    assert.match(
      read(failing(`${index} no signature with known key (one of: [other.rsa.pub]) found in repository index`))[0] ??
        '',
      /^error \.\/packages: No key of the keyring signed/,
    );
  });

  it('about a place that does not answer', () => {
    const error =
      'initializing apk: failed to fetch apk key: Get "https://packages.invalid/k.rsa.pub": Head "https://packages.invalid/k.rsa.pub": dial tcp: lookup packages.invalid on 10.0.0.1:53: no such host';
    assert.deepEqual(read(failing(error)), [
      'error https://packages.invalid/k.rsa.pub: packages.invalid did not give what apko asked for: no such host. Check the address and the network, then try again.',
    ]);
    const repository = error.replaceAll('k.rsa.pub', 'os/x86_64/APKINDEX.tar.gz');
    assert.match(read(failing(repository))[0] ?? '', /^error https:\/\/packages\.invalid\/os: /);
  });

  it('about a line, a lock file, and a folder without an index', () => {
    const typo =
      'failed to parse image configuration: yaml: unmarshal errors:\n  line 6: field helo not found in type types.X';
    assert.deepEqual(read(failing(typo)), [
      'error - hello=9.9.9: apko refuses this: field helo not found in type types.X.',
    ]);
    assert.match(
      read(
        failing(
          "locking config: checksum in the lock file 'a.lock.json' does not matches the original config: 'a.yaml' (maybe regenerate the lock file)",
        ),
      )[0] ?? '',
      /^error contents: The lock file was made for another text/,
    );
    const warning =
      '2026/11/25 07:33:09 WARN getting local index ./edge/x86_64/APKINDEX.tar.gz: stat: stat ./edge/x86_64/APKINDEX.tar.gz: no such file or directory\n';
    assert.deepEqual(
      read(failing(`${SOLVING} "helo" constraint: nothing provides "helo"`, warning + warning)).slice(1),
      ['warning "@edge ./edge": There is no ./edge/x86_64/APKINDEX.tar.gz, so this repository has no packages for it.'],
    );
  });

  it('that nobody foresaw are passed on, cut, at the contents', () => {
    assert.match(read(failing('something new'))[0] ?? '', /^error contents: apko stopped: something new$/);
    const long = read(failing(`x${'y'.repeat(100_000)}`))[0] ?? '';
    assert.ok(long.length < 400);
    assert.match(read(failing('something new'), '')[0] ?? '', /^error : apko stopped/);
  });

  it('of a run that went well are no problem', () => {
    assert.equal(errorOf('2026/11/25 07:34:22 INFO installing hello (1.3.0-r1) arch=x86_64\n'), null);
    assert.deepEqual(read('2026/11/25 07:34:22 INFO installing hello (1.3.0-r1) arch=x86_64\n'), []);
  });

  it('never place anything outside of the text, whatever the output', () => {
    const words = [
      'Error: ',
      'solving "',
      '" constraint',
      'line 99: ',
      'open ',
      '.apk disqualified because ',
      '"',
      '\n',
      ': ',
    ];
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let i = 0; i < 2_000; i++) {
      const output = Array.from({ length: next(30) }, () => words[next(words.length)] ?? '').join('');
      for (const { span } of apkoProblems(output, CONFIG))
        assert.ok(0 <= span.start && span.start <= span.end && span.end <= CONFIG.length);
    }
  });
});

describe('resolved packages', () => {
  it('are listed once each, in columns', () => {
    const found = resolvedPackages(
      'hello 1.3.0-r1 ./packages/x86_64/hello-1.3.0-r1.apk\nhello 1.3.0-r1 ./packages/x86_64/hello-1.3.0-r1.apk\nwolfi-baselayout 20230201-r20 ./p\n\nodd\n',
    );
    assert.equal(found.length, 2);
    assert.equal(
      resolvedText('web.apko.yaml', found, '2026-11-25 07:34 UTC'),
      [
        '# web.apko.yaml: 2 packages, resolved by apko on 2026-11-25 07:34 UTC.',
        '# Not pinned: a later build can get others.',
        '',
        'hello             1.3.0-r1      ./packages/x86_64/hello-1.3.0-r1.apk',
        'wolfi-baselayout  20230201-r20  ./p',
        '',
      ].join('\n'),
    );
  });
});
