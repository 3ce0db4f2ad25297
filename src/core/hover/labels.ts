// SPDX-License-Identifier: Apache-2.0
import type { LifecycleAnswer } from '../catalogue/lifecycle.ts';

/** Kinds of images by the catalogue's word for them. */
const KINDS: Readonly<Record<string, string>> = {
  aws: 'Amazon image',
  bitnami: 'Bitnami image',
  canonical: 'Canonical image',
  'chainguard-free': 'Chainguard image',
  dhi: 'Docker Hardened Image',
  distroless: 'Distroless image',
  elastic: 'Elastic image',
  ironbank: 'Iron Bank image',
  microsoft: 'Microsoft image',
  nvidia: 'NVIDIA image',
  'official-image': 'Docker Official Image',
  oracle: 'Oracle image',
  'redhat-hardened': 'Red Hat Hardened Image',
  'redhat-ubi': 'Red Hat UBI image',
  suse: 'SUSE image',
};

export function kindLabel(category: string): string {
  return KINDS[category] ?? 'Image';
}

/** `until 2028-08-09`, as the end of a phrase. */
export function supportLabel({ state, ends, estimated, extendedUntil }: LifecycleAnswer): string {
  const day = ends === null ? '' : ` ${ends}${estimated ? ' by estimate of its publisher' : ''}`;
  switch (state) {
    case 'ended':
      return ends === null ? 'past end of life' : `ended${day}`;
    case 'extended':
      return `ended${day}, extended support until ${extendedUntil ?? 'a day nobody recorded'}`;
    case 'ending':
      return `ends${day}`;
    case 'supported':
      return ends === null ? 'supported, no end announced' : `until${day}`;
  }
}
