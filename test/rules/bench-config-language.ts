// SPDX-License-Identifier: Apache-2.0
// How long completion and hover take in a melange file: for scripts/bench.mjs.
import { NO_WORKSPACE } from '../../src/core/config-language/model.ts';
import { createConfigLanguage } from '../../src/core/config-language/service.ts';
import { melangeFile } from './bench-config.ts';

const ROUNDS = 150;
/** The first rounds warm the compiler up, as the first keystrokes do. */
const WARM_UP = 30;

/** Milliseconds at the 95th percentile; every round is another text, asked at another place, so that nothing is reused. */
export function benchConfigLanguage(lines: number): { readonly completion: number; readonly hover: number } {
  const text = melangeFile(lines, 1);
  const p95 = (ask: (changed: string, offset: number) => unknown): number => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const offset = (round * 7919) % text.length;
      const changed = `${text.slice(0, offset)}x${text.slice(offset)}`;
      const started = performance.now();
      ask(changed, offset + 1);
      if (round >= WARM_UP) times.push(performance.now() - started);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
  };
  return {
    completion: p95((changed, offset) => createConfigLanguage('melange', changed, NO_WORKSPACE).completions(offset)),
    hover: p95((changed, offset) => createConfigLanguage('melange', changed, NO_WORKSPACE).hover(offset)),
  };
}
