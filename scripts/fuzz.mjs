// SPDX-License-Identifier: Apache-2.0
// npm run fuzz [-- SEED [DOCKERFILES POLICIES]]: 100,000 damaged Dockerfiles and 20,000 policies through the engine in a
// thread of their own, so that one that never ends is noticed and named. Exit 1 where one throws or hangs.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fuzzDockerfiles, fuzzPolicies } from '../test/support/fuzz.ts';

/** Seconds on one file after which the run is given up. */
const LONGEST = 120;

/* oxlint-disable unicorn/require-post-message-target-origin -- a thread, not a window */
async function work({ seed, dockerfiles, policies, state }) {
  const at = new Int32Array(state);
  let tried = '';
  const progress = (index, text) => {
    tried = text;
    Atomics.store(at, 0, index);
  };
  try {
    parentPort.postMessage({ what: 'Dockerfiles', ...(await fuzzDockerfiles(dockerfiles, seed, progress)) });
    parentPort.postMessage({ what: 'policies', ...(await fuzzPolicies(policies, seed, progress)) });
  } catch (error) {
    parentPort.postMessage({ failed: `${error instanceof Error ? error.stack : error}\n${JSON.stringify(tried)}` });
  }
}
/* oxlint-enable unicorn/require-post-message-target-origin */

function run() {
  const [seed = 1, dockerfiles = 100_000, policies = 20_000] = process.argv.slice(2).map(Number);
  const state = new SharedArrayBuffer(4);
  const at = new Int32Array(state);
  const worker = new Worker(new URL(import.meta.url), { workerData: { seed, dockerfiles, policies, state } });
  const fail = (why) => {
    console.error(why);
    process.exitCode = 1;
  };
  let [last, since] = [-1, Date.now()];
  const timer = setInterval(() => {
    const index = Atomics.load(at, 0);
    if (index !== last) [last, since] = [index, Date.now()];
    else if (Date.now() - since > LONGEST * 1000) {
      fail(`File ${index} of seed ${seed} does not end.`);
      void worker.terminate();
    }
  }, 1000);
  console.log(`seed ${seed}`);
  worker.on('message', ({ what, files, findings, fixed, median, max, hangs, failed }) => {
    if (failed !== undefined) return fail(failed);
    console.log(
      `${files} ${what}: ${findings} findings, ${fixed} fixed; median ${median.toFixed(2)} ms, longest ${max.toFixed(1)} ms, ${hangs.length} hang`,
    );
    for (const text of hangs) fail(`hangs: ${JSON.stringify(text.slice(0, 2000))}`);
  });
  worker.on('error', (error) => fail(String(error)));
  worker.on('exit', () => clearInterval(timer));
}

if (isMainThread) run();
else await work(workerData);
