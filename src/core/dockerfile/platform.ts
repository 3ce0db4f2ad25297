// SPDX-License-Identifier: Apache-2.0

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

const ARCHITECTURES: Readonly<Record<string, readonly [architecture: string, variant: string]>> = {
  i386: ['386', ''],
  x86_64: ['amd64', ''],
  'x86-64': ['amd64', ''],
  aarch64: ['arm64', ''],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/**
 * `os/arch[/variant]` in the names that container tools use (containerd's platforms.Parse): `linux/x86_64` is
 * `linux/amd64`, `linux/arm` is `linux/arm/v7`.
 */
export function parsePlatform(text: string): Platform {
  const [os = '', given = '', written = ''] = text.toLowerCase().split('/');
  const known = Object.hasOwn(ARCHITECTURES, given) ? ARCHITECTURES[given] : undefined;
  const [architecture, implied] = known ?? [given, ''];
  let variant = written === '' ? implied : written;
  if (architecture === 'arm') variant = variant === '' ? 'v7' : /^\d$/.test(variant) ? `v${variant}` : variant;
  if (architecture === 'arm64' && (variant === '8' || variant === 'v8')) variant = '';
  if (architecture === 'amd64' && variant === 'v1') variant = '';
  return { os, architecture, variant };
}

/** The inverse: `os/arch` or `os/arch/variant`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== '').join('/');
}
