// SPDX-License-Identifier: Apache-2.0
import type { ShellList, ShellWord } from './model.ts';
import type { PlacedText } from './placed-text.ts';

/** Collects one word while it is read. */
export class WordBuilder {
  readonly #script: PlacedText;
  /** Start and end of each stretch that was taken, one behind the other. */
  readonly #taken: number[] = [];
  #value = '';
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
    this.#value += this.#script.text.slice(start, end);
    this.#taken.push(start, end);
  }

  finish(end: number): ShellWord {
    const { literal, substitutions } = this;
    const [script, taken] = [this.#script, this.#taken];
    return {
      value: this.#value,
      literal,
      span: script.span(this.#start, end),
      placed: () => script.pick(taken),
      substitutions,
    };
  }
}
