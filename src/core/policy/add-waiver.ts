// SPDX-License-Identifier: Apache-2.0
import type { TextEdit } from '../text/edit.ts';
import { SourceText } from '../text/source-text.ts';
import type { Given } from './parse.ts';
import type { WaiverEntry } from './schema.ts';

/** Who answers and why is left open: until a person fills it in, the waiver is a mistake and waives nothing. */
export interface WaiverSkeleton {
  readonly rule: string;
  /** Relative to the policy file. */
  readonly file: string;
  /** Last day on which it is to hold. */
  readonly expires: string;
}

/**
 * The edit that adds a waiver to the text of a policy file, behind those that are there. Null where its waivers are
 * written in one line, `[…]`, so that only a person can say how to go on.
 */
export function addWaiver(
  text: string,
  waivers: readonly Given<WaiverEntry>[],
  skeleton: WaiverSkeleton,
): TextEdit | null {
  const source = new SourceText(text);
  const { newline } = source;
  const last = waivers.at(-1);
  if (last !== undefined) {
    const dash = /^[ \t]*-[ \t]+/.exec(source.slice(source.lineSpan(last.range.start.line)))?.[0];
    // The entry has to begin right behind its dash: then the dash tells how far waivers are set in.
    if (dash === undefined || dash.length !== last.range.start.column - 1) return null;
    const trailing = text.slice(last.span.start, last.span.end).trimEnd().length;
    const { end } = source.lineSpan(source.positionAt(last.span.start + trailing).line);
    return insertion(end, `${newline}${entry(skeleton, /^[ \t]*/.exec(dash)?.[0] ?? '', newline)}`);
  }
  const key = /^waivers:[ \t]*(?:\[[ \t]*\][ \t]*)?(?=#|\r?$)/m.exec(text);
  if (key !== null) {
    const span = { start: key.index, end: key.index + key[0].length };
    const rest = text.slice(span.end, source.lineSpan(source.positionAt(span.end).line).end);
    return {
      span: { start: span.start, end: span.end + rest.length },
      newText: `waivers:${rest === '' ? '' : ` ${rest}`}${newline}${entry(skeleton, '  ', newline)}`,
    };
  }
  if (/^(?:waivers|"waivers"|'waivers')[ \t]*:/m.test(text)) return null;
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  return insertion(text.length, `${gap}waivers:${newline}${entry(skeleton, '  ', newline)}${newline}`);
}

function insertion(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText };
}

function entry({ rule, file, expires }: WaiverSkeleton, indent: string, newline: string): string {
  const lines = [
    `- rule: ${rule}`,
    '  scope:',
    `    files: [${JSON.stringify(file)}]`,
    '  owner:',
    '  reason:',
    `  expires: ${expires}`,
  ];
  return lines.map((line) => `${indent}${line}`).join(newline);
}

/** The end of an added waiver's `owner:`, where a person goes on writing; null where none is open. */
export function openOwner(text: string): number | null {
  const found = /^[ \t]+owner:(?=\r?$)/m.exec(text);
  return found === null ? null : found.index + found[0].length;
}
