// SPDX-License-Identifier: Apache-2.0
import type { LifecycleAnswer } from '../catalogue/lifecycle.ts';
import type { Catalogue } from '../catalogue/lookup.ts';
import { productName } from '../catalogue/products.ts';
import type { Fix } from '../model/finding.ts';
import type { SourceText } from '../text/source-text.ts';
import { tagSpan, type ImageUse } from './image-uses.ts';

/** `Move to Go 1.26 or 1.27.`, the two newest supported cycles in rising order. */
export function supportAdvice({ product, cycle, supported }: LifecycleAnswer): string {
  const others = supported.filter((each) => each !== cycle);
  const named = others.slice(0, 2).toReversed().join(' or ');
  return named === '' ? 'Move to a supported version.' : `Move to ${productName(product)} ${named}.`;
}

/** `1.21.1-alpine` taken apart: the version, and what is written behind it. */
const VERSIONED = /^(\d+(?:\.\d+)*)(?:-([a-z]+))?$/;

/**
 * Replace the version in the tag by a newer one. Offered only where the catalogue names the new tag as published, the
 * variant is one it knows, and the version is written in the reference itself or is the whole value of one ARG.
 */
export function newerTag(use: ImageUse, answer: LifecycleAnswer, source: SourceText, catalogue: Catalogue): Fix | null {
  const { reference, stage } = use;
  const [, version, variant] = VERSIONED.exec(reference.tag ?? '') ?? [];
  const entry = catalogue.find(reference);
  const target = entry?.tags.find((tag) => answer.supported.includes(tag));
  if (version === undefined || entry === null || target === undefined || reference.digest !== null) return null;
  if (version !== answer.cycle && !version.startsWith(`${answer.cycle}.`)) return null;
  if (variant !== undefined && !entry.variants.includes(variant)) return null;

  const variables = use.how === 'base' ? (stage?.variables ?? []) : [];
  const [variable] = variables;
  if (variables.length > 1) return null;
  const place = variable === undefined ? tagSpan(use, source) : variable.definition?.valueSpan;
  if (place === undefined || place === null) return null;
  const written = source.slice(place);
  const bare = written.replace(/^(["'])(.*)\1$/, '$2');
  if (variable === undefined ? !written.startsWith(version) : bare !== version) return null;
  const start = place.start + written.indexOf(version);
  return {
    title: `Use ${productName(answer.product)} ${target}`,
    caveat: 'a newer version can behave differently: build and test it',
    edits: [{ span: { start, end: start + version.length }, newText: target }],
  };
}
