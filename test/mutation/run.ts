// SPDX-License-Identifier: Apache-2.0
// Sends mutants to a worker, which is started again where one makes the rules run without end.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../testbed/paths.ts';
import type { Mutant } from './mutants.ts';
import type { Answer, Job } from './worker.ts';

/** Far more than all tests of the rules take. */
const LONGEST = 60_000;

export class Mutation {
  #worker: Worker | null = null;
  /** Tests that fail without a mutant, and so are left out. */
  failing: readonly string[] = [];

  async #started(): Promise<Worker> {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: { mutation: true } });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', ({ failing }: { failing: readonly string[] }) => {
        this.failing = failing;
        resolve();
      });
      worker.once('error', reject);
    });
    worker.removeAllListeners('error');
    this.#worker = worker;
    return worker;
  }

  async judge(job: Job): Promise<Answer> {
    const worker = await this.#started();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#worker = null;
        void worker.terminate();
        resolve({ verdict: 'killed', by: 'it never ends' });
      }, LONGEST);
      worker.once('error', reject);
      worker.once('message', (answer: Answer) => {
        clearTimeout(timer);
        worker.removeAllListeners('error');
        resolve(answer);
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(job);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}

export interface RuleFile {
  readonly id: string;
  readonly url: string;
  readonly source: string;
}

/** The files of all rules, by id. */
export function ruleFiles(): readonly RuleFile[] {
  return ['dockerfile', 'apko', 'melange'].flatMap((language) => {
    const folder = join(projectRoot, 'src', 'core', 'rules', language);
    return readdirSync(folder)
      .filter((name) => /^WB\d{4}-.*\.ts$/.test(name))
      .toSorted()
      .map((name) => ({
        id: name.slice(0, 6),
        url: pathToFileURL(join(folder, name)).href,
        source: readFileSync(join(folder, name), 'utf8'),
      }));
  });
}

export interface Equivalent {
  readonly rule: string;
  readonly code: string;
  readonly change: string;
  readonly nth: number;
  readonly reason: string;
}

/** Mutants that no test can tell from the rule, each with the reason. */
export function equivalents(): readonly Equivalent[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8')) as Equivalent[];
}

export function isListed(list: readonly Equivalent[], rule: string, { code, change, nth }: Mutant): boolean {
  return list.some((each) => each.rule === rule && each.code === code && each.change === change && each.nth === nth);
}
