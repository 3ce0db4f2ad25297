// SPDX-License-Identifier: Apache-2.0
import type { LifecycleAnswer } from '../catalogue/lifecycle.ts';
import { capital } from '../panel/words.ts';

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

/** Products whose makers write them otherwise than with a capital at the front of each word. */
const PRODUCTS: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  'alpine-linux': 'Alpine',
  centos: 'CentOS',
  dotnet: '.NET',
  haproxy: 'HAProxy',
  mariadb: 'MariaDB',
  mongodb: 'MongoDB',
  mysql: 'MySQL',
  nodejs: 'Node.js',
  'openjdk-builds-from-oracle': 'OpenJDK',
  opensuse: 'openSUSE',
  php: 'PHP',
  postgresql: 'PostgreSQL',
  rabbitmq: 'RabbitMQ',
  rhel: 'Red Hat Enterprise Linux',
};

export function productLabel({ product, cycle }: Pick<LifecycleAnswer, 'product' | 'cycle'>): string {
  const name = PRODUCTS[product] ?? product.split('-').map(capital).join(' ');
  return `${name} ${cycle}`;
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
