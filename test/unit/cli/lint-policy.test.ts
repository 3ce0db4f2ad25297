// SPDX-License-Identifier: Apache-2.0
// `waybill lint` under policy files: which one holds, what it changes, and what is said of it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  lintDocumentSchema,
  type LintDocument,
  type LintDocumentFinding,
} from '../../../src/core/output/lint-schema.ts';
import { runInProcess } from '../../support/cli.ts';

const DIGEST = `@sha256:${'0'.repeat(64)}`;
/** One finding by default: digest-missing. */
const CLEAN = 'FROM scratch\nCOPY --from=busybox:1.37 /a /a\nUSER 1000\n';
const WAIVER = (rule: string, expires = '2027-01-31', scope = ''): string =>
  `waivers:\n  - rule: ${rule}\n    owner: platform\n    reason: the mirror pins it\n    expires: ${expires}\n${scope}`;

describe('lint under a policy', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-policy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  };
  const run = (args: readonly string[], cwd = folder, input = '') => runInProcess(['lint', ...args], { cwd, input });
  const json = async (args: readonly string[] = [], cwd = folder, input = ''): Promise<LintDocument> =>
    lintDocumentSchema.parse(JSON.parse((await run(['--format', 'json', ...args], cwd, input)).stdout));
  const of = ({ findings }: LintDocument, slug: string): readonly LintDocumentFinding[] =>
    findings.filter((finding) => finding.slug === slug);
  const severityAt = (document: LintDocument, slug: string): readonly string[] =>
    of(document, slug).map(({ path, severity }) => `${path} ${severity}`);

  it('the nearest file holds, in its folder and below; --policy takes the place of all', async () => {
    put({
      '.waybill.yaml': 'rules: {digest-missing: warning}\n',
      Dockerfile: CLEAN,
      'a/.waybill.yml': 'rules: {WB1005: error}\n',
      'a/b/Dockerfile': CLEAN,
      'c/Dockerfile': CLEAN,
      'org.yaml': 'rules: {digest-missing: off}\n',
    });
    assert.deepEqual(severityAt(await json(), 'digest-missing'), [
      'Dockerfile warning',
      'a/b/Dockerfile error',
      'c/Dockerfile warning',
    ]);
    assert.deepEqual(severityAt(await json(['--policy', 'org.yaml']), 'digest-missing'), []);
    assert.equal((await run(['c'])).status, 0);
    assert.equal((await run([])).status, 1);
  });

  it('looks up to the root of the repository, and no further', async () => {
    put({
      '.waybill.yaml': 'rules: {digest-missing: error}\n',
      'repository/.git/HEAD': '',
      'repository/x/y/Dockerfile': CLEAN,
      'other/Dockerfile': CLEAN,
    });
    const inside = join(folder, 'repository/x/y');
    assert.deepEqual(severityAt(await json([], inside), 'digest-missing'), ['Dockerfile info']);
    put({ 'repository/.waybill.yaml': 'rules: {digest-missing: warning}\n' });
    assert.deepEqual(severityAt(await json([], inside), 'digest-missing'), ['Dockerfile warning']);
    // Without a repository the working directory is the last folder that is looked at.
    assert.deepEqual(severityAt(await json([], join(folder, 'other')), 'digest-missing'), ['Dockerfile info']);
    assert.deepEqual(severityAt(await json(['other']), 'digest-missing'), ['other/Dockerfile error']);
  });

  it('holds for standard input by its name', async () => {
    put({ 'a/.waybill.yaml': 'rules: {digest-missing: error}\n' });
    const document = await json(['-', '--stdin-filename', 'a/Dockerfile'], folder, CLEAN);
    assert.deepEqual(severityAt(document, 'digest-missing'), ['a/Dockerfile error']);
  });

  it('asks for modules, minimal images and registries, and names the line that asks', async () => {
    put({
      Dockerfile: `FROM python:3.13-slim${DIGEST}\nUSER 1000\n`,
      '.waybill.yaml':
        'fips: required\nminimal:\n  final: preferred\nregistries:\n  allowed: [registry.example.com/**]\n',
    });
    const document = await json();
    assert.deepEqual(
      document.findings.map(({ slug, severity }) => `${slug} ${severity}`),
      ['base-not-minimal warning', 'base-without-validated-module error', 'registry-not-allowed error'],
    );
    const [minimal, module, registry] = document.findings.map(({ message }) => message);
    assert.match(minimal ?? '', /the policy prefers that it is \(\.waybill\.yaml:2\)/);
    assert.match(
      module ?? '',
      /has no validated cryptographic module, and this stage must have one \(\.waybill\.yaml:1\)/,
    );
    assert.match(registry ?? '', /list of allowed registries \(\.waybill\.yaml:4\)/);
  });

  it('knows mirrors, and own images that are like another', async () => {
    put({
      Dockerfile: `FROM node:16\nFROM registry.example.com/hub/library/node:16\nFROM example.com/own:1\n`,
      '.waybill.yaml':
        'registries: {allowed: [registry.example.com/**, example.com/own]}\nimages:\n  - {from: docker.io/, to: registry.example.com/hub/}\ncatalogue:\n  - {image: example.com/own, like: docker.io/library/node, user: root}\n',
    });
    const document = await json();
    assert.deepEqual(
      of(document, 'base-end-of-life').map(({ range }) => range.start.line),
      [1, 2, 3],
    );
    assert.deepEqual(
      of(document, 'registry-not-allowed').map(({ range }) => range.start.line),
      [1],
    );
    assert.equal(of(document, 'root-in-final-stage')[0]?.range.start.line, 3);
  });

  describe('waivers', () => {
    it('keep a finding, with who, why and until when, and out of the count', async () => {
      put({ Dockerfile: CLEAN, '.waybill.yaml': `rules: {digest-missing: error}\n${WAIVER('WB1005')}` });
      const document = await json();
      assert.deepEqual(of(document, 'digest-missing')[0]?.suppressed, {
        by: 'waiver',
        owner: 'platform',
        reason: 'the mirror pins it',
        expires: '2027-01-31',
      });
      assert.equal(document.summary.error, 0);
      assert.deepEqual(
        document.files.map(({ path }) => path),
        ['Dockerfile'],
      );
      const { status, stdout } = await run([]);
      assert.equal(status, 0);
      assert.match(stdout, /1 ignored with a reason/);
      const sarif = JSON.parse((await run(['--format', 'sarif'])).stdout);
      const suppressed = sarif.runs[0].results.flatMap((each: { suppressions?: unknown[] }) => each.suppressions ?? []);
      assert.deepEqual(suppressed, [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'the mirror pins it',
          properties: { owner: 'platform', expires: '2027-01-31' },
        },
      ]);
    });

    it('hold for the files and bases of their scope only', async () => {
      put({
        'a/Dockerfile': CLEAN,
        'a/b/Dockerfile': CLEAN,
        'c/Dockerfile': `FROM debian:13\nUSER 1000\n`,
        '.waybill.yaml': `${WAIVER('digest-missing', '2027-01-31', '    scope: {files: ["a/*"]}\n')}  - rule: digest-missing\n    owner: o\n    reason: r\n    expires: 2027-01-31\n    scope: {bases: ["docker.io/library/debian:*"]}\n`,
      });
      assert.deepEqual(
        of(await json(), 'digest-missing').map(({ path, suppressed }) => `${path} ${suppressed?.owner ?? 'counts'}`),
        ['a/Dockerfile platform', 'a/b/Dockerfile counts', 'c/Dockerfile o'],
      );
    });

    it('that have ended are a finding on their line, and what they were for counts again', async () => {
      put({ Dockerfile: CLEAN, '.waybill.yaml': `# ours\n${WAIVER('digest-missing', '2026-11-01')}` });
      const document = await json();
      assert.equal(of(document, 'digest-missing')[0]?.suppressed, null);
      const [ended] = of(document, 'waiver-expired');
      assert.ok(ended);
      assert.deepEqual(
        [ended.ruleId, ended.path, ended.severity, ended.range.start],
        ['WB0002', '.waybill.yaml', 'warning', { line: 3, column: 5 }],
      );
      assert.equal(
        ended.message,
        'Waiver for digest-missing ended on 2026-11-01. Renew it with a reason or fix the finding.',
      );
      assert.deepEqual(
        document.files.map(({ path, language }) => `${path} ${language}`),
        ['.waybill.yaml policy', 'Dockerfile dockerfile'],
      );
      assert.equal((await run(['--fail-on', 'warning'])).status, 1);
    });

    it('leave a comment in the file its say, and its end too', async () => {
      const commented = (expires: string): string =>
        CLEAN.replace('COPY', `# waybill ignore=digest-missing owner=me expires=${expires} pinned later\nCOPY`);
      put({
        Dockerfile: commented('2026-12-31'),
        'old/Dockerfile': commented('2026-11-01'),
        '.waybill.yaml': WAIVER('digest-missing', '2027-01-31', '    scope: {files: [Dockerfile]}\n'),
      });
      assert.deepEqual(
        of(await json(), 'digest-missing').map(({ suppressed }) => suppressed?.by ?? null),
        ['comment', null],
      );
    });
  });

  describe('mistakes', () => {
    it('are errors on the exact place, and lint goes on without what is wrong', async () => {
      put({
        Dockerfile: CLEAN,
        '.waybill.yaml': 'fisp: required\nrules:\n  digest-missing: warning\n  base-end-of-lif: error\n',
      });
      const document = await json();
      assert.deepEqual(
        of(document, 'policy-mistake').map(({ path, severity, message, range: { start, end } }) => [
          `${path}:${start.line}:${start.column}-${end.column}`,
          severity,
          message,
        ]),
        [
          ['.waybill.yaml:1:1-5', 'error', 'Unknown setting "fisp". Did you mean fips?'],
          ['.waybill.yaml:4:3-18', 'error', 'There is no rule "base-end-of-lif". Did you mean base-end-of-life?'],
        ],
      );
      assert.deepEqual(severityAt(document, 'digest-missing'), ['Dockerfile warning']);
      assert.equal((await run([])).status, 1);
      assert.match((await run([])).stdout, /^\.waybill\.yaml:1:1: error: Unknown setting/m);
    });

    it('that leave nothing to read leave the defaults', async () => {
      put({ Dockerfile: CLEAN, '.waybill.yaml': '{{{ no: yaml\n' });
      const document = await json();
      assert.equal(of(document, 'policy-mistake').length, 1);
      assert.deepEqual(severityAt(document, 'digest-missing'), ['Dockerfile info']);
    });

    it('of a file that two policies build on are said once, under its own path', async () => {
      put({
        'org.yaml': 'minimal: sometimes\n',
        'a/.waybill.yaml': 'extends: ../org.yaml\n',
        'a/Dockerfile': CLEAN,
        'b/.waybill.yaml': 'extends: ../org.yaml\n',
        'b/Dockerfile': CLEAN,
      });
      assert.deepEqual(
        of(await json(), 'policy-mistake').map(({ path, range }) => `${path}:${range.start.line}`),
        ['org.yaml:1'],
      );
    });

    it('a file to build on stays in the repository, whatever path or link leads out of it', async () => {
      put({ 'secret.yaml': 'fips: required\n', 'r/.git/HEAD': '', 'r/Dockerfile': CLEAN });
      symlinkSync(join(folder, 'secret.yaml'), join(folder, 'r/link.yaml'));
      for (const written of ['../secret.yaml', join(folder, 'secret.yaml'), 'link.yaml']) {
        put({ 'r/.waybill.yaml': `extends: ${written}\n` });
        const document = await json([], join(folder, 'r'));
        assert.match(of(document, 'policy-mistake')[0]?.message ?? '', /cannot be read\. Paths are relative/, written);
        assert.deepEqual(of(document, 'base-without-validated-module'), []);
      }
      // Named by the person who runs the command, it may stand anywhere and build on its neighbours.
      put({ 'shared/org.yaml': 'extends: more.yaml\n', 'shared/more.yaml': 'rules: {digest-missing: error}\n' });
      const document = await json(['--policy', join(folder, 'shared/org.yaml')], join(folder, 'r'));
      assert.deepEqual(of(document, 'policy-mistake'), []);
      assert.deepEqual(severityAt(document, 'digest-missing'), ['Dockerfile error']);
    });

    it('a policy that is named and cannot be read ends the command: 3, or 2 without a name', async () => {
      put({ Dockerfile: CLEAN });
      const missing = await run(['--policy', 'nowhere.yaml']);
      assert.equal(missing.status, 3);
      assert.equal(missing.stdout, '');
      assert.match(missing.stderr, /^waybill: the policy nowhere\.yaml cannot be read: it does not exist/);
      assert.equal((await run(['--policy', '.'])).status, 3);
      assert.equal((await run(['--policy', ''])).status, 2);
    });
  });
});
