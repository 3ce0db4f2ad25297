// SPDX-License-Identifier: Apache-2.0
import type { PlacedText } from './scalar.ts';

/** Blocks and brackets inside each other; what is deeper is no bake file. */
const MAX_DEPTH = 100;
const NAME = /[A-Za-z_][\w-]*/y;
const HEREDOC = /<<(-?)([A-Za-z_][\w-]*)[ \t]*(\r?\n)/y;

/**
 * The `dockerfile-inline` texts of the targets of a bake file in HCL. Only as much is read as is certain: texts and
 * heredocs without anything that Bake fills in. A file that is no HCL has none, or those in front of what is wrong.
 */
export function inlineDockerfiles(file: string): readonly PlacedText[] {
  const found: PlacedText[] = [];
  let at = 0;
  let depth = 0;
  /** Depth at which the target's own settings stand; 0 outside of one. */
  let target = 0;
  /** The words since the last line end or brace. */
  let words: string[] = [];
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(file);
  };
  while (at < file.length && depth <= MAX_DEPTH) {
    const character = file.charAt(at);
    const wanted = target > 0 && depth === target && words.join(' ') === 'dockerfile-inline =';
    if (character === '#' || file.startsWith('//', at)) at = endOf(file, '\n', at);
    else if (file.startsWith('/*', at)) at = endOf(file, '*/', at + 2) + 2;
    else if (character === '"') {
      const text = quoted(file, at);
      if (text === null) return found;
      if (wanted && endsHere(file, text.end)) push(found, text.placed);
      at = text.end;
      words.push('"');
    } else if (file.startsWith('<<', at)) {
      const head = take(HEREDOC);
      const text = head === null ? null : heredoc(file, at + head[0].length, head);
      if (text === null) return found;
      if (wanted) push(found, text.placed);
      at = text.end;
      words = [];
    } else if ('{[('.includes(character)) {
      depth++;
      if (character === '{' && depth === 1 && words[0] === 'target' && words.length === 2) target = 1;
      words = [];
      at++;
    } else if ('}])'.includes(character)) {
      depth--;
      if (depth < target) target = 0;
      words = [];
      at++;
    } else if (character === '\n') {
      words = [];
      at++;
    } else if (/[ \t\r]/.test(character)) at++;
    else {
      const word = take(NAME)?.[0] ?? character;
      words.push(word);
      at += word.length;
    }
  }
  return found;
}

function push(found: PlacedText[], placed: PlacedText | null): void {
  // Bake fills these in: what the Dockerfile will be is not known.
  if (placed !== null && !/[$%]\{/.test(placed.text)) found.push(placed);
}

function endOf(file: string, mark: string, from: number): number {
  const at = file.indexOf(mark, from);
  return at < 0 ? file.length : at;
}

/** True where nothing but a comment follows on the line: what goes on is an expression. */
function endsHere(file: string, at: number): boolean {
  return /^[ \t]*(?:\r?\n|$|#|\/\/|\/\*|\})/.test(file.slice(at, at + 200));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

interface Read {
  /** Null where its characters have no places of their own. */
  readonly placed: PlacedText | null;
  readonly end: number;
}

function quoted(file: string, start: number): Read | null {
  let text = '';
  let plain = true;
  const places: number[] = [];
  for (let at = start + 1; at < file.length; at++) {
    const character = file.charAt(at);
    if (character === '"') {
      return { placed: plain ? { text, places: [...places, at], writing: { how: 'quoted' } } : null, end: at + 1 };
    }
    if (character === '\n') return null;
    places.push(at);
    if (/^[$%]\{/.test(file.slice(at, at + 2))) {
      plain = false;
      at = endOfTemplate(file, at + 2) - 1;
      continue;
    }
    if (character !== '\\') {
      text += character;
      continue;
    }
    const escaped = ESCAPES[file.charAt(++at)];
    if (escaped === undefined) plain = false;
    text += escaped ?? '';
  }
  return null;
}

/** Behind the brace that closes what Bake fills in, with texts of its own in it. */
function endOfTemplate(file: string, start: number): number {
  let depth = 1;
  for (let at = start; at < file.length; at++) {
    const character = file.charAt(at);
    if (character === '\n') return at;
    if (character === '"') {
      while (at + 1 < file.length && !'"\n'.includes(file.charAt(at + 1))) at += file.charAt(at + 1) === '\\' ? 2 : 1;
      at++;
    } else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return file.length;
}

/** The lines up to the one that is the delimiter alone; with `<<-` their common indentation is left out. */
function heredoc(file: string, start: number, [, dash, delimiter, newline = '\n']: RegExpExecArray): Read | null {
  const lines: { readonly start: number; readonly end: number }[] = [];
  for (let at = start; at < file.length;) {
    const lineEnd = endOf(file, '\n', at);
    const line = file.slice(at, lineEnd).replace(/\r$/, '');
    if (line.trim() === delimiter) {
      const indents = lines
        .map((each) => indentOf(file.slice(each.start, each.end)))
        .filter((indent) => indent !== null);
      const width = dash === '-' && indents.length > 0 ? Math.min(...indents) : 0;
      return { placed: joined(file, lines, width, at, newline), end: lineEnd };
    }
    lines.push({ start: at, end: at + line.length });
    at = lineEnd + 1;
  }
  return null;
}

/** Blanks in front of a line; null for one that holds nothing else. */
function indentOf(line: string): number | null {
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return indent === line.length ? null : indent;
}

function joined(
  file: string,
  lines: readonly { readonly start: number; readonly end: number }[],
  width: number,
  end: number,
  newline: string,
): PlacedText {
  let text = '';
  const places: number[] = [];
  for (const line of lines) {
    const start = Math.min(line.start + width, line.end);
    text += `${file.slice(start, line.end)}\n`;
    for (let at = start; at <= line.end; at++) places.push(at);
  }
  const first = lines[0];
  const indent = first === undefined ? '' : file.slice(first.start, Math.min(first.start + width, first.end));
  return { text, places: [...places, end], writing: { how: 'block', indent, newline } };
}
