// SPDX-License-Identifier: Apache-2.0
// The test run itself, on Node 24. Every step runs whatever the earlier ones said; the last line counts all.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/node24.mjs';

const GROUPS = ['unit', 'portable', 'tools', 'integration', 'packages', 'all'];
const asked = process.argv.slice(2);
const wrong = asked.find((group) => !GROUPS.includes(group));
if (wrong !== undefined) {
  console.error(`Unknown group ${wrong}. Choose from ${GROUPS.join(', ')}.`);
  process.exit(2);
}
const groups = asked.length === 0 ? ['all'] : asked;
const wants = (group) => groups.includes('all') || groups.includes(group);

const begun = performance.now();
const scratch = mkdtempSync(join(tmpdir(), 'waybill-tests-'));
const totals = { passed: 0, failed: 0 };
const summary = [];

/** Children that a signal is passed on to; after one, no further step starts. */
const children = new Set();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) child.kill(signal);
  });
}

function exitCode(child) {
  children.add(child);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => {
      children.delete(child);
      resolve(code ?? 1);
    });
  });
}

const run = (args, env = {}, output = 'inherit') =>
  exitCode(
    spawn(process.execPath, args, { cwd: root, stdio: ['inherit', output, output], env: { ...process.env, ...env } }),
  );

/** One step; `work` answers its counts. A step that throws counts as one failure. */
async function step(name, work) {
  if (interrupted) return false;
  const started = performance.now();
  console.log(`\n== ${name}`);
  let counts;
  try {
    counts = await work();
  } catch (error) {
    console.error(`${name} could not run: ${error instanceof Error ? error.message : String(error)}`);
    counts = { passed: 0, failed: 1 };
  }
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  const seconds = (performance.now() - started) / 1000;
  summary.push({ name, ...counts, seconds });
  return counts.failed === 0;
}

const check = (args) => async () => ((await run(args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** Mocha over the test files of a folder; its output goes where `output` says. A run that ends without counts has failed. */
async function runMocha(folder, output) {
  const countsFile = join(scratch, `${folder}.jsonl`);
  const env = { WAYBILL_TEST_COUNTS: countsFile };
  const code = await run(['node_modules/mocha/bin/mocha.js', `test/${folder}/**/*.test.ts`], env, output);
  const lines = existsSync(countsFile) ? readFileSync(countsFile, 'utf8').trim().split('\n') : [];
  const counts = lines
    .map((line) => JSON.parse(line))
    .reduce((sum, each) => ({ passed: sum.passed + each.passed, failed: sum.failed + each.failed }), {
      passed: 0,
      failed: 0,
    });
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  return counts;
}

const mocha = (folder) => () => runMocha(folder, 'inherit');

/**
 * Starts a folder's tests now, beside the steps that follow: two VS Codes and two scanners each wait for themselves most
 * of the time. Answers the step's work, which waits for the end and shows what was said.
 */
function mochaBeside(folder) {
  const log = join(scratch, `${folder}.log`);
  const out = openSync(log, 'w');
  const ended = runMocha(folder, out);
  closeSync(out);
  return async () => {
    const counts = await ended;
    process.stdout.write(readFileSync(log, 'utf8'));
    return counts;
  };
}

/** A suite inside a real VS Code. */
const integration = (version, suite) => async () => {
  const { runIntegration } = await import('../test/integration/run.ts');
  return runIntegration({ version, extensionPath: root, suite });
};

/** Lower priorities are any process's own affair; raising one again needs root on Linux. */
function tryPriority(pid, priority) {
  try {
    setPriority(pid, priority);
  } catch {
    // The work is the same, only slower or less polite.
  }
}

/**
 * Starts the test bed's preparation beside the portable tests: it waits for the network and the compilers most of the
 * time. It yields to them, and what it says is shown when its turn comes. Answers the step's work.
 */
function prepareBeside() {
  const log = join(scratch, 'prepare.log');
  const out = openSync(log, 'w');
  const child = spawn(process.execPath, ['test/testbed/prepare.ts'], { cwd: root, stdio: ['ignore', out, out] });
  closeSync(out);
  if (child.pid !== undefined) tryPriority(child.pid, 10);
  const ended = exitCode(child);
  const work = async () => {
    const started = performance.now();
    let shown = 0;
    let quietSince = started;
    const show = () => {
      const text = readFileSync(log, 'utf8');
      process.stdout.write(text.slice(shown));
      const now = performance.now();
      if (text.length > shown) quietSince = now;
      else if (now - quietSince > 30_000) {
        quietSince = now;
        console.log(`…       still at it after ${((now - started) / 1000).toFixed(0)} s`);
      }
      shown = text.length;
    };
    if (child.pid !== undefined && child.exitCode === null) tryPriority(child.pid, 0);
    const timer = setInterval(show, 500);
    const code = await ended;
    clearInterval(timer);
    show();
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };
  return { ended, work };
}

const portable = wants('portable');
const real = wants('tools') || wants('integration') || wants('packages');
if (groups.includes('unit') && !portable && !real) {
  await step('unit', mocha('unit'));
} else {
  const bed = real ? prepareBeside() : undefined;
  const built = await step('build', check(['esbuild.js', '--minify']));
  const failed = () => ({ passed: 0, failed: 1 });
  let webview;
  if (portable) {
    webview = built
      ? import('../test/testbed/chromium.ts')
          // Its installation may take longer than a test may.
          .then(({ chromiumPath }) => chromiumPath())
          .then(() => mochaBeside('webview'))
      : Promise.resolve(failed);
    // What went wrong is said when its turn comes.
    webview.catch(() => undefined);
  }
  // Without its real parts a test could only fail late and unclearly: the missing part is the failure.
  const tools =
    wants('tools') && bed !== undefined
      ? bed.ended.then((code) => (code === 0 && built ? mochaBeside('tools') : failed))
      : undefined;
  if (portable) {
    await step('types', check(['scripts/typecheck.mjs']));
    await step('lint', check(['node_modules/oxlint/bin/oxlint', '--deny-warnings']));
    await step('format', check(['node_modules/oxfmt/bin/oxfmt', '--check', '.']));
    await step('unit', mocha('unit'));
    await step('rules', mocha('rules'));
    if (built) await step('contract', mocha('contract'));
  }
  const ready = bed !== undefined && (await step('test bed', bed.work)) && built;
  if (ready && wants('integration')) {
    await step('integration, newest VS Code', integration('newest', 'full'));
    // The packages' tests run the same suite in the oldest VS Code, from the unpacked .vsix.
    if (!wants('packages')) await step('integration, oldest VS Code', integration('oldest', 'smoke'));
  }
  if (ready && tools !== undefined) await step('tools', async () => (await tools)());
  if (webview !== undefined) await step('webview', async () => (await webview)());
  // Builds dist/ anew, so it comes when nothing else reads it.
  if (ready && wants('packages')) await step('packages', mocha('packages'));
}

rmSync(scratch, { recursive: true, force: true });
console.log('\n== summary');
for (const { name, passed, failed, seconds } of summary) {
  console.log(
    `${name.padEnd(30)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  );
}
const minutes = (performance.now() - begun) / 60_000;
console.log(`${'together'.padEnd(30)} ${minutes.toFixed(1)} minutes`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
if (interrupted) console.error('The run was interrupted, so this is not the whole of it.');
process.exitCode = totals.failed === 0 && !interrupted ? 0 : 1;
