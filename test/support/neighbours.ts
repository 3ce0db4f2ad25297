// SPDX-License-Identifier: Apache-2.0
// What lies beside an example of a rule, for the engine.
import type { FileNeighbours, RuleExample } from '../../src/core/rules/define.ts';

/** Nothing is known of what an example does not name. */
export function neighboursOf(
  language: string,
  { files, head }: Pick<RuleExample, 'files' | 'head'>,
): { readonly neighbours?: FileNeighbours } {
  if (files === undefined && head === undefined) return {};
  return {
    neighbours: {
      name: language === 'apko' ? 'image.apko.yaml' : 'hello.yaml',
      sibling: (name) => (files === undefined ? undefined : (files[name] ?? null)),
      head: () => head,
    },
  };
}
