// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts } from '../dockerfile/model.ts';
import type { SourceText, Span } from '../text/source-text.ts';

/** A place in a Dockerfile where the name of an image belongs. */
export interface ImagePlace {
  readonly how: 'base' | 'copy' | 'mount';
  /** The whole word that stands there, empty where none does yet. */
  readonly span: Span;
  /** What of it stands before the cursor. */
  readonly typed: string;
  /** Number of stages above: those that can be named here. */
  readonly stagesAbove: number;
}

const WORD = '[^\\s,"\']*';
/** What stands in front of the cursor, from the beginning of the instruction on. */
const BEFORE: readonly (readonly [ImagePlace['how'], RegExp])[] = [
  ['base', new RegExp(`^\\s*FROM\\s+(?:--\\w+=\\S*\\s+)*(?!--)(${WORD})$`, 'i')],
  ['copy', new RegExp(`^\\s*(?:ONBUILD\\s+)?COPY\\s(?:.*\\s)?--from=(${WORD})$`, 'i')],
  ['mount', new RegExp(`^\\s*(?:ONBUILD\\s+)?RUN\\s(?:.*\\s)?--mount=(?:[^\\s,]+,)*from=(${WORD})$`, 'i')],
];
/** More lines of one instruction are not looked at. */
const MAX_LINES = 50;

/** Where in the file an image is being written; null anywhere else. The file need not be whole. */
export function imagePlace(facts: DockerfileFacts, offset: number): ImagePlace | null {
  const { source } = facts;
  if (insideText(facts, offset)) return null;
  const before = instructionBefore(source, offset, facts.escape);
  if (before === null || /^\s*#/.test(before)) return null;
  for (const [how, pattern] of BEFORE) {
    const typed = pattern.exec(before)?.[1];
    if (typed === undefined) continue;
    const line = source.lineSpan(source.positionAt(offset).line);
    const rest = /^[^\s,"']*/.exec(source.text.slice(offset, line.end))?.[0] ?? '';
    const span = { start: offset - typed.length, end: offset + rest.length };
    const stagesAbove = facts.stages.filter(({ from }) => from.span.end < span.start).length;
    // Within a stage its own name is not yet one that can be taken from.
    return { how, span, typed, stagesAbove: how === 'base' ? stagesAbove : Math.max(stagesAbove - 1, 0) };
  }
  return null;
}

/** True inside a heredoc, whose lines are no instructions. */
function insideText({ stages }: DockerfileFacts, offset: number): boolean {
  return stages.some(({ instructions }) =>
    instructions.some(({ heredocs }) => heredocs.some(({ span }) => offset > span.start && offset < span.end)),
  );
}

/** The instruction up to the cursor, its continued lines put together; null where it is longer than anybody writes. */
function instructionBefore(source: SourceText, offset: number, escape: string): string | null {
  let { line } = source.positionAt(offset);
  let text = source.text.slice(source.lineSpan(line).start, offset);
  for (let read = 0; line > 1; read++) {
    const above = source.slice(source.lineSpan(line - 1)).trimEnd();
    if (!above.endsWith(escape)) return text;
    if (read >= MAX_LINES) return null;
    // A comment between continued lines is no part of them.
    if (!above.trimStart().startsWith('#')) text = `${above.slice(0, -1)} ${text}`;
    line--;
  }
  return text;
}
