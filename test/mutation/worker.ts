// SPDX-License-Identifier: Apache-2.0
// Runs the rules' tests against mutants: each takes the place of its rule in the list that the engine goes through.
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Rule } from '../../src/core/rules/define.ts';
import { apkoRules, melangeRules } from '../../src/core/rules/config-index.gen.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { collect, type Test } from './suite.ts';

export interface Job {
  readonly rule: string;
  /** The rule's file as a URL; null switches the rule off instead. */
  readonly url: string | null;
  readonly source: string;
}

export interface Answer {
  /** `invalid`: the change is no program. */
  readonly verdict: 'killed' | 'survived' | 'invalid';
  /** The test that noticed, or what is wrong. */
  readonly by: string;
}

let source = '';
registerHooks({
  load(url, hookContext, next) {
    if (!url.includes('?mutant=')) return next(url, hookContext);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});

/** The list that holds a rule, and where. */
function place(id: string): { readonly list: Rule[]; readonly at: number } {
  for (const list of [dockerfileRules, apkoRules, melangeRules] as unknown as readonly Rule[][]) {
    const at = list.findIndex((rule) => rule.id === id);
    if (at >= 0) return { list, at };
  }
  throw new Error(`There is no rule ${id}.`);
}

let count = 0;

async function mutated(rule: Rule, job: Job): Promise<Rule> {
  if (job.url === null) return { ...rule, check: () => [] } as Rule;
  source = job.source;
  const module = (await import(`${job.url}?mutant=${++count}`)) as Record<string, unknown>;
  const found = Object.values(module).find((each) => (each as Partial<Rule> | null)?.id === rule.id);
  if (found === undefined) throw new SyntaxError('The rule is gone.');
  return found as Rule;
}

/** The first test that fails; those that name the rule run first. */
async function firstFailing(tests: readonly Test[], rule: string): Promise<string | null> {
  const own = tests.filter(({ title }) => title.includes(rule));
  for (const { title, run } of [...own, ...tests.filter((test) => !own.includes(test))]) {
    try {
      await run();
    } catch {
      return title;
    }
  }
  return null;
}

async function judge(tests: readonly Test[], job: Job): Promise<Answer> {
  const { list, at } = place(job.rule);
  const rule = list[at];
  if (rule === undefined) throw new Error(job.rule);
  try {
    list[at] = await mutated(rule, job);
  } catch (error) {
    return { verdict: 'invalid', by: String(error) };
  }
  try {
    const by = await firstFailing(tests, job.rule);
    return by === null ? { verdict: 'survived', by: '' } : { verdict: 'killed', by };
  } finally {
    list[at] = rule;
  }
}

if (parentPort !== null && (workerData as { mutation?: true } | null)?.mutation === true) {
  const port = parentPort;
  const tests: Test[] = [];
  const failing: string[] = [];
  for (const test of await collect()) {
    try {
      await test.run();
      tests.push(test);
    } catch {
      failing.push(test.title);
    }
  }
  port.on('message', (job: Job) => {
    void judge(tests, job).then((answer) => port.postMessage(answer));
  });
  // What fails without a mutant says nothing about one.
  port.postMessage({ failing });
}
