// SPDX-License-Identifier: Apache-2.0
// npm run bench: the only place where milliseconds are judged. Prints medians and writes docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchGrid } from '../test/webview/bench-grid.ts';
import { benchLint } from '../test/rules/bench-lint.ts';
import { root } from './lib/node24.mjs';

const RUNS = 5;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

execFileSync(process.execPath, ['esbuild.js', '--minify'], { cwd: root, stdio: 'inherit' });

const lint = Array.from({ length: RUNS }, () => benchLint());
const grid = await benchGrid(RUNS);
const kilobytes = (file) => statSync(join(root, 'dist', file)).size / 1000;

const rows = [
  ['lint of a 300-line Dockerfile, p95', `${median(lint.map((each) => each.p95)).toFixed(2)} ms`, '5 ms'],
  ['first paint of 50,000 packages', `${median(grid.map((each) => each.firstPaint)).toFixed(1)} ms`, '100 ms'],
  ['elements in the grid at 50,000 packages', String(Math.max(...grid.map((each) => each.elements))), '600'],
  ...[
    ['extension.js', 300],
    ['audit.js', 300],
    ['cli.js', 350],
    ['panel.js', 150],
  ].map(([file, limit]) => [`dist/${file}`, `${kilobytes(file).toFixed(0)} kB`, `${limit} kB`]),
];
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
const date = new Date().toISOString().slice(0, 10);
const existing = readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8');
const table = [
  '| what | median of 5 | limit |',
  '| --- | --- | --- |',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n');
const section = `<!-- bench -->\n${date}, ${machine}.\n\n${table}\n<!-- /bench -->`;
writeFileSync(
  join(root, 'docs', 'benchmarks.md'),
  existing.replace(/<!-- bench -->[\s\S]*<!-- \/bench -->/, () => section),
);
console.log(`${machine}\n${rows.map((row) => row.join('  ')).join('\n')}`);

const number = (text) => Number(text.split(' ')[0]);
const over = rows.filter(([, value, limit]) => number(value) > number(limit));
for (const [what, value, limit] of over) console.error(`over its limit: ${what} is ${value}, limit ${limit}`);
process.exitCode = over.length === 0 ? 0 : 1;
