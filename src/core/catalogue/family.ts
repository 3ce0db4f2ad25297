// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData, RawImage } from './schema.ts';

/** What holds for `registry/repository` by its namespace alone, for repositories without an entry of their own. */
export function imageOfFamily(name: string, data: CatalogueData): RawImage | undefined {
  const family = data.images.families?.find(
    ({ prefix, suffix = '' }) => name.length > prefix.length && name.startsWith(prefix) && name.endsWith(suffix),
  );
  if (family === undefined) return undefined;
  const { prefix: _, suffix: __, ...image } = family;
  return { ...image, repository: name };
}
