// SPDX-License-Identifier: Apache-2.0
// npm run bench: the only place where milliseconds are judged. Prints medians and writes docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { benchConfig } from '../test/rules/bench-config.ts';
import { benchConfigLanguage } from '../test/rules/bench-config-language.ts';
import { benchLint } from '../test/rules/bench-lint.ts';
import { benchAudit } from '../test/tools/bench-audit.ts';
import { benchConfigCli } from '../test/tools/bench-config-cli.ts';
import { benchEvidence, REGISTRIES } from '../test/tools/bench-evidence.ts';
import { benchLintCli } from '../test/tools/bench-lint-cli.ts';
import { benchGrid } from '../test/webview/bench-grid.ts';
import { root } from './lib/node24.mjs';

const RUNS = 5;
/** Alternating pairs of an audit by hand and one by Waybill. */
const PAIRS = 7;
/** The same for lint, where hadolint takes its time. */
const LINT_PAIRS = 3;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** One row: what, its figure, its unit, its limit, and what it is the median of. */
const row = (what, value, unit, limit, of = '') => ({ what, value, unit, limit, of });

execFileSync(process.execPath, ['esbuild.js', '--minify'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

function lintRows() {
  const keystroke = (lines, limit) => {
    const runs = Array.from({ length: RUNS }, () => benchLint(lines));
    const p95 = median(runs.map((run) => run.p95));
    return row(`lint of a ${lines}-line Dockerfile, all rules, p95`, p95, 'ms', limit, `${RUNS} runs`);
  };
  return [keystroke(300, 5), keystroke(3000, 40)];
}

async function lintCliRows() {
  const { waybillMs, hadolintMs, peak } = await benchLintCli(LINT_PAIRS);
  const of = `${LINT_PAIRS} alternating pairs`;
  return [
    row('lint of 1,000 Dockerfiles by waybill lint', waybillMs / 1000, 's', null, of),
    row('lint of the same files by hadolint 2.15.1', hadolintMs / 1000, 's', null, of),
    row('waybill lint against hadolint', waybillMs / hadolintMs, 'times', 1 / 15, of),
    row('peak memory of waybill lint over 1,000 files', peak, 'MB', 200),
  ];
}

async function configRows() {
  const p95 = median(Array.from({ length: RUNS }, () => benchConfig(1500).p95));
  const asked = Array.from({ length: RUNS }, () => benchConfigLanguage(1500));
  const { waybillMs, goMs, ratio } = await benchConfigCli(RUNS);
  const of = `${RUNS} alternating pairs`;
  return [
    row('lint of a 1,500-line melange file, default rules, p95', p95, 'ms', 16, `${RUNS} runs`),
    row(
      'completion in a 1,500-line melange file, p95',
      median(asked.map((each) => each.completion)),
      'ms',
      10,
      `${RUNS} runs`,
    ),
    row('hover in a 1,500-line melange file, p95', median(asked.map((each) => each.hover)), 'ms', 10, `${RUNS} runs`),
    row('lint of 3,400 melange files by waybill lint', waybillMs / 1000, 's', null, of),
    row('ParseConfiguration of the same files in one process', goMs / 1000, 's', null, of),
    row('waybill lint against ParseConfiguration', ratio, 'times', 3, of),
  ];
}

async function gridRows() {
  const runs = await benchGrid(RUNS);
  return [
    row('first paint of 50,000 packages', median(runs.map(({ firstPaint }) => firstPaint)), 'ms', 100, `${RUNS} runs`),
    row('elements in the grid at 50,000 packages', Math.max(...runs.map(({ elements }) => elements)), '', 600),
  ];
}

async function auditRows() {
  const debian = await benchAudit('debian-app', PAIRS);
  const go = await benchAudit('goapp', PAIRS);
  const of = `${PAIRS} alternating pairs`;
  return [
    row('audit of debian-app by hand (syft, then grype)', debian.byHandMs / 1000, 's', null, of),
    row('audit of debian-app by waybill', debian.waybillMs / 1000, 's', null, of),
    row('waybill against by hand on debian-app', debian.ratio, 'times', 1.1, of),
    row('audit of goapp by hand', go.byHandMs / 1000, 's', null, of),
    row('audit of goapp by waybill', go.waybillMs / 1000, 's', null, of),
    row('more than by hand on goapp', go.moreMs / 1000, 's', 0.5, of),
  ];
}

async function evidenceRows() {
  const rows = [];
  for (const [kind, { chain }] of Object.entries(REGISTRIES)) {
    const measured = await benchEvidence(kind, RUNS);
    const what = `20 attestations in a registry with 50 ms latency, ${kind}`;
    rows.push(
      row(`${what}: requests that wait for one another`, measured.chain, '', chain, `${RUNS} runs`),
      row(`${what}: found and verified`, measured.wallMs, 'ms', null, `${RUNS} runs`),
      row(`${what}: verified from memory`, measured.memoryMs, 'ms', null, `${RUNS} runs`),
      row(`${what}: less the latency, against memory`, measured.ratio, 'times', 1.3, `${RUNS} runs`),
    );
  }
  return rows;
}

const kilobytes = (file) => statSync(join(root, 'dist', file)).size / 1000;
const compressed = (file) => gzipSync(readFileSync(join(root, 'dist', file)), { level: 9 }).length / 1000;

const sizeRows = () => [
  ...Object.entries({ 'extension.js': 300, 'audit.js': 300, 'cli.js': 350, 'panel.js': 150 }).map(([file, limit]) =>
    row(`dist/${file}`, kilobytes(file), 'kB', limit),
  ),
  row('dist/panel.js compressed', compressed('panel.js'), 'kB', 45),
  row('dist/policy.js', kilobytes('policy.js'), 'kB', null),
  row('dist/catalogue.js (data)', kilobytes('catalogue.js'), 'kB', 450),
  row('dist/catalogue.js compressed', compressed('catalogue.js'), 'kB', 90),
];

const rows = [
  ...lintRows(),
  ...(await lintCliRows()),
  ...(await configRows()),
  ...(await gridRows()),
  ...(await auditRows()),
  ...(await evidenceRows()),
  ...sizeRows(),
];

const figure = ({ value, unit }) => `${value.toFixed(unit === '' || unit === 'kB' ? 0 : 2)} ${unit}`.trim();
const limitOf = ({ limit, unit }) => (limit === null ? '' : `${Number(limit.toFixed(3))} ${unit}`.trim());
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
const table = [
  '| what | figure | limit | median of |',
  '| --- | --- | --- | --- |',
  ...rows.map((each) => `| ${each.what} | ${figure(each)} | ${limitOf(each)} | ${each.of} |`),
].join('\n');
const date = new Date().toISOString().slice(0, 10);
const section = `<!-- bench -->\n\n${date}, ${machine}.\n\n${table}\n\n<!-- /bench -->`;
const file = join(root, 'docs', 'benchmarks.md');
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(/<!-- bench -->[\s\S]*<!-- \/bench -->/, () => section),
);
// The formatter settles the widths of the table.
execFileSync(process.execPath, ['node_modules/oxfmt/bin/oxfmt', file], { cwd: root, stdio: 'ignore' });

console.log(machine);
for (const each of rows) console.log(`${each.what.padEnd(48)} ${figure(each).padStart(12)}  ${limitOf(each)}`);
const over = rows.filter(({ value, limit }) => limit !== null && value > limit);
for (const each of over) console.error(`over its limit: ${each.what} is ${figure(each)}, limit ${limitOf(each)}`);
process.exitCode = over.length === 0 ? 0 : 1;
