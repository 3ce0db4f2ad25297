// SPDX-License-Identifier: Apache-2.0
// `waybill lint`, `bases` and `rules` as a program: exit codes, standard input, folders, fixes, pipes.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { basesDocumentSchema } from '../../../src/core/output/bases-schema.ts';
import { lintDocumentSchema, type LintDocument } from '../../../src/core/output/lint-schema.ts';
import type { EmbeddingKind } from '../../../src/core/embedded/detect.ts';
import { lintEmbedded } from '../../../src/core/embedded/lint.ts';
import { runInProcess } from '../../support/cli.ts';
import { catalogue, TODAY } from '../../support/linting.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

describe('the command', function () {
  this.timeout(30_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (files: Readonly<Record<string, string | Uint8Array>>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  };
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const run = (args: readonly string[], input = '') => runInProcess(args, { cwd: folder, input });
  /** As a process of its own. */
  const spawned = (args: readonly string[], input = '', cwd = folder) => {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    assert.equal(signal, null);
    return { status, stdout, stderr };
  };
  const lintJson = async (...args: string[]): Promise<LintDocument> =>
    lintDocumentSchema.parse(JSON.parse((await run(['lint', '--format', 'json', ...args])).stdout));
  const lintedPaths = async (...args: string[]): Promise<readonly string[]> =>
    (await lintJson(...args)).files.map(({ path }) => path);

  describe('exit codes', () => {
    it('0 for findings under the threshold, 1 at or over it', async () => {
      put({ Dockerfile: 'FROM node\nUSER 1\n' });
      assert.equal((await run(['lint'])).status, 0);
      assert.equal((await run(['lint', '--fail-on', 'error'])).status, 0);
      assert.equal((await run(['lint', '--fail-on', 'warning'])).status, 1);
      assert.equal((await run(['lint', '--fail-on', 'hint'])).status, 1);
      assert.equal((await run(['lint', '--fail-on', 'never'])).status, 0);
    });

    it('0 for what is ignored with a reason', async () => {
      put({
        Dockerfile: `# waybill ignore=mutable-tag,base-not-minimal,base-without-validated-module x\nFROM node\nUSER 1\n`,
      });
      assert.equal((await run(['lint', '--fail-on', 'hint'])).status, 0);
    });

    const usage: readonly (readonly string[])[] = [
      [],
      ['nonsense'],
      ['lint', '--format', 'xml'],
      ['lint', '--nonsense'],
      ['lint', '--fail-on', 'everything'],
      ['lint', '--fix', '--fix-dry-run'],
      ['lint', '--language', 'cobol'],
      ['lint', '-'],
      ['lint', '-', '--stdin-filename', 'notes.txt'],
      ['bases', '--build-arg', 'novalue'],
      ['bases', '--platform', 'linux'],
      ['bases', '--format', 'sarif'],
      ['rules', '--format', 'sarif'],
    ];
    for (const args of usage) {
      it(`2 with one sentence for ${JSON.stringify(args)}`, async () => {
        const { status, stdout, stderr } = await run(args, 'FROM a\n');
        assert.equal(status, 2);
        if (args.length > 0) {
          assert.equal(stdout, '');
          assert.match(stderr, /^waybill: [^\n]+\n$/);
        }
      });
    }

    it('3 for a path that is not there, and the rest is judged', async () => {
      put({ Dockerfile: 'FROM node\n' });
      const { status, stdout, stderr } = await run(['lint', '--format', 'json', 'Dockerfile', 'gone']);
      assert.equal(status, 3);
      assert.match(stderr, /^waybill: gone cannot be read: .*Check the path\.\n$/);
      assert.equal(JSON.parse(stdout).files.length, 1);
      assert.equal((await run(['bases', 'gone'])).status, 3);
    });

    it('3 for a named file that is no text of a sensible size', async () => {
      put({ Dockerfile: `FROM a\n#${'x'.repeat(5 * 1024 * 1024)}` });
      const { status, stderr } = await run(['lint', 'Dockerfile']);
      assert.equal(status, 3);
      assert.match(stderr, /Dockerfile/);
    });
  });

  describe('what is read', () => {
    it('by name in folders, .gitignore heeded, links not followed', async () => {
      put({
        Dockerfile: 'FROM a\n',
        'web/api.Dockerfile': 'FROM a\n',
        'web/Containerfile.dev': 'FROM a\n',
        'web/notes.txt': 'x',
        'out/Dockerfile': 'FROM a\n',
        'web/tmp/Dockerfile': 'FROM a\n',
        'web/keep/Dockerfile': 'FROM a\n',
        '.git/Dockerfile': 'FROM a\n',
        '.gitignore': '/out/\n',
        'web/.gitignore': 'tmp\nkeep/*\n!keep/Dockerfile\n',
      });
      symlinkSync(join(folder, 'out'), join(folder, 'linked'));
      assert.deepEqual(await lintedPaths(), [
        'Dockerfile',
        'web/Containerfile.dev',
        'web/api.Dockerfile',
        'web/keep/Dockerfile',
      ]);
      assert.deepEqual(await lintedPaths('web'), [
        'web/Containerfile.dev',
        'web/api.Dockerfile',
        'web/keep/Dockerfile',
      ]);
    });

    it('a named file whatever its name and .gitignore, once', async () => {
      put({ 'out/odd.txt': 'FROM a\n', '.gitignore': 'out\n' });
      assert.deepEqual(await lintedPaths('out/odd.txt', './out/odd.txt', join(folder, 'out/odd.txt')), ['out/odd.txt']);
    });

    it('paths outside the working directory, relative and with slashes', async () => {
      put({ 'a/Dockerfile': 'FROM a\n', 'b/x': '' });
      const { stdout } = spawned(['bases', '--format', 'json', '../a'], '', join(folder, 'b'));
      assert.deepEqual(
        basesDocumentSchema.parse(JSON.parse(stdout)).files.map(({ path }) => path),
        ['../a/Dockerfile'],
      );
    });

    it('every file with --language dockerfile', async () => {
      put({ 'x/one': 'FROM a\n', 'x/two.txt': 'FROM b\n', 'x/y/three.yaml': 'FROM c\n' });
      assert.deepEqual(await lintedPaths('--language', 'dockerfile', 'x'), ['x/one', 'x/two.txt', 'x/y/three.yaml']);
    });

    it('files of other tools for the Dockerfiles they hold, only where they are named', async () => {
      const files: Readonly<Record<string, readonly [string, EmbeddingKind]>> = {
        'compose.yaml': ['services:\n  a:\n    image: golang:1.21.1\n', 'compose'],
        'x/docker-compose.prod.yml': [
          'services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM gcr.io/distroless/static-debian13:nonroot\n        CMD /a -x\n',
          'compose',
        ],
        '.devcontainer/devcontainer.json': ['{\n\t// why\n\t"image": "golang:1.21.1",\n}\n', 'devcontainer'],
        'docker-bake.hcl': ['target "a" {\n  dockerfile-inline = <<E\nFROM node:18\nUSER root\nE\n}\n', 'bake'],
        'docker-bake.json': ['{"target": {"a": {"dockerfile-inline": "FROM node:18\\nUSER root\\n"}}}\n', 'bake'],
      };
      put({
        Dockerfile: 'FROM scratch\n',
        ...Object.fromEntries(Object.entries(files).map(([path, [text]]) => [path, text])),
      });
      assert.deepEqual(await lintedPaths(), ['Dockerfile']);
      for (const [path, [text, kind]] of Object.entries(files)) {
        const document = await lintJson(path);
        assert.deepEqual(document.files, [{ path, language: kind, error: null }]);
        // The editor calls the same function.
        const shown = lintEmbedded(text, kind, { catalogue, today: TODAY }).findings;
        assert.ok(shown.length > 0, path);
        assert.deepEqual(
          document.findings.map(({ ruleId, range }) => [ruleId, range]),
          shown.map(({ ruleId, range }) => [ruleId, range]),
        );
        const piped = await run(['lint', '--format', 'json', '-', '--stdin-filename', path], text);
        assert.deepEqual(lintDocumentSchema.parse(JSON.parse(piped.stdout)).findings, document.findings);
      }
      assert.deepEqual((await lintJson('--language', 'dockerfile', 'compose.yaml')).files[0]?.language, 'dockerfile');
      assert.equal((await run(['lint', '--fix', 'x/docker-compose.prod.yml'])).status, 0);
      assert.match(read('x/docker-compose.prod.yml'), /^ {8}CMD \["\/a", "-x"\]$/m);
    });

    it('standard input under a name', async () => {
      const { status, stdout } = await run(
        ['lint', '--format', 'json', '-', '--stdin-filename', 'sub/Dockerfile'],
        'FROM node\n',
      );
      const document = lintDocumentSchema.parse(JSON.parse(stdout));
      assert.equal(status, 0);
      assert.deepEqual(document.files, [{ path: 'sub/Dockerfile', language: 'dockerfile', error: null }]);
      assert.ok(document.findings.some(({ ruleId }) => ruleId === 'WB1004'));
      const forced = spawned(
        ['bases', '--format', 'json', '--language', 'dockerfile', '-', '--stdin-filename', 'x.txt'],
        'FROM a\n',
      );
      assert.equal(JSON.parse(forced.stdout).files[0].stages[0].resolved, 'docker.io/library/a:latest');
    });

    it('bytes that are no text, without falling over', async () => {
      put({ Dockerfile: new Uint8Array([0xff, 0xfe, 0x46, 0x00]), 'x.dockerfile': new Uint8Array(300).fill(0) });
      const document = await lintJson();
      assert.equal(document.summary.files, 2);
      for (const { error } of document.files) assert.notEqual(error, null);
    });
  });

  describe('output', () => {
    for (const format of ['text', 'json', 'sarif', 'github', 'gitlab', 'checkstyle']) {
      it(`${format}: the same bytes each time`, async () => {
        put({ Dockerfile: 'FROM node\nUSER root\n', 'a/Dockerfile': 'FROM golang:1.21\n' });
        const first = await run(['lint', '--format', format]);
        assert.equal(first.status, 0);
        assert.ok(first.stdout.length > 50);
        assert.equal((await run(['lint', '--format', format])).stdout, first.stdout);
      });
    }

    it('is whole in a pipe, however large and slowly read', async () => {
      put({ Dockerfile: 'FROM node:latest\n'.repeat(4000) });
      const child = spawn(process.execPath, [MAIN, 'lint', '--format', 'json'], { cwd: folder });
      const chunks: Buffer[] = [];
      await new Promise((resolve) => {
        setTimeout(resolve, 300);
      });
      for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      assert.ok(text.length > 1_000_000);
      assert.ok(lintDocumentSchema.parse(JSON.parse(text)).findings.length >= 4000);
    });

    it('does not complain about a reader that goes away', async () => {
      put({ Dockerfile: 'FROM node:latest\n'.repeat(4000) });
      const child = spawn(process.execPath, [MAIN, 'lint', '--format', 'json'], { cwd: folder });
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += String(chunk);
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
        child.on('close', (...ended) => resolve(ended));
      });
      assert.equal(signal, null);
      assert.equal(code, 0);
      assert.equal(stderr, '');
    });

    it('says many missing paths without a warning of its own', () => {
      const { status, stderr } = spawned(['lint', ...Array.from({ length: 30 }, (_, i) => `gone${i}`)]);
      assert.equal(status, 3);
      assert.equal(stderr.trimEnd().split('\n').length, 30);
      assert.doesNotMatch(stderr, /Warning/);
    });

    it('helps on standard output', async () => {
      for (const args of [['--help'], ['lint', '--help'], ['bases', '--help']]) {
        const { status, stdout, stderr } = await run(args);
        assert.equal(status, 0);
        assert.match(stdout, /waybill/);
        assert.equal(stderr, '');
      }
      assert.match((await run(['--version'])).stdout, /^waybill \d+\.\d+\.\d+\n$/);
    });

    it('lists the rules', async () => {
      const { rules } = JSON.parse((await run(['rules', '--format', 'json'])).stdout);
      assert.ok(rules.some(({ id }: { id: string }) => id === 'WB1001'));
      assert.equal((await run(['rules'])).stdout.trimEnd().split('\n').length, rules.length);
    });
  });

  describe('fixes', () => {
    const BEFORE = 'FROM scratch\r\nCOPY a /\r\n';
    const AFTER = 'FROM scratch\r\nCOPY a /\r\nUSER 65532\r\n';

    it('--fix writes, says what it did, and judges what is left', async () => {
      put({ Dockerfile: BEFORE });
      const { status, stdout, stderr } = await run(['lint', '--fix', '--format', 'json']);
      assert.equal(status, 0);
      assert.equal(read('Dockerfile'), AFTER);
      assert.match(stderr, /^waybill: Dockerfile: Add USER 65532 \(/);
      assert.deepEqual(JSON.parse(stdout).findings, []);
      await run(['lint', '--fix']);
      assert.equal(read('Dockerfile'), AFTER);
    });

    it('--fix keeps a byte order mark', async () => {
      put({ Dockerfile: `\ufeff${BEFORE}` });
      await run(['lint', '--fix']);
      assert.equal(read('Dockerfile'), `\ufeff${AFTER}`);
    });

    it('--fix-dry-run prints a unified diff and writes nothing', async () => {
      put({ Dockerfile: BEFORE, 'x/Dockerfile': 'FROM scratch\nUSER 1\n' });
      const { status, stdout } = await run(['lint', '--fix-dry-run']);
      assert.equal(status, 0);
      assert.equal(
        stdout,
        '--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,3 @@\n FROM scratch\r\n COPY a /\r\n+USER 65532\r\n',
      );
      assert.equal(read('Dockerfile'), BEFORE);
    });

    it('--fix-dry-run works on standard input, --fix refuses it', async () => {
      const input = 'FROM scratch\n';
      assert.match(
        (await run(['lint', '--fix-dry-run', '-', '--stdin-filename', 'Dockerfile'], input)).stdout,
        /^\+USER 65532$/m,
      );
      assert.equal((await run(['lint', '--fix', '-', '--stdin-filename', 'Dockerfile'], input)).status, 2);
    });

    it('--fix leaves a file alone that is not UTF-8, and says so', async () => {
      const bytes = Buffer.concat([Buffer.from(BEFORE), Buffer.from([0x23, 0xe9, 0x0a])]);
      put({ Dockerfile: bytes });
      const { status, stderr } = await run(['lint', '--fix']);
      assert.equal(status, 3);
      assert.match(stderr, /Dockerfile was not fixed: it is not UTF-8/);
      assert.deepEqual(readFileSync(join(folder, 'Dockerfile')), bytes);
    });
  });

  describe('bases', () => {
    it('takes build arguments and a platform', async () => {
      put({ Dockerfile: 'ARG V=1\nFROM a:$V-$TARGETARCH\n' });
      const { stdout } = await run([
        'bases',
        '--format',
        'json',
        '--build-arg',
        'V=1',
        '--build-arg=V=2=3',
        '--platform',
        'linux/arm64',
      ]);
      const [file] = basesDocumentSchema.parse(JSON.parse(stdout)).files;
      assert.equal(file?.stages[0]?.kind, 'unknown');
      const good = await run(['bases', '--format', 'json', '--build-arg', 'V=2', '--platform', 'linux/arm64']);
      assert.equal(JSON.parse(good.stdout).files[0].stages[0].resolved, 'docker.io/library/a:2-arm64');
    });

    it('prints a table by default', async () => {
      put({ Dockerfile: 'FROM alpine:3.24 AS x\n' });
      assert.match(
        (await run(['bases'])).stdout,
        /^WHERE .*\nDockerfile:1 +x \(final\) +docker\.io\/library\/alpine:3\.24 /,
      );
    });
  });
});
