// SPDX-License-Identifier: Apache-2.0
// One change each to what has to be accepted, with the reason that it has to be refused for.
import { MAIN, type Change } from './changes.ts';
import type { Recipe, World } from './fixtures.ts';
import { onEach } from './rejected-each.ts';
import { formChanges } from './rejected-forms.ts';
import { logChanges, oldEntryChanges, otherChanges } from './rejected-others.ts';
import { signerChanges } from './rejected-signers.ts';
import { wholeChanges } from './rejected-whole.ts';

/** Every change, in a fixed order. */
export function rejectedChanges(world: World, bases: Readonly<Record<string, Recipe>>): readonly Change[] {
  const common = MAIN.flatMap((base) => {
    const recipe = bases[base];
    if (recipe === undefined) throw new Error(`there is no fixture ${base}`);
    return onEach(world, base, recipe).map(([kind, what, changed, codes, root]): Change => ({
      ...{ kind, what, recipe: changed, code: codes[base] },
      base: base === 'key' && kind === 'expired' ? 'key, pinned for a time' : base,
      ...(root === undefined ? {} : { root }),
    }));
  });
  return [
    ...common,
    ...logChanges(world, bases),
    ...oldEntryChanges(world, bases),
    ...signerChanges(world, bases),
    ...formChanges(world, bases),
    ...otherChanges(world, bases),
    ...wholeChanges(world, bases),
  ];
}
