// SPDX-License-Identifier: Apache-2.0
// Builds both packages reproducibly: the same commit gives the same bytes. Usage: make-packages.mjs [--out FOLDER]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { noticesText } from './lib/notices.mjs';
import { root } from './lib/node24.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'out', 'packages') } } });
const out = resolve(values.out);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const node = (args, options = {}) =>
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });

/** Everything is bundled; there is no public repository yet that relative links could be made absolute with. */
const VSCE = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--no-rewrite-relative-links'];

/** Seconds since the epoch that every file of a package carries: the commit's time, so that a rebuild is the same. */
function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH !== undefined) return process.env.SOURCE_DATE_EPOCH;
  return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim();
}

node(['esbuild.js', '--minify']);
writeFileSync(join(root, 'THIRD-PARTY-NOTICES.txt'), noticesText());

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const epoch = sourceDate();
const vsix = join(out, `waybill-${manifest.version}.vsix`);
node(['node_modules/@vscode/vsce/vsce', 'package', ...VSCE, '--out', vsix], {
  env: { ...process.env, SOURCE_DATE_EPOCH: epoch },
});

const stage = join(out, 'cli');
const shipped = [
  'cli.js',
  'audit.js',
  'catalogue.js',
  'embedded.js',
  'evidence.js',
  'policy.js',
  'rules.js',
  'tuf.js',
  'verify.js',
  'yaml.js',
];
for (const file of shipped) cpSync(join(root, 'dist', file), join(stage, 'dist', file));
for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-NOTICES.txt'])
  cpSync(join(root, file), join(stage, file));
writeFileSync(
  join(stage, 'package.json'),
  `${JSON.stringify(
    {
      name: '@waybill/cli',
      version: manifest.version,
      description: manifest.description,
      license: manifest.license,
      type: 'commonjs',
      bin: { waybill: 'dist/cli.js' },
      engines: { node: '>=22.15' },
      files: ['dist', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt'],
    },
    null,
    2,
  )}\n`,
);
execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], {
  cwd: stage,
  stdio: ['ignore', 'ignore', 'inherit'],
});
rmSync(stage, { recursive: true, force: true });
rmSync(join(root, 'THIRD-PARTY-NOTICES.txt'));

for (const file of readdirSync(out).toSorted()) {
  const path = join(out, file);
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  console.log(`${file}  ${(statSync(path).size / 1e6).toFixed(2)} MB  sha256:${digest}`);
}
