// SPDX-License-Identifier: Apache-2.0

/** Tags that mean "whatever is newest", by the usage of registries. */
const FLOATING = new Set(
  'latest stable edge nightly current lts main master mainline rolling testing unstable devel rawhide next canary'.split(
    ' ',
  ),
);
/** Variants: alone in a tag they name no version either. */
const VARIANTS = new Set(
  'alpine slim nonroot debug dev fpm apache cli jre jdk minimal full static glibc musl perl zts root runtime'.split(
    ' ',
  ),
);

/** True for a tag that names no version: `latest`, `lts-alpine`, `nonroot`. */
export function isFloating(tag: string): boolean {
  const parts = tag.toLowerCase().split('-');
  return FLOATING.has(parts[0] ?? '') || parts.every((part) => FLOATING.has(part) || VARIANTS.has(part));
}
