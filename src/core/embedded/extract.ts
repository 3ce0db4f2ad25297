// SPDX-License-Identifier: Apache-2.0
// Finds Dockerfiles and image names inside files of other tools, with the place of every character.
import { parseImageReference } from '../model/image-reference.ts';
import { entriesOf, entryOf, resolved, type GoNode, type MapEntry } from '../yaml/go/node.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import type { EmbeddingKind } from './detect.ts';
import { inlineDockerfiles } from './hcl.ts';
import { placedScalar, type PlacedText, type Writing } from './scalar.ts';

export interface EmbeddedPart {
  /** An image is told as a Dockerfile that is one FROM of it, with the comments above it. */
  readonly how: 'dockerfile' | 'image';
  readonly text: string;
  /** Where each character stands in the file, and the end. */
  readonly places: readonly number[];
  readonly writing: Writing;
  /** Where a dollar sign has to be written twice. */
  readonly doubledDollars: boolean;
  /** Of an image: where its name begins in `text`, and how a line above it is written, null where none can be. */
  readonly name: { readonly start: number; readonly above: Writing | null } | null;
}

/** More in one file are not looked at. */
const MAX_PARTS = 200;

export function embeddedParts(file: string, kind: EmbeddingKind): readonly EmbeddedPart[] {
  // Bake reads either; JSON begins with a brace, and HCL never does.
  if (kind === 'bake' && !/^\ufeff?\s*\{/.test(file)) {
    return inlineDockerfiles(file)
      .slice(0, MAX_PARTS)
      .map((placed) => ({ how: 'dockerfile', ...placed, doubledDollars: false, name: null }));
  }
  const { root } = parseGoYaml(kind === 'compose' ? file : withoutComments(file));
  if (root === null || resolved(root).kind !== 'map') return [];
  const parts =
    kind === 'compose' ? compose(file, root) : kind === 'bake' ? bake(file, root) : devcontainer(file, root);
  // What an anchor names stands once, however often it is used.
  const seen = new Set<number>();
  const once: EmbeddedPart[] = [];
  for (const part of parts) {
    const at = part.places.at(-1) ?? 0;
    if (seen.has(at) || once.length >= MAX_PARTS) continue;
    seen.add(at);
    once.push(part);
  }
  return once;
}

function* compose(file: string, root: GoNode): Generator<EmbeddedPart> {
  const services = entryOf(root, 'services');
  if (services === null) return;
  for (const { value: service } of entriesOf(services.value)) {
    const build = entryOf(service, 'build');
    const inline = entryOf(build?.value, 'dockerfile_inline');
    if (inline !== null) yield* dockerfile(interpolated(placedScalar(file, resolved(inline.value))), true);
    const image = entryOf(service, 'image');
    // Beside `build` it is the name of what is built.
    if (image !== null && build === null)
      yield* named(file, image, interpolated(placedScalar(file, resolved(image.value))), true);
  }
}

function* devcontainer(file: string, root: GoNode): Generator<EmbeddedPart> {
  const image = entryOf(root, 'image');
  const other = ['build', 'dockerFile', 'dockerComposeFile'].some((key) => entryOf(root, key) !== null);
  if (image !== null && !other) yield* named(file, image, placedScalar(file, resolved(image.value)), false);
}

function* bake(file: string, root: GoNode): Generator<EmbeddedPart> {
  const targets = entryOf(root, 'target');
  if (targets === null) return;
  for (const { value: target } of entriesOf(targets.value)) {
    const inline = entryOf(target, 'dockerfile-inline');
    const placed = inline === null ? null : placedScalar(file, resolved(inline.value));
    // Bake fills these in: what the Dockerfile will be is not known.
    if (placed !== null && !/[$%]\{/.test(placed.text)) yield* dockerfile(placed, false);
  }
}

function* dockerfile(placed: PlacedText | null, doubledDollars: boolean): Generator<EmbeddedPart> {
  if (placed !== null) yield { how: 'dockerfile', ...placed, doubledDollars, name: null };
}

function* named(
  file: string,
  { key, value }: MapEntry,
  placed: PlacedText | null,
  yaml: boolean,
): Generator<EmbeddedPart> {
  if (placed === null || resolved(value).kind !== 'scalar' || !parseImageReference(placed.text).ok) return;
  const above = yaml && value.target === null ? linesAbove(file, key.start) : null;
  const from = 'FROM ';
  yield {
    how: 'image',
    text: `${above?.text ?? ''}${from}${placed.text}`,
    places: [...(above?.places ?? []), ...Array.from(from, () => key.start), ...placed.places],
    writing: placed.writing,
    doubledDollars: yaml,
    name: { start: (above?.text.length ?? 0) + from.length, above: above?.writing ?? null },
  };
}

/** The comments right above a key, as lines; null where the key does not stand first on its line. */
function linesAbove(file: string, key: number): PlacedText | null {
  const startOf = (offset: number): number => Math.max(file.lastIndexOf('\n', offset - 1) + 1, 0);
  let start = startOf(key);
  const indent = file.slice(start, key);
  if (/[^ ]/.test(indent)) return null;
  let text = '';
  let places: number[] = [];
  while (start > 0) {
    const above = startOf(start - 1);
    const line = file.slice(above, start).trimEnd();
    const comment = line.trimStart();
    if (!comment.startsWith('#')) break;
    const first = above + line.length - comment.length;
    text = `${comment}\n${text}`;
    places = [...Array.from({ length: comment.length + 1 }, (_, i) => first + i), ...places];
    start = above;
  }
  return { text, places, writing: { how: 'block', indent, newline: file.includes('\r\n') ? '\r\n' : '\n' } };
}

/** Compose's own variables: `$$` is a dollar sign, and where another one is filled in the text is not known. */
function interpolated(placed: PlacedText | null): PlacedText | null {
  if (placed === null || !placed.text.includes('$')) return placed;
  if (/\$[A-Za-z_{]/.test(placed.text.replaceAll('$$', ''))) return null;
  let text = '';
  const places: number[] = [];
  for (let at = 0; at < placed.text.length; at++) {
    text += placed.text.charAt(at);
    places.push(placed.places[at] ?? 0);
    if (placed.text.startsWith('$$', at)) at++;
  }
  return { ...placed, text, places: [...places, placed.places.at(-1) ?? 0] };
}

/** JSON with comments and commas at the end of lists, blanked out so that every other character stays in its place. */
export function withoutComments(file: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\r\n]/g, ' ');
  return file
    .replaceAll(/"(?:[^"\\\r\n]|\\.)*"|\/\/[^\r\n]*|\/\*[^]*?\*\/|\t/g, (found) =>
      found.startsWith('"') ? found : blank(found),
    )
    .replaceAll(/"(?:[^"\\\r\n]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? ' ' : found));
}
