// SPDX-License-Identifier: Apache-2.0
// Edits that write into blocks of YAML as people would. Each is null where the place is not one that is sure to hold it.
import type { TextEdit } from '../text/edit.ts';
import type { SourceText } from '../text/source-text.ts';
import { resolved, type GoNode } from '../yaml/go/node.ts';

const before = (source: SourceText, offset: number): string => {
  const { start } = source.lineSpan(source.positionAt(offset).line);
  return source.text.slice(start, offset);
};

/** Writes entries in front of the first key of a block; `lines` are theirs, indented from its margin. */
export function entriesInto(map: GoNode | null, source: SourceText, lines: readonly string[]): TextEdit | null {
  const [first] = map?.kind === 'map' && !map.flow ? map.items : [];
  if (first === undefined || first.kind !== 'scalar') return null;
  // The key stands behind its quote, if it has one, and behind nothing but the signs of lists.
  const lead = before(source, first.start);
  if (!/^ *(?:- +)*$/.test(lead)) return null;
  const pad = `${source.newline}${' '.repeat(lead.length)}`;
  return { span: { start: first.start, end: first.start }, newText: lines.map((line) => `${line}${pad}`).join('') };
}

/** Writes more entries at the end of a list, behind one that stands on a single line. */
export function itemInto(list: GoNode | null, source: SourceText, ...texts: readonly string[]): TextEdit | null {
  const last = list?.kind === 'list' ? list.items.at(-1) : undefined;
  if (list === null || last === undefined || last.kind !== 'scalar') return null;
  const { line } = source.positionAt(last.start);
  if (source.positionAt(last.end).line !== line || last.style === 'literal' || last.style === 'folded') return null;
  if (list.flow)
    return { span: { start: last.end, end: last.end }, newText: texts.map((text) => `, ${text}`).join('') };
  const dash = /^ *- /.exec(before(source, last.start))?.[0];
  const { end } = source.lineSpan(line);
  if (dash === undefined) return null;
  return { span: { start: end, end }, newText: texts.map((text) => `${source.newline}${dash}${text}`).join('') };
}

/** Takes away one entry of a block list that has its line to itself, unless it is the only one. */
export function withoutItem(list: GoNode | null, item: GoNode, source: SourceText): TextEdit | null {
  if (list?.kind !== 'list' || list.flow || list.items.length < 2) return null;
  const { line } = source.positionAt(item.start);
  const { start, end } = source.lineSpan(line);
  if (!/^\s*- +$/.test(source.text.slice(start, item.start))) return null;
  if (!/^\s*(?:#.*)?$/.test(source.text.slice(item.end, end))) return null;
  const next = line < source.lineCount ? source.lineSpan(line + 1).start : end;
  return { span: { start, end: next }, newText: '' };
}

/** Writes a block at the end of the file, where nothing but comments follows the document. */
export function blockAtEnd(root: GoNode | null, source: SourceText, lines: readonly string[]): TextEdit | null {
  const [first] = root?.kind === 'map' && !root.flow ? root.items : [];
  if (root === null || first === undefined || before(source, first.start).replace(/^\ufeff/, '') !== '') return null;
  const { text, newline } = source;
  const rest = text.slice(Math.max(root.end, 0)).split(/\r\n|\r|\n/);
  if (rest.some((line, i) => i > 0 && !/^\s*(?:#|$)/.test(line))) return null;
  const lead = /[\r\n]$/.test(text) ? '' : newline;
  const newText = `${lead}${lines.join(newline)}${newline}`;
  return { span: { start: text.length, end: text.length }, newText };
}

/** Puts `added` behind the first `length` characters of a scalar that is written as it reads. */
export function insideScalar(node: GoNode, source: SourceText, length: number, added: string): TextEdit | null {
  const { value, start, end, style } = resolved(node);
  if (node.kind !== 'scalar' || style === 'literal' || style === 'folded') return null;
  const quote = style === 'plain' ? 0 : 1;
  if (source.text.slice(start + quote, end - quote) !== value) return null;
  const at = start + quote + length;
  return { span: { start: at, end: at }, newText: added };
}
