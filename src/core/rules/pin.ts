// SPDX-License-Identifier: Apache-2.0
// Where the digest of an image would be written. What the digest is only a registry knows, and it is asked elsewhere.
import type { ArgDefinition, BaseVariable, DockerfileFacts } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { formatImageReference, parseImageReference } from '../model/image-reference.ts';
import { applyEdits, type TextEdit } from '../text/edit.ts';
import { imageUses, type ImageUse } from './image-uses.ts';
import { isFloating } from './tags.ts';

/** An image whose digest can be written behind its tag. */
export interface Pin {
  /** What the registry is asked for, in full. */
  readonly reference: string;
  /** The same as people write it. */
  readonly shown: string;
  readonly registry: string;
  /** Offset behind the tag: in the reference, or in the ARG that all of the tag comes from. */
  readonly at: number;
}

const TRIAL = `sha256:${'0'.repeat(64)}`;

/** How the digest of an image is pinned; null where it has one, or where a digest could say something wrong. */
export function pinOf(facts: DockerfileFacts, use: ImageUse): Pin | null {
  const { registry, tag, digest } = use.reference;
  if (digest !== null || tag === null || registry === '' || isFloating(tag) || facts.error !== null) return null;
  const at = placeOf(facts, use);
  if (at === null || !changesOnly(facts, use, at)) return null;
  const reference = formatImageReference(use.reference);
  return { reference, shown: reference.replace(/^docker\.io\/(?:library\/)?/, ''), registry, at };
}

/** The edit that pins; null for what is no digest. */
export function pinEdit({ reference, at }: Pin, digest: string): TextEdit | null {
  return parseImageReference(`${reference}@${digest}`).ok
    ? { span: { start: at, end: at }, newText: `@${digest}` }
    : null;
}

function placeOf(facts: DockerfileFacts, use: ImageUse): number | null {
  const { source } = facts;
  const { start, end } = use.span;
  const written = source.slice(use.span);
  if (use.how === 'syntax') {
    const word = written.split(/\s/)[0] ?? '';
    return isPlain(word) ? start + word.length : null;
  }
  if (use.how === 'mount') {
    // The same characters may stand in another field of the mount.
    const before = source.slice({ start: Math.max(0, start - 'from='.length), end: start });
    return isPlain(written) && before.toLowerCase() === 'from=' ? end : null;
  }
  if (use.how === 'copy' || !written.includes('$')) return isPlain(written) ? end : null;
  return placeBehindVariables(facts, use, written);
}

/** A reference with nothing in it that a shell or a continued line would make something else of. */
const isPlain = (text: string): boolean => /^[\w./:-]+$/.test(text);

function placeBehindVariables(facts: DockerfileFacts, use: ImageUse, written: string): number | null {
  const variables = use.stage?.variables ?? [];
  let literal = written;
  for (const { span } of variables) {
    const [from, to] = [span.start - use.span.start, span.end - use.span.start];
    literal = literal.slice(0, from) + '\0'.repeat(to - from) + literal.slice(to);
  }
  const [only] = variables;
  if (only !== undefined && variables.length === 1 && /^\0+$/.test(literal)) return placeInArg(facts, only, written);
  // With another name out of an ARG the digest would be another's; the registry may be a mirror's.
  const [, name, tag] = /^(?:[\w./:\0-]*\/)?([\w.-]+):([\w.\0-]+)$/.exec(literal) ?? [];
  if (name === undefined || tag === undefined) return null;
  if (isPlain(tag)) return use.span.end;
  const last = variables.at(-1);
  const text = written.slice(written.length - tag.length);
  return last !== undefined && /^\0+$/.test(tag) && last.span.start === use.span.end - tag.length
    ? placeInArg(facts, last, text)
    : null;
}

/** Behind the value of the ARG, so that another tag given to the build does not meet this one's digest. */
function placeInArg(facts: DockerfileFacts, variable: BaseVariable, written: string): number | null {
  const { name, definition } = variable;
  if (definition === null || definition.valueSpan === null || !(written === `$${name}` || written === `\${${name}}`))
    return null;
  const value = facts.source.slice(definition.valueSpan);
  const quote = /^["']/.exec(value)?.[0] ?? '';
  const inner = value.slice(quote.length, value.length - quote.length);
  if (value !== `${quote}${inner}${quote}` || !isPlain(inner)) return null;
  return usedElsewhere(facts, definition) ? null : definition.valueSpan.end - quote.length;
}

/** True where the ARG also says something that is not the image: in a stage, or in another ARG. */
export function usedElsewhere({ stages, globalArgs, source }: DockerfileFacts, { name }: ArgDefinition): boolean {
  const mention = new RegExp(`\\$\\{?${name}(?![A-Za-z0-9_])`);
  if (globalArgs.some(({ span }) => mention.test(source.slice(span)))) return true;
  return stages.some(({ instructions }) =>
    instructions.some((written) => {
      const { keyword, words } = written.trigger ?? written;
      return keyword === 'ARG' && words.some(({ text }) => text.replace(/["']/g, '').split('=')[0] === name);
    }),
  );
}

/** True where a digest at this place gives it to this image, and to no other: all else is read as before. */
function changesOnly(facts: DockerfileFacts, use: ImageUse, at: number): boolean {
  const edit = { span: { start: at, end: at }, newText: `@${TRIAL}` };
  const after = parseDockerfile(applyEdits(facts.source.text, [edit]));
  const [old, now] = [imageUses(facts), imageUses(after)];
  if (after.error !== null || after.stages.length !== facts.stages.length || now.length !== old.length) return false;
  const asked = formatImageReference(use.reference);
  const same = now.every(({ how, reference }, i) => {
    const was = old[i];
    if (was === undefined || was.how !== how) return false;
    const [before, text] = [formatImageReference(was.reference), formatImageReference(reference)];
    return text === before || (before === asked && text === `${asked}@${TRIAL}`);
  });
  const index = old.findIndex(({ span }) => span.start === use.span.start);
  return same && now[index]?.reference.digest === TRIAL;
}
