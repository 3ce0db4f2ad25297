// SPDX-License-Identifier: Apache-2.0
import type { Fix, Suppression } from '../model/finding.ts';
import type { SourceText } from '../text/source-text.ts';

/**
 * `# waybill ignore=slug[,slug] [owner=NAME] [expires=YYYY-MM-DD] reason` in the comment lines directly above an
 * instruction, or below the parser directives for what is said of those. Without a reason it does not count: a suppression that nobody can explain is no decision.
 */
const COMMENT = /^#\s*waybill\s+ignore=([A-Za-z0-9_,-]+)(?:\s|$)/;
const OPTION = /^(owner|expires)=(\S+)$/;

interface IgnoreComment {
  readonly rules: ReadonlySet<string>;
  readonly suppression: Suppression;
}

/** A day that exists, as YYYY-MM-DD. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function parseComment(line: string): IgnoreComment | null {
  const match = COMMENT.exec(line);
  if (match === null) return null;
  const words = line
    .slice(match[0].length)
    .split(/\s+/)
    .filter((word) => word !== '');
  const options = new Map<string, string>();
  for (let option = OPTION.exec(words[0] ?? ''); option !== null; option = OPTION.exec(words[0] ?? '')) {
    options.set(option[1] ?? '', option[2] ?? '');
    words.shift();
  }
  const expires = options.get('expires') ?? null;
  // A day that nobody can read would never come: the comment does not count until it is put right.
  if (words.length === 0 || (expires !== null && !isDay(expires))) return null;
  return {
    rules: new Set((match[1] ?? '').split(',')),
    suppression: { by: 'comment', owner: options.get('owner') ?? null, reason: words.join(' '), expires },
  };
}

/** Where the comments for a finding stand. */
export interface CommentPlace {
  /** 1-based line in front of which a new comment goes. */
  readonly line: number;
  /** Comments are read upwards from that line, or downwards where parser directives have to stay first. */
  readonly direction: 'up' | 'down';
}

/** The suppression of a rule at a place, or null; one that has expired does not count. */
export function suppressionAt(
  source: SourceText,
  { line, direction }: CommentPlace,
  rule: { readonly id: string; readonly slug: string },
  today: string,
): Suppression | null {
  const step = direction === 'up' ? -1 : 1;
  for (let at = direction === 'up' ? line - 1 : line; at >= 1 && at <= source.lineCount; at += step) {
    const text = source.slice(source.lineSpan(at)).trimStart();
    if (!text.startsWith('#')) return null;
    const comment = parseComment(text);
    if (comment === null || !(comment.rules.has(rule.slug) || comment.rules.has(rule.id))) continue;
    const { expires } = comment.suppression;
    if (expires === null || expires >= today) return comment.suppression;
  }
  return null;
}

/** The edit that writes such a comment; the reason is left for a person to fill in. */
export function suppressFix(source: SourceText, { line }: CommentPlace, slug: string): Fix {
  const { start } = source.lineSpan(line);
  const indent = /^[ \t]*/.exec(source.slice(source.lineSpan(line)))?.[0] ?? '';
  const comment = `${indent}# waybill ignore=${slug} owner=NAME reason to fill in`;
  // Behind the last line there is no line end yet.
  const newText = line > source.lineCount ? `${source.newline}${comment}` : `${comment}${source.newline}`;
  return { title: `Ignore ${slug} here, with a reason`, edits: [{ span: { start, end: start }, newText }] };
}
