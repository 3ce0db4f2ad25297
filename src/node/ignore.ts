// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Rule {
  readonly folder: string;
  readonly steps: readonly Step[];
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

const MAX_RULES = 10_000;
const MAX_PATTERN = 1_000;

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t-\\r',
  upper: 'A-Z',
  xdigit: '0-9a-fA-F',
};

/** `[a-c]`, `[!x]`, `[[:alpha:]]` as a regular expression, and where it ends; null where no bracket closes it. */
function characterSet(body: string, start: number): { readonly source: string; readonly end: number } | null {
  let at = start + 1;
  const negated = body.charAt(at) === '!' || body.charAt(at) === '^';
  if (negated) at++;
  let inner = '';
  for (const first = at; at < body.length; at++) {
    const character = body.charAt(at);
    if (character === ']' && at > first) return { source: `[${negated ? '^/' : ''}${inner}]`, end: at };
    const named = /^\[:([a-z]+):\]/.exec(body.slice(at, at + 12));
    if (named !== null) {
      inner += CLASSES[named[1] ?? ''] ?? '';
      at += named[0].length - 1;
    } else if (character === '\\' && at + 1 < body.length) {
      at++;
      inner += body.charAt(at).replace(/[^a-zA-Z0-9]/, '\\$&');
    } else {
      inner += /[\\\]^[]/.test(character) ? `\\${character}` : character;
    }
  }
  return null;
}

/** One step of a pattern: a character, any run of them, any folders (in two halves), or the rest of the path. */
interface Step {
  readonly kind: 'one' | 'star' | 'folders' | 'folder' | 'rest';
  /** For `one`: whether it takes the character. */
  readonly takes?: (character: string) => boolean;
}

const notSlash = (character: string): boolean => character !== '/';
const FOLDERS: readonly Step[] = [{ kind: 'folders' }, { kind: 'folder' }];

/** The steps of a .gitignore pattern over the path relative to its folder. */
function stepsOf(pattern: string): readonly Step[] {
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  const steps: Step[] = anchored ? [] : [...FOLDERS];
  for (let i = 0; i < body.length; i++) {
    const character = body.charAt(i);
    const begins = i === 0 || body.charAt(i - 1) === '/';
    const set = character === '[' ? characterSet(body, i) : null;
    if (begins && body.startsWith('**/', i)) {
      steps.push(...FOLDERS);
      i += 2;
    } else if (begins && body.slice(i) === '**') {
      steps.push({ kind: 'one', takes: () => true }, { kind: 'rest' });
      break;
    } else if (character === '*') {
      if (steps.at(-1)?.kind !== 'star') steps.push({ kind: 'star' });
    } else if (character === '?') {
      steps.push({ kind: 'one', takes: notSlash });
    } else if (set !== null) {
      const expression = new RegExp(set.source);
      steps.push({ kind: 'one', takes: (each) => expression.test(each) });
      i = set.end;
    } else {
      if (character === '\\') i++;
      const literal = body.charAt(i);
      steps.push({ kind: 'one', takes: (each) => each === literal });
    }
  }
  return steps;
}

/**
 * Whether the steps take all of the path, by following every possibility at once: the work is at most steps times
 * characters, whatever a hostile pattern looks like.
 */
function matches(steps: readonly Step[], path: string): boolean {
  let current = new Set<number>();
  const enter = (states: Set<number>, at: number): void => {
    if (states.has(at)) return;
    states.add(at);
    const kind = steps[at]?.kind;
    if (kind === 'star' || kind === 'rest') enter(states, at + 1);
    // `folders` may match nothing: on to what stands behind its second half.
    if (kind === 'folders') enter(states, at + 2);
  };
  enter(current, 0);
  for (const character of path) {
    const next = new Set<number>();
    for (const at of current) {
      const step = steps[at];
      if (step === undefined) continue;
      if (step.kind === 'one') {
        if (step.takes?.(character) === true) enter(next, at + 1);
      } else if (step.kind === 'rest') enter(next, at);
      else if (step.kind === 'star') {
        if (character !== '/') enter(next, at);
      } else if (step.kind === 'folders') {
        if (character !== '/') enter(next, at + 1);
      } else enter(next, character === '/' ? at - 1 : at);
    }
    if (next.size === 0) return false;
    current = next;
  }
  return current.has(steps.length);
}

/** Git compares bytes: `?` is one of them, and é has two. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The .gitignore files that apply at a folder; later rules win over earlier ones, as in git. */
export class IgnoreRules {
  readonly #rules: readonly Rule[];

  constructor(rules: readonly Rule[] = []) {
    this.#rules = rules;
  }

  /** These rules and those of the .gitignore of `folder`. */
  with(folder: string): IgnoreRules {
    let text: string;
    try {
      text = readFileSync(join(folder, '.gitignore'), 'utf8');
    } catch {
      return this;
    }
    const added: Rule[] = [];
    for (const line of text.split(/\r?\n|\r$/)) {
      if (line.length > MAX_PATTERN) continue;
      // Only blanks: a tab at the end is part of the pattern to git.
      const trimmed = line.replace(/(?<!\\) +$/, '');
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      const negated = trimmed.startsWith('!');
      const pattern = negated ? trimmed.slice(1) : trimmed;
      try {
        added.push({ folder, steps: stepsOf(bytes(pattern)), negated, foldersOnly: pattern.endsWith('/') });
      } catch {
        // A pattern that no engine can read matches nothing, as in git.
      }
    }
    return new IgnoreRules([...this.#rules, ...added].slice(-MAX_RULES));
  }

  ignores(absolute: string, isFolder: boolean): boolean {
    let from = '';
    let path = '';
    const rule = this.#rules.findLast(({ folder, steps, foldersOnly }) => {
      if (foldersOnly && !isFolder) return false;
      if (folder !== from) {
        from = folder;
        path = bytes(relative(folder, absolute).split(sep).join('/'));
      }
      return matches(steps, path);
    });
    return rule !== undefined && !rule.negated;
  }
}
