// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { ConfigKind, ConfigSymbol } from '../../../src/core/config-language/model.ts';
import { parseApkIndex } from '../../../src/core/config-language/apk-index.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { bare, FILES, marked } from './support.ts';

const FILE = `package:
  name: app
  version: 1.2.3
  epoch: 4
  dependencies:
    runtime:
      - app-libs
      - openssl
      - sibling
      - nobody
vars:
  url: https://x
  'quoted': y
var-transforms:
  - from: \${{package.version}}
    match: a
    replace: b
    to: short
data:
  - name: flavours
    items:
      one: "1"
options:
  extra:
    vars:
      url: z
pipeline:
  - uses: fetch
    with:
      uri: \${{vars.url}}/\${{ vars.url }}/\${{vars.short}}
      expected-sha256: x
  - uses: ours/build
    with:
      flags: -O2
  - name: Own inputs
    inputs:
      level:
        default: "1"
    runs: make \${{inputs.level}} # \${{vars.url}}
subpackages:
  - name: app-libs
    description: Its libraries
    pipeline:
      - runs: echo \${{subpkg.name}} \${{vars.quoted}}
  - range: flavours
    name: app-\${{range.key}}
`;

/** The file with the cursor in front of the nth time that something stands in it. */
function at(word: string, nth = 1, file = FILE): string {
  let offset = -1;
  for (let i = 0; i < nth; i++) offset = file.indexOf(word, offset + 1);
  assert.ok(offset >= 0, `${word} is not there`);
  return `${file.slice(0, offset)}‸${file.slice(offset)}`;
}

/** What is pointed at, what the hover stands on, and what it says. */
const HOVERS: readonly (readonly [string, string, RegExp, ConfigKind?])[] = [
  [at('package:'), 'package', /Required/],
  [at('epoch'), 'epoch', /Default: `0`/],
  [at('var-transforms'), 'var-transforms', /Since melange 0\.3\.0.*\n\n\[melange/],
  [at('runtime'), 'runtime', /Type: list of texts/],
  [at('uses'), 'uses', /built in/],
  [
    at('fetch'),
    'fetch',
    /built into melange[^]*`uri` \(required\)[^]*blob\/v0\.59\.1\/pkg\/build\/pipelines\/fetch\.yaml/,
  ],
  [
    at('ours/build'),
    'ours/build',
    /pipelines\/ours\/build[^]*`flags` \(required\): Flags for \\\*our\\\* compiler[^]*`level`, default `2`/,
  ],
  [at('flags'), 'flags', /Required/],
  [at('expected-sha256'), 'expected-sha256', /64 hexadecimal/],
  [at('url:'), 'url', /`\$\{\{vars\.url\}\}`/],
  [at('vars.url'), '${{vars.url}}', /variable of this file[^]*`https:\/\/x`/],
  [at('{{vars.short'), '${{vars.short}}', /var-transforms/],
  [at('package.version'), '${{package.version}}', /`1\.2\.3`/],
  [at('subpkg.name'), '${{subpkg.name}}', /subpackage/],
  [at('range.key'), '${{range.key}}', /key of the entry/],
  [at('inputs.level'), '${{inputs.level}}', /`1`/],
  [at('flavours', 2), 'flavours', /`one`: `1`/],
  [at('app-libs'), 'app-libs', /Subpackage of this file/],
  [at('openssl'), 'openssl', /3\\\.5\\\.0\\-r1[^]*\\\[library\\\]/],
  [at('sibling'), 'sibling', /os\/sibling\.yaml/],
  ['package:\n  checks:\n    disabled: [set‸uidgid]\n', 'setuidgid', /setuid/],
  ['package:\n  name: [a\n  ep‸och: 1\n', 'epoch', /Default/],
  ['package:\n  name: a\n\tversion: b\npipeline:\n  - uses: split/d‸ev\n', 'split/dev', /[Hh]eaders/],
  ['con‸tents: {}\n', 'contents', /apko, The apko File Format/, 'apko'],
  ['entrypoint:\n  type: service‸-bundle\n', 'service-bundle', /s6/, 'apko'],
  ['paths:\n  - permissions: 0o7‸55\n', '0o755', /everyone/, 'apko'],
  ['archs: [x86‸_64]\n', 'x86_64', /amd64/, 'apko'],
  ['paths:\n  - pat‸h: /x\n', 'path', /Path in the image/, 'apko'],
  ['inputs:\n  a:\n    requi‸red: true\n', 'required', /Default: `false`/, 'pipeline'],
];

const NO_HOVERS: readonly string[] = [
  at('nobody'),
  at('1.2.3'),
  at('make'),
  'pack‸\n',
  '‸\n\n',
  'unknown‸: x\n',
  'vars: {a: b}\npipeline: [{runs: "${{vars.q‸}}"}]\n',
];

describe('hovers of apko and melange files', () => {
  for (const [source, word, says, kind] of HOVERS) {
    it(`on ${word}`, () => {
      const { text, offset, language } = marked(source, kind);
      const hover = language.hover(offset);
      assert.ok(hover !== null);
      assert.equal(text.slice(hover.span.start, hover.span.end), word);
      assert.match(hover.markdown, says);
      assert.doesNotMatch(hover.markdown, /command:|<\w/);
    });
  }
  for (const source of NO_HOVERS) {
    it(`none: ${JSON.stringify(source.slice(Math.max(0, source.indexOf('‸') - 20), source.indexOf('‸') + 20))}`, () => {
      const { offset, language } = marked(source);
      assert.equal(language.hover(offset), null);
    });
  }
});

/** What is pointed at, and where that leads: a file, or the text at the place in this one. */
const DEFINITIONS: readonly (readonly [string, readonly string[], ConfigKind?])[] = [
  [at('{{vars.short'), ['short']],
  [at('{{vars.url}'), ['url', 'url']],
  [at('{{ vars.url'), ['url', 'url']],
  [at('vars.quoted'), ["'quoted'"]],
  [at('package.version'), ['version']],
  [at('ours/build'), ['pipelines/ours/build.yaml']],
  [at('flags'), ['pipelines/ours/build.yaml:flags']],
  [at('flavours', 2), ['flavours']],
  [at('subpkg.name'), ['app-libs']],
  [at('range.key'), ['flavours']],
  [at('inputs.level'), ['level']],
  [at('app-libs'), ['app-libs']],
  [at('sibling'), ['os/sibling.yaml']],
  [at('fetch'), []],
  [at('openssl'), []],
  [at('package:'), []],
  [at('{{vars.url', 2), []],
  ['include: base‸.yaml\n', ['base.yaml'], 'apko'],
  ['inputs:\n  a: {}\npipeline:\n  - runs: ${{ inputs.‸a }}\n', ['a'], 'pipeline'],
  ['vars:\n  a: b\n\tbroken\npipeline:\n  - runs: ${{vars.‸a}}\n', ['a']],
  [
    'package: {name: x}\nsubpackages:\n  - name: ${{package.name}}-dev\n  - name: y\n    dependencies: {runtime: [x-‸dev=1]}\n',
    ['${{package.name}}-dev'],
  ],
];

describe('definitions in apko and melange files', () => {
  for (const [source, wanted, kind] of DEFINITIONS) {
    const near = source.indexOf('‸');
    it(JSON.stringify(source.slice(Math.max(0, near - 15), near + 20)), () => {
      const { text, offset, language } = marked(source, kind);
      const found = language.definition(offset);
      const targets = (found?.targets ?? []).map(({ path, span }) => {
        const content = path === null ? text : (FILES[path] ?? '');
        const word = content.slice(span.start, span.end);
        return path === null ? word : word === '' ? path : `${path}:${word}`;
      });
      assert.deepEqual(targets, wanted);
    });
  }

  it('links lead to pipelines and includes', () => {
    const { language } = marked(at('package:'));
    assert.deepEqual(
      language.links().map(({ target }) => ('path' in target ? target.path : target.url)),
      [
        'https://github.com/chainguard-dev/melange/blob/v0.59.1/pkg/build/pipelines/fetch.yaml',
        'pipelines/ours/build.yaml',
      ],
    );
    const apko = marked('include: base.yaml\n‸', 'apko');
    assert.deepEqual(
      apko.language.links().map(({ target, span }) => [target, apko.text.slice(span.start, span.end)]),
      [[{ path: 'base.yaml' }, 'base.yaml']],
    );
  });
});

const outline = (symbols: readonly ConfigSymbol[], depth = 0): string[] =>
  symbols.flatMap(({ name, kind, detail, children }) => [
    `${'  '.repeat(depth)}${kind} ${name}${detail === '' ? '' : ` (${detail})`}`,
    ...outline(children, depth + 1),
  ]);

describe('the outline of apko and melange files', () => {
  it('shows packages, variables, data and steps', () => {
    const lines = outline(bare(FILE, 'melange').symbols());
    for (const wanted of [
      'package package (app 1.2.3)',
      'list vars',
      '  variable url (https://x)',
      '  variable short (${{package.version}})',
      '  data flavours',
      'list pipeline',
      '  step fetch',
      '  step Own inputs (make ${{inputs.level}})',
      '  subpackage app-libs',
      '  subpackage app-${{range.key}} (flavours)',
    ]) {
      assert.ok(
        lines.some((line) => line.startsWith(wanted)),
        `${wanted} is missing:\n${lines.join('\n')}`,
      );
    }
  });

  it('shows what is in an image', () => {
    const text =
      'contents:\n  repositories: [https://x]\n  packages:\n    - a\n    - b\naccounts:\n  users:\n    - {username: web, uid: 7}\nentrypoint:\n  command: /bin/a\npaths:\n  - {path: /x, type: directory}\n';
    assert.deepEqual(outline(bare(text, 'apko').symbols()), [
      'section contents',
      '  list repositories',
      '    item https://x',
      '  list packages',
      '    item a',
      '    item b',
      'section accounts',
      '  section users',
      '    account web (7)',
      'section entrypoint',
      '  value command (/bin/a)',
      'list paths',
      '  path /x (directory)',
    ]);
  });

  it('stays while a text cannot be read', () => {
    const lines = outline(bare('package:\n  name: a\n  version: [\npipeline:\n  - uses: fetch\n', 'melange').symbols());
    assert.deepEqual(
      lines.map((line) => line.trim()),
      ['package package (a [)', 'value name (a)', 'value version ([)', 'list pipeline', 'step fetch'],
    );
  });

  it('is empty where nothing is written', () => {
    assert.deepEqual(bare('', 'apko').symbols(), []);
    assert.deepEqual(bare('# only a note\n', 'melange').symbols(), []);
  });
});

/** What is pointed at, the new name, and what stands in the file then in place of some of its text. */
const RENAMED: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  [
    at('url:'),
    'source',
    [
      ['  url: https', '  source: https'],
      ['url: z', 'source: z'],
      ['${{vars.url}}/${{ vars.url }}', '${{vars.source}}/${{ vars.source }}'],
      ['# ${{vars.url}}', '# ${{vars.url}}'],
    ],
  ],
  [
    at('vars.url'),
    'source',
    [
      ['  url: https', '  source: https'],
      ['${{ vars.url }}', '${{ vars.source }}'],
    ],
  ],
  [
    at('quoted'),
    'q',
    [
      ["'quoted': y", "'q': y"],
      ['vars.quoted', 'vars.q'],
    ],
  ],
  [
    at('short'),
    'major_minor',
    [
      ['to: short', 'to: major_minor'],
      ['{{vars.short', '{{vars.major_minor'],
    ],
  ],
  [
    at('flavours'),
    'kinds',
    [
      ['name: flavours', 'name: kinds'],
      ['range: flavours', 'range: kinds'],
    ],
  ],
  [
    at('flavours', 2),
    'kinds',
    [
      ['name: flavours', 'name: kinds'],
      ['range: flavours', 'range: kinds'],
    ],
  ],
  [
    at('level:'),
    'optimise',
    [
      ['level:', 'optimise:'],
      ['inputs.level', 'inputs.optimise'],
    ],
  ],
];

describe('renaming in melange files', () => {
  for (const [source, name, changes] of RENAMED) {
    const near = source.indexOf('‸');
    it(`${JSON.stringify(source.slice(near, near + 12))} to ${name}`, () => {
      const { text, offset, language } = marked(source);
      const edits = language.rename(offset, name);
      assert.ok(edits.ok);
      const result = applyEdits(text, edits.value);
      for (const [, after] of changes) assert.ok(result.includes(after), `${after} is missing in\n${result}`);
      const prepared = language.prepareRename(offset);
      assert.ok(prepared.ok && text.slice(prepared.value.span.start, prepared.value.span.end) === prepared.value.name);
      assert.deepEqual(
        language.references(offset),
        edits.value.map(({ span }) => span),
      );
    });
  }

  const REFUSED: readonly (readonly [string, string, RegExp, ConfigKind?])[] = [
    [at('url:'), 'quoted', /already/],
    [at('url:'), 'short', /already/],
    [at('url:'), '1st', /no name for a variable/],
    [at('url:'), 'a b', /no name for a variable/],
    [at('url:'), '', /no name for a variable/],
    [at('url:'), 'yes', /YAML takes/],
    [at('vars.url'), 'x}}', /no name/],
    [at('package.version'), 'x', /melange's own/],
    [at('subpkg.name'), 'x', /melange's own/],
    [at('flags'), 'x', /declares this input/],
    [at('package:'), 'x', /Only variables/],
    [at('openssl'), 'x', /Only variables/],
    ['vars: {a: b}\npipeline: [{runs: "${{vars.‸q}}"}]\n', 'x', /gives the name "q"/],
    ['pipeline: [{runs: "${{inputs.‸q}}"}]\n', 'x', /declares the input "q"/],
    ['vars:\n  "a\\u0062": b\npipeline: [{runs: "${{vars.a‸b}}"}]\n', 'x', /signs for other signs/],
    ['vars:\n  ‸a: [\n', 'x', /cannot be read/],
    ['contents: {pack‸ages: []}\n', 'x', /Only variables/, 'apko'],
  ];
  for (const [source, name, says, kind] of REFUSED) {
    it(`refused: ${says} for ${JSON.stringify(name)}`, () => {
      const { offset, language } = marked(source, kind);
      const result = language.rename(offset, name);
      assert.ok(!result.ok);
      assert.match(result.error.message, says);
    });
  }
});

describe('indexes of packages', () => {
  it('are read block by block', () => {
    const text =
      'C:Q1abc\nP:zlib\nV:1.3-r0\nT:A library: it packs\n\nP:busybox\r\nV:1-r0\r\n\r\nV:2\n\nP:zlib\nV:1.4-r0\n';
    assert.deepEqual(parseApkIndex(text), [
      { name: 'busybox', version: '1-r0', description: '' },
      { name: 'zlib', version: '1.4-r0', description: '' },
    ]);
    assert.deepEqual(parseApkIndex(''), []);
  });
});
