// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { ConfigKind } from '../../../src/core/config-language/model.ts';
import { createConfigLanguage } from '../../../src/core/config-language/service.ts';
import { marked, taken, WORKSPACE } from './support.ts';

const HEAD = 'package:\n  name: a\n  version: 1.0.0\n  epoch: 0\n';
const FILE = `${HEAD}vars:\n  url: x\nvar-transforms:\n  - from: \${{package.version}}\n    match: a\n    replace: b\n    to: short\ndata:\n  - name: flavours\n    items: {one: "1"}\noptions:\n  extra:\n    vars: {url: y}\n`;

/** Text, what has to be offered, and what must not be; null where nothing may be offered at all. */
type Case = readonly [string, readonly string[] | null, (readonly string[])?, ConfigKind?];

const CASES: readonly Case[] = [
  // Keys.
  ['‸', ['package', 'pipeline', 'subpackages', 'var-transforms']],
  ['pack‸', ['package']],
  [`${HEAD}‸`, ['pipeline', 'update'], ['package']],
  [`${HEAD}‸\npipeline: []\n`, ['update'], ['package', 'pipeline']],
  ['package:\n  ‸', ['name', 'version', 'epoch', 'copyright'], ['pipeline']],
  ['package:\n  name: a\n  ‸\n  epoch: 0\n', ['version'], ['name', 'epoch']],
  ['package:\n  name: a\n  v‸', ['version']],
  ['package:\n  na‸me: a\n', ['name', 'version']],
  ['package: {name: a, ‸}', ['version', 'epoch'], ['name']],
  ['package: {‸name: a, epoch: 0}', ['version'], ['epoch']],
  ['package: {name: a, copyright: [{‸}]}', ['license', 'paths']],
  ['package:\n  copyright:\n    - ‸', ['license', 'attestation']],
  ['package:\n  copyright:\n    ‸', ['license', 'attestation']],
  ['package:\n  copyright:\n    - license: MIT\n      ‸', ['paths'], ['license']],
  ['package:\n  copyright:\n    - license: MIT\n    ‸', ['license', 'paths']],
  ['package:\n  dependencies:\n    ‸', ['runtime', 'provides', 'provider-priority']],
  ['package:\n  options:\n    no-‸', ['no-provides', 'no-depends']],
  ['package:\n  scriptlets:\n    trigger:\n      ‸', ['script', 'paths']],
  ['package:\n  cpe:\n    ‸', ['vendor', 'product']],
  ['pipeline:\n  - ‸', ['uses', 'runs', 'with', 'if']],
  ['pipeline:\n  ‸', ['uses', 'runs']],
  ['pipeline:\n- ‸', ['uses', 'runs']],
  ['pipeline:\n  - uses: fetch\n    ‸', ['with', 'if'], ['uses', 'runs']],
  ['pipeline:\n  - runs: |\n      make\n    ‸', ['if', 'name'], ['uses', 'with']],
  ['pipeline:\n  - name: x\n    pipeline:\n      - ‸', ['uses', 'runs']],
  ['pipeline:\n  - needs:\n      ‸', ['packages']],
  ['pipeline:\n  - assertions:\n      ‸', ['required-steps']],
  ['subpackages:\n  - name: a-dev\n    ‸', ['pipeline', 'range', 'test', 'dependencies'], ['name']],
  ['subpackages:\n  - name: a\n    test:\n      ‸', ['environment', 'pipeline']],
  ['environment:\n  ‸', ['contents', 'environment', 'accounts']],
  ['environment:\n  contents:\n    ‸', ['repositories', 'keyring', 'packages']],
  ['update:\n  ‸', ['enabled', 'github', 'release-monitor', 'version_data']],
  ['update:\n  github:\n    ‸', ['identifier', 'use-tag', 'tag-filter-prefix']],
  ['update:\n  schedule:\n    ‸', ['period', 'reason']],
  ['data:\n  - name: x\n    ‸', ['items'], ['name']],
  ['var-transforms:\n  - ‸', ['from', 'match', 'replace', 'to']],
  ['options:\n  extra:\n    ‸', ['vars', 'environment']],
  [`${FILE}options:\n  other:\n    vars:\n      ‸`, ['url']],
  ['test:\n  pipeline:\n    - us‸', ['uses']],
  ['package:\n  setcap:\n    - path: /x\n      add:\n        ‸', ['cap_net_bind_service']],
  // Texts that cannot be read.
  ['package:\n  name: [a\n  ‸', ['version'], ['name']],
  ['package:\n\tname: a\n  version: 1\npipeline:\n  - ‸', ['uses', 'runs']],
  ['package:\n  name: a: b\n  ‸', ['version'], ['name']],
  ['package:\n  name: a\nname: a\nname: b\npipeline:\n  - uses: fe‸', ['fetch']],
  ['pipeline:\n  - uses: "fetch\n    with:\n      uri: x\nsubpackages:\n  - ‸', ['name', 'range']],
  // Values.
  ['pipeline:\n  - uses: ‸', ['fetch', 'git-checkout', 'go/build', 'ours/build']],
  ['pipeline:\n  - uses: go/‸', ['go/build', 'go/bump']],
  ['pipeline:\n  - uses: "‸"', ['fetch']],
  ['pipeline: [{uses: ‸}]', ['fetch']],
  ['pipeline:\n  - uses: fetch\n    with:\n      ‸', ['uri', 'expected-sha256', 'extract']],
  ['pipeline:\n  - uses: fetch\n    with:\n      uri: x\n      ‸', ['expected-sha256'], ['uri']],
  ['pipeline:\n  - uses: fetch\n    with: {uri: x, ‸}', ['expected-sha256'], ['uri']],
  ['pipeline:\n  - with:\n      ‸\n    uses: git-checkout\n', ['repository', 'expected-commit']],
  ['pipeline:\n  - uses: ours/build\n    with:\n      ‸', ['flags', 'level', 'debug']],
  ['pipeline:\n  - uses: ours/build\n    with:\n      debug: ‸', ['true', 'false']],
  ['pipeline:\n  - uses: fetch\n    with:\n      extract: ‸', ['true', 'false']],
  ['pipeline:\n  - uses: fetch\n    with:\n      retry-limit: ‸', ['5']],
  ['pipeline:\n  - uses: nobody/knows\n    with:\n      ‸', null],
  [
    `${HEAD}subpackages:\n  - name: a-dev\n    pipeline:\n      - uses: split/dev\n        with:\n          package: ‸`,
    ['a', 'a-dev'],
  ],
  ['package:\n  options:\n    no-provides: ‸', ['true', 'false']],
  ['update:\n  enabled: ‸', ['true', 'false']],
  ['update:\n  schedule:\n    period: ‸', ['daily', 'weekly', 'monthly']],
  ['package:\n  copyright:\n    - license: ‸', ['MIT', 'Apache-2.0']],
  ['package:\n  copyright:\n    - license: MIT ‸', ['AND', 'OR', 'WITH'], ['MIT']],
  ['package:\n  copyright:\n    - license: MIT OR Ap‸', ['Apache-2.0']],
  ['package:\n  copyright:\n    - license: GPL-2.0-only WITH ‸', ['Classpath-exception-2.0'], ['MIT']],
  ['package:\n  copyright:\n    - license: (‸', ['MIT']],
  ['package:\n  target-architecture:\n    - ‸', ['all', 'x86_64', 'aarch64']],
  ['package:\n  target-architecture: [‸]', ['all', 'x86_64']],
  ['package:\n  target-architecture: [all, ‸', ['x86_64']],
  ['package:\n  checks:\n    disabled:\n      - ‸', ['setuidgid', 'usrlocal']],
  ['package:\n  cpe:\n    part: ‸', ['a', 'o', 'h']],
  ['package:\n  name: ‸', null],
  ['package:\n  description: It is ‸', null],
  [`${FILE}subpackages:\n  - range: ‸`, ['flavours']],
  ['package:\n  dependencies:\n    runtime:\n      - ‸', ['busybox', 'openssl', 'sibling']],
  ['package:\n  dependencies:\n    runtime: [‸]', ['busybox', 'sibling']],
  ['package:\n  dependencies:\n    runtime:\n      ‸', ['busybox', 'sibling']],
  [`${HEAD}  dependencies:\n    runtime:\n      - ‸\nsubpackages:\n  - name: a-libs\n`, ['a-libs', 'busybox']],
  ['environment:\n  contents:\n    packages:\n      - open‸', ['openssl', 'openssl-dev'], ['busybox']],
  ['environment:\n  contents:\n    packages:\n      - openssl=‸', ['3.5.0-r1']],
  ['environment:\n  contents:\n    packages:\n      - nobody=‸', null],
  ['environment:\n  contents:\n    packages:\n      - "!‸"', ['busybox']],
  ['pipeline:\n  - needs:\n      packages:\n        - ‸', ['busybox']],
  ['environment:\n  contents:\n    repositories:\n      - ‸', ['https://packages.wolfi.dev/os']],
  ['environment:\n  contents:\n    keyring:\n      - ‸', ['https://packages.wolfi.dev/os/wolfi-signing.rsa.pub']],
  ['environment:\n  environment:\n    ‸', ['PATH', 'TZ']],
  ['pipeline:\n  - environment:\n      ‸', ['CGO_ENABLED']],
  // Variables.
  [
    `${FILE}pipeline:\n  - runs: echo \${{‸`,
    [
      'vars.url',
      'vars.short',
      'package.name',
      'targets.destdir',
      'build.arch',
      'host.triplet.gnu',
      'cross.triplet.gnu.glibc',
      'options.extra.enabled',
      'context.name',
      'targets.package.a',
    ],
    ['subpkg.name', 'range.key'],
  ],
  [`${FILE}pipeline:\n  - runs: |\n      echo \${{ vars.‸ }}\n`, ['vars.url']],
  [`${FILE}pipeline:\n  - runs: |\n      echo \${{‸}}\n      more\n`, ['vars.url', 'package.full-version']],
  [
    `${FILE}pipeline:\n  - uses: fetch\n    with:\n      uri: https://x/\${{package.‸`,
    ['package.version', 'package.name'],
  ],
  [`${FILE}pipeline:\n  - if: \${{‸}} == 'x86_64'\n`, ['build.arch']],
  [`${FILE}subpackages:\n  - name: \${{‸}}-dev\n`, ['package.name'], ['subpkg.name-x', 'targets.destdir']],
  [`${FILE}subpackages:\n  - range: flavours\n    name: x-\${{‸}}\n`, ['range.key', 'range.value']],
  [
    `${FILE}subpackages:\n  - name: x\n    pipeline:\n      - runs: echo \${{‸}}\n`,
    ['subpkg.name', 'targets.subpkgdir', 'targets.contextdir'],
    ['range.key'],
  ],
  [
    `${HEAD}  dependencies:\n    provides:\n      - b=\${{‸}}\n`,
    ['package.full-version'],
    ['targets.destdir', 'build.arch'],
  ],
  [`${FILE}pipeline:\n  - uses: fetch\n    with:\n      uri: $‸`, ['${{vars.url}}']],
  [`${FILE}pipeline:\n  - runs: |\n      echo $‸\n`, null],
  [`${FILE}pipeline:\n  - runs: [ \${{‸`, ['vars.url']],
  [`${FILE}# \${{‸\n`, null],
  ['inputs:\n  flags:\n    default: x\npipeline:\n  - runs: echo ${{inputs.‸}}\n', ['inputs.flags'], [], 'pipeline'],
  ['‸', ['name', 'inputs', 'pipeline', 'needs'], ['package'], 'pipeline'],
  ['inputs:\n  flags:\n    ‸', ['description', 'default', 'required'], [], 'pipeline'],
  // Where nothing belongs.
  ['# pack‸', null],
  ['pipeline:\n  -‸', null],
  ['package:\n  target-architecture:\n  -‸\n', null],
  ['package:\n  name: a # the ‸\n', null],
  ['pipeline:\n  - runs: |\n      us‸\n', null],
  ['package:\n  name: a\n    ‸', null],
  ['vars:\n  ‸', null],
  // apko.
  ['‸', ['contents', 'entrypoint', 'accounts', 'archs'], ['package'], 'apko'],
  ['contents:\n  ‸', ['repositories', 'keyring', 'packages', 'baseimage'], [], 'apko'],
  ['contents:\n  packages:\n    - ‸', ['busybox', 'sibling'], [], 'apko'],
  ['contents: {packages: [‸', ['busybox'], [], 'apko'],
  ['archs:\n  - ‸', ['x86_64', 'aarch64', 'riscv64'], [], 'apko'],
  ['archs: [x86_64, ‸]', ['aarch64'], [], 'apko'],
  ['entrypoint:\n  type: ‸', ['service-bundle'], [], 'apko'],
  ['entrypoint:\n  ‸', ['command', 'type', 'services', 'shell-fragment'], [], 'apko'],
  ['paths:\n  - ‸', ['path', 'type', 'permissions'], [], 'apko'],
  ['paths:\n  - type: ‸', ['directory', 'empty-file', 'hardlink', 'symlink', 'permissions'], [], 'apko'],
  ['paths:\n  - permissions: ‸', ['0o755', '0o644'], [], 'apko'],
  ['paths:\n  - recursive: ‸', ['true', 'false'], [], 'apko'],
  ['layering:\n  strategy: ‸', ['origin'], [], 'apko'],
  ['include: ‸', ['base.yaml', 'images/common.yaml'], [], 'apko'],
  ['stop-signal: ‸', ['SIGTERM', 'SIGQUIT'], [], 'apko'],
  ['accounts:\n  users:\n    - username: web\n      uid: 1\n  run-as: ‸', ['web'], [], 'apko'],
  ['accounts:\n  users:\n    - ‸', ['username', 'uid', 'homedir'], [], 'apko'],
  ['annotations:\n  ‸', ['org.opencontainers.image.source'], [], 'apko'],
  ['environment:\n  ‸', ['PATH', 'SSL_CERT_FILE'], [], 'apko'],
  ['cmd: ${{‸', null, [], 'apko'],
];

describe('completion in apko and melange files', () => {
  for (const [source, wanted, unwanted = [], kind = 'melange'] of CASES) {
    it(`${kind}: ${JSON.stringify(source.length > 90 ? `…${source.slice(-90)}` : source)}`, () => {
      const { text, offset, language } = marked(source, kind);
      const found = language.completions(offset);
      if (wanted === null) {
        assert.deepEqual(found?.items.map(({ label }) => label) ?? null, null);
        return;
      }
      const labels = found?.items.map(({ label }) => label) ?? [];
      for (const each of wanted)
        assert.ok(labels.includes(each), `${each} is not among ${labels.slice(0, 30).join(', ')}`);
      for (const each of unwanted) assert.ok(!labels.includes(each), `${each} is among them`);
      assert.ok(found !== null && found.span.start <= offset && offset <= found.span.end);
      assert.ok(!/[\r\n]/.test(text.slice(found.span.start, found.span.end)));
    });
  }
});

/** Text, what is taken, and the text that comes of it. */
const TAKEN: readonly (readonly [string, string, string, ConfigKind?])[] = [
  ['‸', 'package', 'package:\n  '],
  ['pack‸', 'package', 'package:\n  '],
  ['package:\n  ‸', 'name', 'package:\n  name: '],
  ['package:\n  ‸', 'copyright', 'package:\n  copyright:\n    - '],
  ['package:\n  na‸me: a\n', 'version', 'package:\n  version: a\n'],
  ['package: {name: a, v‸}', 'version', 'package: {name: a, version: }'],
  ['pipeline:\n  ‸', 'runs', 'pipeline:\n  - runs: |\n      '],
  ['pipeline:\n  - ‸', 'runs', 'pipeline:\n  - runs: |\n      '],
  ['pipeline:\n  - r‸', 'runs', 'pipeline:\n  - runs: |\n      '],
  ['pipeline:\r\n  - ‸', 'runs', 'pipeline:\r\n  - runs: |\r\n      '],
  ['pipeline:\n  - uses: fe‸', 'fetch', 'pipeline:\n  - uses: fetch\n    with:\n      uri: '],
  ['pipeline:\n  - uses: fe‸\n    with:\n', 'fetch', 'pipeline:\n  - uses: fetch\n    with:\n'],
  ['pipeline: [{uses: fe‸}]', 'fetch', 'pipeline: [{uses: fetch}]'],
  ['pipeline:\n  - uses: fe‸ch', 'split/dev', 'pipeline:\n  - uses: split/dev'],
  ['pipeline:\n  - uses: fetch\n    with:\n      ‸', 'uri', 'pipeline:\n  - uses: fetch\n    with:\n      uri: '],
  [
    'package:\n  copyright:\n    - license: MIT OR Ap‸',
    'Apache-2.0',
    'package:\n  copyright:\n    - license: MIT OR Apache-2.0',
  ],
  [
    'environment:\n  contents:\n    packages:\n      ‸',
    'busybox',
    'environment:\n  contents:\n    packages:\n      - busybox',
  ],
  [
    'environment:\n  contents:\n    packages:\n      - openssl=‸',
    '3.5.0-r1',
    'environment:\n  contents:\n    packages:\n      - openssl=3.5.0-r1',
  ],
  ['vars:\n  a: b\npipeline:\n  - runs: x ${{‸', 'vars.a', 'vars:\n  a: b\npipeline:\n  - runs: x ${{vars.a}}'],
  ['vars:\n  a: b\npipeline:\n  - runs: x ${{‸}', 'vars.a', 'vars:\n  a: b\npipeline:\n  - runs: x ${{vars.a}}'],
  ['vars:\n  a: b\npipeline:\n  - runs: x ${{ va‸ }}', 'vars.a', 'vars:\n  a: b\npipeline:\n  - runs: x ${{ vars.a }}'],
  [
    'vars:\n  a: b\npipeline:\n  - runs: x ${{va‸rs.q}} y',
    'vars.a',
    'vars:\n  a: b\npipeline:\n  - runs: x ${{vars.a}} y',
  ],
  [
    'vars:\n  a: b\npipeline:\n  - uses: fetch\n    with:\n      uri: x$‸',
    '${{vars.a}}',
    'vars:\n  a: b\npipeline:\n  - uses: fetch\n    with:\n      uri: x${{vars.a}}',
  ],
  ['contents:\n  ‸', 'packages', 'contents:\n  packages:\n    - ', 'apko'],
  ['arch‸', 'archs', 'archs:\n  - ', 'apko'],
  ['archs: [x86‸]', 'x86_64', 'archs: [x86_64]', 'apko'],
  ['archs:\n  - "x86‸"\n', 'x86_64', 'archs:\n  - "x86_64"\n', 'apko'],
];

describe('a completion that is taken', () => {
  for (const [source, label, wanted, kind] of TAKEN) {
    it(`${label} in ${JSON.stringify(source)}`, () => assert.equal(taken(marked(source, kind), label), wanted));
  }

  it('has inputs that are needed first, and says defaults', () => {
    const { offset, language } = marked('pipeline:\n  - uses: ours/build\n    with:\n      ‸');
    const items = language.completions(offset)?.items ?? [];
    assert.deepEqual(
      items.map(({ label, detail }) => [label, detail]),
      [
        ['flags', 'required; Flags for *our* compiler'],
        ['level', 'default 2'],
        ['debug', 'default false'],
      ],
    );
    assert.equal(items[0]?.documentation, 'Flags for \\*our\\* compiler');
  });

  it('says that it is not whole where an index is long', () => {
    const packages = Array.from({ length: 5000 }, (_, i) => ({ name: `lib-${i}`, version: '1', description: '' }));
    const { text, offset } = marked('contents:\n  packages:\n    - lib‸', 'apko');
    const found = createConfigLanguage('apko', text, { ...WORKSPACE, packages }).completions(offset);
    assert.equal(found?.incomplete, true);
    assert.ok(found.items.length <= 500);
    const more = marked('contents:\n  packages:\n    - lib-4999‸', 'apko');
    const narrowed = createConfigLanguage('apko', more.text, { ...WORKSPACE, packages }).completions(more.offset);
    assert.equal(narrowed?.incomplete, false);
    assert.ok(narrowed.items.some(({ label }) => label === 'lib-4999'));
  });
});
