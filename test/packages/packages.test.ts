// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { auditReportSchema } from '../../src/core/evidence/report.ts';
import { runIntegration } from '../integration/run.ts';
import { databaseFolder } from '../testbed/database.ts';
import { imagePaths } from '../testbed/images.ts';
import { otherNode } from '../testbed/node.ts';
import { toolPath } from '../testbed/tools.ts';

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'waybill-packages-'));

function build(name: string): string {
  const out = join(scratch, name);
  execFileSync(process.execPath, ['scripts/make-packages.mjs', '--out', out], { cwd: root, stdio: 'pipe' });
  return out;
}

const digests = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ]),
  );

const only = (folder: string, ending: string): string => {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  assert.equal(files.length, 1, `${files.length} files end with ${ending}`);
  return join(folder, files[0] ?? '');
};

describe('packages', function () {
  this.timeout(600_000);
  let out: string;
  let extension: string;
  let cli: string;

  before(() => {
    out = build('first');
    execFileSync('unzip', ['-q', only(out, '.vsix'), '-d', join(scratch, 'vsix')]);
    extension = join(scratch, 'vsix', 'extension');
    mkdirSync(join(scratch, 'cli'));
    execFileSync('tar', ['-xzf', only(out, '.tgz'), '-C', join(scratch, 'cli')]);
    cli = join(scratch, 'cli', 'package', 'dist', 'cli.js');
  });

  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('the same commit gives the same bytes', () => {
    assert.deepEqual(digests(build('second')), digests(out));
  });

  it('the .vsix holds exactly the files listed', () => {
    const listed = execFileSync('find', ['.', '-type', 'f'], { cwd: extension, encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((file) => file.slice(2))
      .toSorted();
    const expected = readFileSync(join(import.meta.dirname, 'vsix-files.txt'), 'utf8')
      .trim()
      .split('\n');
    assert.deepEqual(listed, expected);
  });

  it('both packages hold every file that their code loads later', () => {
    for (const dist of [join(extension, 'dist'), dirname(cli)]) {
      const files = readdirSync(dist).filter((name) => name.endsWith('.js'));
      const loaded = files.flatMap((name) => [
        ...readFileSync(join(dist, name), 'utf8').matchAll(/require\(["'`]\.\/([\w-]+\.js)["'`]\)/g),
      ]);
      const names = new Set(loaded.map(([, name]) => name));
      assert.ok(names.size >= 2, [...names].join());
      for (const name of names) assert.ok(files.includes(name ?? ''), `${name} is missing from ${dist}`);
    }
  });

  it('the .vsix is at most 1.5 MB plus the catalogue', () => {
    const data = statSync(join(extension, 'dist', 'catalogue.js')).size;
    assert.ok(statSync(only(out, '.vsix')).size <= 1_500_000 + data);
  });

  it('the CLI lints and audits from its tarball', async () => {
    const lint = spawnSync(process.execPath, [cli, 'lint', 'sample', '--format', 'json'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.ok(lint.status === 0 || lint.status === 1, lint.stderr);
    assert.ok((JSON.parse(lint.stdout) as { findings: unknown[] }).findings.length > 0);

    const bin = join(scratch, 'bin');
    mkdirSync(bin);
    for (const tool of ['syft', 'grype'] as const) symlinkSync(await toolPath(tool), join(bin, tool));
    const { ociDir } = await imagePaths('goapp');
    const audit = spawnSync(process.execPath, [cli, 'audit', `oci-dir:${ociDir}`, '--format', 'json'], {
      cwd: scratch,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin`,
        HOME: scratch,
        GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
        WAYBILL_DATA: join(scratch, 'data'),
      },
    });
    assert.equal(audit.status, 0, audit.stderr);
    const report = auditReportSchema.parse(JSON.parse(audit.stdout));
    assert.ok(report.packages.length > 0);
    assert.ok(report.vulnerabilities.length > 0);
  });

  it('the CLI of the tarball names the Node it needs on an older one', async () => {
    const node = await otherNode('tooOld');
    const { status, stderr, stdout } = spawnSync(node, [cli, '--version'], { encoding: 'utf8' });
    assert.equal(status, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /^[^\n]*Node[^\n]*22\.15[^\n]*\n$/);
  });

  it('the CLI of the tarball runs on the oldest Node that it promises', async () => {
    const { status, stdout } = spawnSync(await otherNode('oldest'), [cli, '--version'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^waybill \d/);
  });

  for (const version of ['newest', 'oldest'] as const)
    it(`the unpacked .vsix works in the ${version} VS Code`, async () => {
      const { passed, failed } = await runIntegration({ version, extensionPath: extension, suite: 'smoke' });
      assert.equal(failed, 0);
      assert.ok(passed >= 4);
    });
});
