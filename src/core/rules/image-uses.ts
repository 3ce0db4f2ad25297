// SPDX-License-Identifier: Apache-2.0
import type { Base, DockerfileFacts, Instruction, Stage } from '../dockerfile/model.ts';
import { StageNames } from '../dockerfile/stages.ts';
import type { RelatedPlace } from '../model/finding.ts';
import {
  formatImageReference,
  parseImageReference,
  resolvedReference,
  type ImageReference,
} from '../model/image-reference.ts';
import type { SourceText, Span } from '../text/source-text.ts';

/** An image that a Dockerfile takes something from, with the place where it is written. */
export interface ImageUse {
  readonly how: 'base' | 'copy' | 'mount' | 'syntax';
  readonly reference: ImageReference;
  readonly resolved: string;
  readonly written: string;
  readonly span: Span;
  /** Null for `# syntax=`. */
  readonly stage: Stage | null;
}

function usesOf(
  how: ImageUse['how'],
  base: Base,
  written: string,
  span: Span,
  stage: Stage | null,
): readonly ImageUse[] {
  if (base.kind !== 'image') return [];
  return [{ how, reference: base.reference, resolved: base.resolved, written, span, stage }];
}

/** The `from` of a `--mount` and where it stands; null without one. */
function mountFrom(
  value: string,
  span: Span,
  source: SourceText,
): { readonly from: string; readonly span: Span } | null {
  const from = /(?:^|,)from=([^,]+)/i.exec(value)?.[1];
  if (from === undefined) return null;
  const at = source.slice(span).indexOf(from);
  return { from, span: at < 0 ? span : { start: span.start + at, end: span.start + at + from.length } };
}

function flagUses(instruction: Instruction, stage: Stage, names: StageNames, source: SourceText): readonly ImageUse[] {
  const taken = instruction.trigger ?? instruction;
  const uses: ImageUse[] = [];
  for (const { name, value, valueSpan } of taken.flags) {
    if (value === null || value === '' || valueSpan === null) continue;
    if (taken.keyword === 'COPY' && name === 'from') {
      // Variables are not expanded here, and a number names a stage.
      if (!value.includes('$') && !/^\d+$/.test(value)) {
        uses.push(...usesOf('copy', names.source(value), value, valueSpan, stage));
      }
    } else if (taken.keyword === 'RUN' && name === 'mount') {
      const found = mountFrom(value, valueSpan, source);
      if (found !== null && !found.from.includes('$')) {
        uses.push(...usesOf('mount', names.source(found.from), found.from, found.span, stage));
      }
    }
  }
  return uses;
}

/** Every image the file takes something from: bases, `COPY --from`, `RUN --mount=…,from=` and `# syntax=`. */
export function imageUses(facts: DockerfileFacts): readonly ImageUse[] {
  const syntax = facts.directives.find(({ name }) => name === 'syntax');
  const names = new StageNames(facts.stages);
  const uses: ImageUse[] = [];
  if (syntax !== undefined) {
    const reference = parseImageReference(syntax.value.split(/\s/)[0] ?? '');
    if (reference.ok) {
      const base = { kind: 'image' as const, reference: reference.value, resolved: resolvedReference(reference.value) };
      uses.push(...usesOf('syntax', base, syntax.value, syntax.valueSpan, null));
    }
  }
  for (const stage of facts.stages) {
    uses.push(...usesOf('base', stage.base, stage.written, stage.baseSpan, stage));
    for (const instruction of stage.instructions) uses.push(...flagUses(instruction, stage, names, facts.source));
  }
  return uses;
}

/** An image as it is written; where variables are in it, followed by what they make it: `${BASE} (debian:13)`. */
export function nameOf(named: Stage | ImageUse): string {
  const reference = 'reference' in named ? named.reference : named.base.kind === 'image' ? named.base.reference : null;
  const name =
    reference === null || !named.written.includes('$')
      ? named.written
      : `${named.written} (${formatImageReference(reference).replace(/^docker\.io\/(?:library\/)?/, '')})`;
  return name.replaceAll(/\b(sha256:[0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');
}

/** Where the tag of a use is written; the whole of it where the tag cannot be told apart, as in `${IMAGE}`. */
export function tagSpan({ how, span, stage }: ImageUse, source: SourceText): Span {
  let text = source.slice(span);
  // Inside a variable a colon is a modifier's.
  for (const variable of how === 'base' ? (stage?.variables ?? []) : []) {
    const [start, end] = [variable.span.start - span.start, variable.span.end - span.start];
    text = text.slice(0, start) + '\0'.repeat(end - start) + text.slice(end);
  }
  if (/["'\\`]/.test(text)) return span;
  const name = text.lastIndexOf('/');
  const colon = text.indexOf(':', name + 1);
  const at = text.indexOf('@', name + 1);
  const end = at < 0 ? text.length : at;
  return colon < 0 || colon > end ? span : { start: span.start + colon + 1, end: span.start + end };
}

/** Where the ARGs that a base is written with are defined. */
export function definitionPlaces(stage: Stage | null): readonly RelatedPlace[] {
  const places = (stage?.variables ?? []).flatMap(({ name, definition }) =>
    definition === null ? [] : [{ span: definition.span, message: `${name} is defined here.` }],
  );
  return places.filter((place, i) => places.findIndex(({ span }) => span.start === place.span.start) === i);
}

/** `related` of a finding about a use, left out where there is nothing to relate. */
export function related(use: ImageUse): { readonly related?: readonly RelatedPlace[] } {
  const places = use.how === 'base' ? definitionPlaces(use.stage) : [];
  return places.length === 0 ? {} : { related: places };
}
