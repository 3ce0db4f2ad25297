// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Rule {
  readonly folder: string;
  readonly pattern: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

const MAX_RULES = 10_000;
const MAX_PATTERN = 1_000;

/** A .gitignore pattern as a regular expression over the path relative to its folder. Stars never nest, so it stays linear enough. */
function compile(pattern: string): RegExp {
  const anchored = pattern.slice(0, -1).includes('/');
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  let source = '';
  for (let i = 0; i < body.length; i++) {
    const character = body.charAt(i);
    if (body.startsWith('**/', i) && (i === 0 || body.charAt(i - 1) === '/')) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (body.startsWith('**', i)) {
      source += '.*';
      while (body.charAt(i + 1) === '*') i++;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = body.indexOf(']', i + 2);
      if (end < 0) source += '\\[';
      else {
        const inner = body
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replaceAll('\\', '\\\\')
          .replaceAll('[', '\\[');
        source += `[${inner}]`;
        i = end;
      }
    } else {
      if (character === '\\') i++;
      source += body.charAt(i).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`);
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
    for (const line of text.split(/\r?\n/)) {
      const trimmed = line.replace(/(?<!\\)\s+$/, '');
      if (trimmed === '' || trimmed.startsWith('#') || trimmed.length > MAX_PATTERN) continue;
      const negated = trimmed.startsWith('!');
      const pattern = negated ? trimmed.slice(1) : trimmed;
      try {
        added.push({ folder, pattern: compile(pattern), negated, foldersOnly: pattern.endsWith('/') });
      } catch {
        // A pattern that no engine can read matches nothing, as in git.
      }
    }
    return new IgnoreRules([...this.#rules, ...added].slice(-MAX_RULES));
  }

  ignores(absolute: string, isFolder: boolean): boolean {
    const rule = this.#rules.findLast(({ folder, pattern, foldersOnly }) => {
      if (foldersOnly && !isFolder) return false;
      return pattern.test(relative(folder, absolute).split(sep).join('/'));
    });
    return rule !== undefined && !rule.negated;
  }
}
