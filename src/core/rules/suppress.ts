// SPDX-License-Identifier: Apache-2.0
import type { Fix, Suppression } from '../model/finding.ts';
import type { SourceText } from '../text/source-text.ts';

/**
 * `# waybill ignore=slug[,slug] [owner=NAME] [expires=YYYY-MM-DD] reason` in the comment lines directly above an
 * instruction. Without a reason it does not count: a suppression that nobody can explain is no decision.
 */
const COMMENT = /^\s*#\s*waybill\s+ignore=([A-Za-z0-9_,-]+)((?:\s+(?:owner|expires)=\S+)*)\s*(.*?)\s*$/;

interface IgnoreComment {
  readonly rules: ReadonlySet<string>;
  readonly suppression: Suppression;
}

function parseComment(line: string): IgnoreComment | null {
  const match = COMMENT.exec(line);
  const reason = match?.[3] ?? '';
  if (match === null || reason === '') return null;
  const options = match[2] ?? '';
  return {
    rules: new Set((match[1] ?? '').split(',')),
    suppression: {
      by: 'comment',
      owner: /owner=(\S+)/.exec(options)?.[1] ?? null,
      reason,
      expires: /expires=(\d{4}-\d{2}-\d{2})(?:\s|$)/.exec(options)?.[1] ?? null,
    },
  };
}

/** The suppression of a rule at a 1-based line, or null; one that has expired does not count. */
export function suppressionAt(
  source: SourceText,
  line: number,
  rule: { readonly id: string; readonly slug: string },
  today: string,
): Suppression | null {
  for (let above = line - 1; above >= 1; above--) {
    const text = source.slice(source.lineSpan(above));
    if (!text.trimStart().startsWith('#')) return null;
    const comment = parseComment(text);
    if (comment === null || !(comment.rules.has(rule.slug) || comment.rules.has(rule.id))) continue;
    const { expires } = comment.suppression;
    if (expires === null || expires >= today) return comment.suppression;
  }
  return null;
}

/** The edit that writes such a comment above a line; the reason is left for a person to fill in. */
export function suppressFix(source: SourceText, line: number, slug: string): Fix {
  const at = source.lineSpan(line).start;
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]*/.exec(source.slice(source.lineSpan(line)))?.[0] ?? '';
  return {
    title: `Ignore ${slug} here, with a reason`,
    edits: [
      {
        span: { start: at, end: at },
        newText: `${indent}# waybill ignore=${slug} owner=NAME reason to fill in${newline}`,
      },
    ],
  };
}
