// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { ImageReference } from '../model/image-reference.ts';

export interface DevelopmentVariant {
  /** The word that says so, such as `dev`. */
  readonly name: string;
  /** What to ship instead, in words that follow "copy the result into". */
  readonly instead: string;
  /** False where only the naming of its publisher says so. */
  readonly known: boolean;
}

/** Publishers whose tags tell a development variant apart by a word in them. */
const PUBLISHERS: readonly { readonly name: RegExp; readonly words: RegExp }[] = [
  { name: /^(?:cgr\.dev|docker\.io\/chainguard)\//, words: /(?:^|-)(dev)$/ },
  { name: /^dhi\.io\//, words: /(?:^|-)(dev|sdk)(?:-|$)/ },
  { name: /^gcr\.io\/distroless\//, words: /^(debug)(?:-|$)/ },
  { name: /^docker\.io\/nvidia\/cuda$|^nvcr\.io\/nvidia\/cuda$/, words: /-(devel)(?:-|$)/ },
];
const SDK = /^mcr\.microsoft\.com\/dotnet\/(?:nightly\/)?sdk$/;

/** What makes an image one for builders only; null where it is none or nobody can tell. */
export function developmentVariant(reference: ImageReference, catalogue: Catalogue): DevelopmentVariant | null {
  const name = `${reference.registry}/${reference.repository}`;
  if (SDK.test(name)) {
    return { name: 'sdk', instead: 'the runtime, aspnet or runtime-deps image', known: true };
  }
  const publisher = PUBLISHERS.find((each) => each.name.test(name));
  const word = publisher === undefined ? undefined : publisher.words.exec(reference.tag ?? '')?.[1];
  if (word === undefined) return null;
  return { name: word, instead: 'the same image without that variant', known: catalogue.find(reference) !== null };
}
