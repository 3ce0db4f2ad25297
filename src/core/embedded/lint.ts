// SPDX-License-Identifier: Apache-2.0
import { lintDockerfile } from '../lint/dockerfile.ts';
import type { LintOptions, LintResult } from '../lint/engine.ts';
import type { Finding, Fix } from '../model/finding.ts';
import type { TextEdit } from '../text/edit.ts';
import { SourceText, type Span } from '../text/source-text.ts';
import type { EmbeddingKind } from './detect.ts';
import { embeddedParts, type EmbeddedPart } from './extract.ts';
import { written } from './scalar.ts';

/** What of a base also counts for an image that is only started. */
const OF_IMAGES: ReadonlySet<string> = new Set([
  'base-end-of-life',
  'base-ends-soon',
  'deprecated-repository',
  'digest-missing',
  'digest-tag-disagrees',
  'mutable-tag',
  'registry-not-allowed',
]);

/** Judge what a file of another tool holds; each finding stands where its text does. */
export function lintEmbedded(file: string, kind: EmbeddingKind, options: LintOptions): LintResult {
  const source = new SourceText(file);
  let error: LintResult['error'] = null;
  const findings: Finding[] = [];
  for (const part of embeddedParts(file, kind)) {
    const result = lintDockerfile(part.text, options);
    if (part.how === 'dockerfile' && result.error !== null && error === null) {
      const inner = new SourceText(part.text);
      const span = { start: inner.offsetAt(result.error.range.start), end: inner.offsetAt(result.error.range.end) };
      error = { message: result.error.message, range: source.rangeOf(placed(span, part)) };
    }
    for (const finding of result.findings) {
      if (part.name !== null && (!OF_IMAGES.has(finding.slug) || finding.span.start < part.name.start)) continue;
      findings.push(moved(finding, part, source));
    }
  }
  return { error, findings: findings.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end) };
}

function placed({ start, end }: Span, { places }: EmbeddedPart): Span {
  return { start: places[start] ?? 0, end: places[end] ?? 0 };
}

function moved(finding: Finding, part: EmbeddedPart, source: SourceText): Finding {
  const span = placed(finding.span, part);
  const { related, fixes = [] } = finding;
  return {
    ...finding,
    span,
    range: source.rangeOf(span),
    ...(related === undefined ? {} : { related: related.map((each) => ({ ...each, span: placed(each.span, part) })) }),
    fixes: fixes.map((fix) => movedFix(fix, part)).filter((fix) => fix !== null),
  };
}

/** The fix in the file's own writing; null where one of its edits cannot be written there. */
function movedFix(fix: Fix, part: EmbeddedPart): Fix | null {
  const edits = fix.edits.map((edit) => movedEdit(edit, part));
  return edits.every((edit) => edit !== null) ? { ...fix, edits } : null;
}

function movedEdit({ span, newText }: TextEdit, part: EmbeddedPart): TextEdit | null {
  const { name, text } = part;
  const above = name !== null && span.end < name.start;
  const writing = above ? name.above : part.writing;
  if (writing === null) return null;
  // Behind the last line end the next line is the file's own.
  if (writing.how === 'block' && !above && span.end === text.length && text.endsWith('\n')) return null;
  const inner = written(part.doubledDollars && !above ? newText.replaceAll('$', '$$$$') : newText, writing);
  if (inner === null) return null;
  return { span: placed(span, part), newText: inner };
}
