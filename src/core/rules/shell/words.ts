// SPDX-License-Identifier: Apache-2.0
import type { ShellList, ShellWord } from './model.ts';
import type { PlacedText } from './placed-text.ts';

/** Collects one word while it is read. */
export class WordBuilder {
  readonly #script: PlacedText;
  readonly #indices: number[] = [];
  readonly #parts: string[] = [];
  readonly #start: number;
  literal = true;
  /** True where a part of it was quoted or escaped: such a word is never reserved. */
  quoted = false;
  readonly substitutions: ShellList[] = [];

  constructor(script: PlacedText, start: number) {
    this.#script = script;
    this.#start = start;
  }

  /** Take the characters from `start` to `end` of the script as they are. */
  take(start: number, end: number): void {
    this.#parts.push(this.#script.text.slice(start, end));
    for (let at = start; at < end; at++) this.#indices.push(at);
  }

  finish(end: number): ShellWord {
    const value = this.#parts.join('');
    const { literal, substitutions } = this;
    const [script, indices] = [this.#script, this.#indices];
    return {
      value,
      literal,
      span: script.span(this.#start, end),
      placed: () => script.pick(value, indices),
      substitutions,
    };
  }
}
