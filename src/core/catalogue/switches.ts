// SPDX-License-Identifier: Apache-2.0
import { parseImageReference, type ImageReference } from '../model/image-reference.ts';
import type { CatalogueData, Source } from './schema.ts';
import type { SwitchRow } from './switches-schema.ts';

/** The image that is the same software: looked up, never concluded from a name. */
export interface ExactMatch {
  readonly row: SwitchRow;
  /** Under the name by which the catalogue knows it. */
  readonly target: ImageReference;
  /** True where it is another tag of the same repository. */
  readonly sameRepository: boolean;
  readonly source: Source;
}

/** Sources of this confidence carry a fix; a naming convention and memory do not. */
export function carriesFix(source: Source | undefined): source is Source {
  return source !== undefined && (source.confidence === 'one-source' || source.confidence === 'two-sources');
}

function isFor({ repositories }: SwitchRow, name: string): boolean {
  return repositories.some((each) => (each.endsWith('/') ? name.startsWith(each) : name === each));
}

/** The tag that a row names for another; null where it names none. */
export function mappedTag({ tags }: Pick<SwitchRow, 'tags'>, tag: string): string | null {
  for (const [pattern, replacement] of Object.entries(tags)) {
    const found = new RegExp(pattern);
    if (found.test(tag)) return tag.replace(found, replacement);
  }
  return null;
}

function mappedName({ to, rename }: SwitchRow, name: string): string | null {
  if (rename === undefined) return to ?? name;
  const found = new RegExp(rename[0]);
  return found.test(name) ? name.replace(found, rename[1]) : null;
}

type Data = Pick<CatalogueData, 'switches' | 'sources'>;

/** Answers that were given: the same few bases are asked for in every file, and most have none. */
const given = new WeakMap<Data, Map<string, ExactMatch | null>>();
const MAX_GIVEN = 2000;

/** The exact match of an image, by the name that the catalogue knows it by; a missing tag is `latest`. */
export function exactMatch(kind: SwitchRow['for'], reference: ImageReference, data: Data): ExactMatch | null {
  const key = `${kind} ${reference.registry}/${reference.repository}:${reference.tag ?? ''}`;
  let answers = given.get(data);
  if (answers === undefined || answers.size >= MAX_GIVEN) given.set(data, (answers = new Map()));
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = lookedUp(kind, reference, data);
  answers.set(key, answer);
  return answer;
}

function lookedUp(
  kind: SwitchRow['for'],
  { registry, repository, tag }: ImageReference,
  { switches, sources }: Data,
): ExactMatch | null {
  const name = `${registry}/${repository}`;
  for (const row of switches.switches) {
    if (row.for !== kind || !isFor(row, name)) continue;
    const source = sources.sources[row.source];
    const newName = mappedName(row, name);
    const newTag = mappedTag(row, tag ?? 'latest');
    if (!carriesFix(source) || newName === null || newTag === null) continue;
    const target = parseImageReference(`${newName}:${newTag}`);
    if (target.ok) return { row, target: target.value, sameRepository: newName === name, source };
  }
  return null;
}
