// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { detectYaml, languageDirective, mayBeYaml } from '../../../src/core/yaml/detect.ts';

const MELANGE = 'package:\n  name: a\n  version: 1.0\n  epoch: 0\npipeline:\n  - runs: make\n';
const APKO = 'contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n  packages: [wolfi-base]\n';

const TAKEN: readonly (readonly [string, string, 'apko' | 'melange'])[] = [
  ['hello.yaml', MELANGE, 'melange'],
  ['os/hello.yml', `# comment\n\n${MELANGE}`, 'melange'],
  ['hello.yaml', `---\n${MELANGE}---\nkind: other\n`, 'melange'],
  ['hello.yaml', 'package: {name: a, version: 1, epoch: 0}\n', 'melange'],
  ['hello.yaml', MELANGE.replace('  epoch: 0\n', ''), 'melange'],
  ['hello.yaml', MELANGE.replace('pipeline:', 'pipelin:'), 'melange'],
  ['hello.yaml', `${MELANGE}      echo '{{ .Values.x }}'\n`, 'melange'],
  ['hello.yaml', `${MELANGE}vars: [\n`, 'melange'],
  ['hello.yaml', 'package:\n  name: a\nenvironment:\n  contents:\n    packages: [a]\n', 'melange'],
  ['image.yaml', APKO, 'apko'],
  ['image.yaml', `${APKO}entrypoint:\n  command: /bin/x\nacounts: {}\n`, 'apko'],
  ['image.yaml', 'contents: {packages: [a]}\n', 'apko'],
  ['image.apko.yaml', 'cmd: /bin/sh\n', 'apko'],
  ['apko.yaml', '', 'apko'],
  ['.melange.yaml', 'a: b\n', 'melange'],
  ['x.yaml', '# waybill language=melange\na: b\n', 'melange'],
  ['compose.yaml', '# note\n# waybill language=apko because it is one\nservices: {}\n', 'apko'],
];

const LEFT: readonly (readonly [string, string])[] = [
  ['pod.yaml', 'apiVersion: v1\nkind: Pod\nspec: {}\n'],
  ['list.yaml', `apiVersion: v1\nkind: List\n${MELANGE}`],
  ['compose.yaml', 'services:\n  web:\n    image: x\n'],
  ['compose.yaml', APKO],
  ['docker-compose.prod.yml', APKO],
  ['.github/workflows/ci.yaml', MELANGE],
  ['ci.yaml', 'on: push\njobs: {}\n'],
  ['chart/values.yaml', APKO],
  [
    'chart/templates/x.yaml',
    'contents:\n  packages:\n    {{- range .Values.packages }}\n    - {{ . }}\n    {{- end }}\n',
  ],
  ['recipe.yaml', 'package:\n  name: a\n  version: 1\nsource:\n  url: x\nrequirements: {}\nabout: {}\n'],
  ['recipe.yaml', 'package:\n  name: a\n  version: "1"\n'],
  ['pubspec.yaml', 'name: a\nversion: 1.0.0\nenvironment:\n  sdk: ^3.0.0\ndependencies: {}\n'],
  ['page.yaml', 'title: x\ncontents:\n  - a\n  - b\n'],
  ['page.yaml', 'contents:\n  chapter: one\n'],
  ['serverless.yml', 'service: a\nprovider: {}\nfunctions: {}\npackage:\n  name: x\n  version: 1\n  epoch: 2\n'],
  ['hello.yaml', '# waybill language=none\npackage:\n  name: a\n  version: 1.0\n  epoch: 0\n'],
  ['hello.txt', MELANGE],
  ['empty.yaml', ''],
  ['apko.lock.yaml', APKO],
];

describe('apko and melange files among other YAML', () => {
  for (const [path, text, language] of TAKEN) {
    it(`takes ${path} as ${language}: ${JSON.stringify(text.slice(0, 60))}`, () =>
      assert.equal(detectYaml(path, text), language));
  }
  for (const [path, text] of LEFT) {
    it(`leaves ${path}: ${JSON.stringify(text.slice(0, 60))}`, () => assert.equal(detectYaml(path, text), null));
  }

  it('reads only what may be ours', () => {
    assert.equal(mayBeYaml('a.yaml'), true);
    assert.equal(mayBeYaml('a.YML'), true);
    assert.equal(mayBeYaml('pnpm-lock.yaml'), false);
    assert.equal(mayBeYaml('a.json'), false);
  });

  it('reads the directive before anything else only', () => {
    assert.equal(languageDirective('# x\n# waybill language=none\na: b\n'), 'none');
    assert.equal(languageDirective('a: b\n# waybill language=none\n'), null);
    assert.equal(languageDirective('# waybill language=cobol\n'), null);
  });

  it('is done in time with a long hostile text', () => {
    const text = `${'a: {'.repeat(50_000)}\n${'{{ '.repeat(50_000)}`;
    assert.equal(detectYaml('x.yaml', text), null);
  });
});
