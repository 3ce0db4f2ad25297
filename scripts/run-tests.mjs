// SPDX-License-Identifier: Apache-2.0
// The test run itself, on Node 24. Every step runs whatever the earlier ones said; the last line counts all.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const scratch = mkdtempSync(join(tmpdir(), 'waybill-tests-'));
const countsFile = join(scratch, 'counts.jsonl');
const totals = { passed: 0, failed: 0 };
const summary = [];

function run(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    const pass = (signal) => child.kill(signal);
    process.once('SIGINT', pass);
    process.once('SIGTERM', pass);
    child.on('close', (code) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
}

/** One step; `work` answers its counts. A step that throws counts as one failure. */
async function step(name, work) {
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

/** Mocha over the test files of some folders. A run that ends without counts has failed. */
const mocha =
  (...folders) =>
  async () => {
    rmSync(countsFile, { force: true });
    const specs = folders.map((folder) => `test/${folder}/**/*.test.ts`);
    const code = await run(['node_modules/mocha/bin/mocha.js', ...specs], { WAYBILL_TEST_COUNTS: countsFile });
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
  };

const portable = wants('portable');
if (groups.includes('unit') && !portable) {
  await step('unit', mocha('unit'));
} else {
  if (portable) {
    await step('types', check(['scripts/typecheck.mjs']));
    await step('lint', check(['node_modules/oxlint/bin/oxlint', '--deny-warnings']));
    await step('format', check(['node_modules/oxfmt/bin/oxfmt', '--check', '.']));
    await step('unit', mocha('unit'));
    await step('rules', mocha('rules'));
  }
  const built = await step('build', check(['esbuild.js', '--minify']));
  if (built) {
    if (portable) await step('contract', mocha('contract'));
    if (wants('tools') || wants('integration') || wants('packages')) {
      const ready = await step('test bed', async () => {
        const { prepareAll } = await import('../test/testbed/prepare.ts');
        await prepareAll();
        return { passed: 1, failed: 0 };
      });
      // Without its real parts a test could only fail late and unclearly: the missing part is the failure.
      if (ready) {
        if (wants('tools')) await step('tools', mocha('tools'));
        if (wants('integration')) {
          const { runIntegration } = await import('../test/integration/run.ts');
          await step('integration, newest VS Code', () =>
            runIntegration({ version: 'newest', extensionPath: root, suite: 'full' }),
          );
          await step('integration, oldest VS Code', () =>
            runIntegration({ version: 'oldest', extensionPath: root, suite: 'smoke' }),
          );
        }
        if (wants('packages')) await step('packages', mocha('packages'));
      }
    }
    if (portable) await step('webview', mocha('webview'));
  }
}

rmSync(scratch, { recursive: true, force: true });
console.log('\n== summary');
for (const { name, passed, failed, seconds } of summary) {
  console.log(
    `${name.padEnd(30)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  );
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
