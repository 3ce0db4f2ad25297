// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { DockerfileFacts, Stage } from '../dockerfile/model.ts';
import type { Span } from '../text/source-text.ts';
import { imageSuggestions, tagSuggestions, type Suggestion } from './images.ts';
import { imagePlace, type ImagePlace } from './place.ts';

export interface Suggestions {
  /** What is replaced by the one that is taken. */
  readonly span: Span;
  /** The best first. */
  readonly suggestions: readonly Suggestion[];
}

/** Images, worked out once and asked for at every key. */
export class ImageNames {
  #of: { readonly catalogue: Catalogue; readonly today: string; readonly names: readonly Suggestion[] } | null = null;

  names(catalogue: Catalogue, today: string): readonly Suggestion[] {
    if (this.#of?.catalogue !== catalogue || this.#of.today !== today) {
      this.#of = { catalogue, today, names: imageSuggestions(catalogue, today) };
    }
    return this.#of.names;
  }
}

/** What can be written at a place of a Dockerfile where an image belongs; null elsewhere. Only from the catalogue. */
export function suggest(
  facts: DockerfileFacts,
  offset: number,
  catalogue: Catalogue,
  names: ImageNames,
  today: string,
): Suggestions | null {
  const place = imagePlace(facts, offset);
  // What a variable or a digest stands for is nothing to choose from.
  if (place === null || /[$@\\`]/.test(facts.source.slice(place.span))) return null;
  const { typed, span } = place;
  const colon = typed.indexOf(':', typed.lastIndexOf('/') + 1);
  if (colon >= 0) {
    const suggestions = tagSuggestions(typed.slice(0, colon), catalogue, today);
    return { span: { start: span.start + colon + 1, end: span.end }, suggestions };
  }
  // With the cursor in the name the tag behind it stays.
  const rest = facts.source.slice({ start: span.start + typed.length, end: span.end });
  const tag = /:[^/]*$/.exec(rest)?.index;
  const end = tag === undefined ? span.end : span.start + typed.length + tag;
  return {
    span: { start: span.start, end },
    suggestions: [...stageSuggestions(place, facts), ...scratch(place), ...names.names(catalogue, today)],
  };
}

const NOTHING = 'nothing at all';

function scratch({ how }: ImagePlace): readonly Suggestion[] {
  return how === 'base' ? [{ text: 'scratch', kind: 'image', about: NOTHING, detail: NOTHING, deprecated: false }] : [];
}

function stageSuggestions({ how, stagesAbove }: ImagePlace, { stages }: DockerfileFacts): readonly Suggestion[] {
  return stages.slice(0, stagesAbove).flatMap((stage) => {
    // FROM knows stages by name alone.
    const text = stage.name ?? (how === 'copy' ? String(stage.index) : null);
    const about = stageDetail(stage);
    return text === null ? [] : [{ text, kind: 'stage' as const, about, detail: about, deprecated: false }];
  });
}

function stageDetail({ line, written }: Stage): string {
  return `stage of line ${line}, from ${written}`;
}
