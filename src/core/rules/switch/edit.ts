// SPDX-License-Identifier: Apache-2.0
// Where another image is written into a FROM: name and tag apart, variables kept, an ARG followed to its value.
import type { BaseVariable, DockerfileFacts, Stage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse.ts';
import { formatImageReference, type ImageReference } from '../../model/image-reference.ts';
import { applyEdits, type TextEdit } from '../../text/edit.ts';
import { imageUses } from '../image-uses.ts';
import { usedElsewhere } from '../pin.ts';

/** Text that a reference is written in, what variables hold put in as NUL, with its place in the file. */
interface Place {
  readonly text: string;
  readonly start: number;
  readonly variables: readonly BaseVariable[];
}

/** A value with nothing in it that a shell or a continued line would make something else of, in its quotes. */
const VALUE = /^(["']?)([\w./:-]+)\1$/;
const isPlain = (text: string): boolean => /^[\w./:\0-]+$/.test(text);

/** As people write it: `node:24`, not `docker.io/library/node:24`. */
export function shortReference(reference: ImageReference): string {
  return formatImageReference(reference).replace(/^docker\.io\/(?:library\/)?/, '');
}

/**
 * The edits that make the base of a stage another image, and change nothing else that a builder sees; null where the
 * reference is written in a way that leaves no such place.
 */
export function baseEdits(facts: DockerfileFacts, stage: Stage, target: ImageReference): readonly TextEdit[] | null {
  if (stage.base.kind !== 'image') return null;
  const place = placeOf(facts, stage);
  if (place === null || !isPlain(place.text)) return null;
  const old = stage.base.reference;
  const colon = place.text.indexOf(':', place.text.lastIndexOf('/') + 1);
  const name = colon < 0 ? place.text : place.text.slice(0, colon);
  const edits: TextEdit[] = [];
  if (old.registry !== target.registry || old.repository !== target.repository) {
    if (name.includes('\0')) return null;
    const newText = shortReference({ ...target, tag: null, digest: null });
    edits.push({ span: { start: place.start, end: place.start + name.length }, newText });
  }
  if (colon < 0) {
    const end = place.start + place.text.length;
    if (name.includes('\0') || target.tag === null) return null;
    edits.push({ span: { start: end, end }, newText: `:${target.tag}` });
  } else if (old.tag !== target.tag) {
    const edit = tagEdit(facts, place, colon + 1, old.tag ?? '', target.tag ?? '');
    if (edit === null) return null;
    edits.push(edit);
  }
  return changesOnly(facts, stage, target, edits) ? edits : null;
}

/** Where the reference is written: in FROM, or as the value of the one ARG that all of it comes from. */
function placeOf(facts: DockerfileFacts, stage: Stage): Place | null {
  const { baseSpan, variables } = stage;
  let text = facts.source.slice(baseSpan);
  for (const { span } of variables) {
    const [from, to] = [span.start - baseSpan.start, span.end - baseSpan.start];
    text = text.slice(0, from) + '\0'.repeat(to - from) + text.slice(to);
  }
  const [only] = variables;
  if (only === undefined || variables.length > 1 || !/^\0+$/.test(text)) {
    return { text, start: baseSpan.start, variables };
  }
  return valueOf(facts, only);
}

/** The value of an ARG, where it is plain and says nothing but this image. */
function valueOf(facts: DockerfileFacts, { name, span, definition }: BaseVariable): Place | null {
  const written = facts.source.slice(span);
  if (definition === null || definition.valueSpan === null || (written !== `$${name}` && written !== `\${${name}}`))
    return null;
  const [, quote = '', text] = VALUE.exec(facts.source.slice(definition.valueSpan)) ?? [];
  if (text === undefined || usedElsewhere(facts, definition)) return null;
  return { text, start: definition.valueSpan.start + quote.length, variables: [] };
}

/** Changes the end of a tag where its beginning stays, so that a variable in it is kept; else the value of the variable. */
function tagEdit(facts: DockerfileFacts, place: Place, from: number, old: string, next: string): TextEdit | null {
  const written = place.text.slice(from);
  if (!written.includes('\0')) {
    return { span: { start: place.start + from, end: place.start + place.text.length }, newText: next };
  }
  const [, literal = ''] = /([^\0]*)$/.exec(written) ?? [];
  // `10.0` stays of `10.0-noble`: whatever the variable holds is in front of the literal end.
  let same = 0;
  while (same < old.length && same < next.length && old[same] === next[same]) same++;
  const end = place.start + place.text.length;
  const removed = old.length - same;
  if (removed <= literal.length) {
    return { span: { start: end - removed, end }, newText: next.slice(same) };
  }
  const variable = place.variables.find(({ span }) => span.start === place.start + from && span.end === end);
  if (variable === undefined) return null;
  const value = valueOf(facts, variable);
  if (value === null || value.text !== old) return null;
  return { span: { start: value.start, end: value.start + old.length }, newText: next };
}

/** True where the edits give this stage the target and leave every other image and stage as it was. */
function changesOnly(
  facts: DockerfileFacts,
  stage: Stage,
  target: ImageReference,
  edits: readonly TextEdit[],
): boolean {
  const after = parseDockerfile(applyEdits(facts.source.text, edits));
  if (after.error !== null || after.stages.length !== facts.stages.length) return false;
  const [old, now] = [imageUses(facts), imageUses(after)];
  if (old.length !== now.length) return false;
  return now.every((use, i) => {
    const was = old[i];
    if (was === undefined || was.how !== use.how || was.stage?.index !== use.stage?.index) return false;
    const own = was.how === 'base' && was.stage?.index === stage.index;
    return formatImageReference(use.reference) === formatImageReference(own ? target : was.reference);
  });
}
