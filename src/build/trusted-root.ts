// SPDX-License-Identifier: Apache-2.0
// Takes the trusted root that comes with `@sigstore/tuf` into the project's data: what is used where nothing newer may be
// fetched. `npm run generate` writes it; a test holds it against the installed package.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Mirror of the public-good instance, by the package's own default. */
const MIRROR = 'https://tuf-repo-cdn.sigstore.dev';
/** Day on which the pinned version of the package was released; changes with the version in package.json. */
const RELEASED: Readonly<Record<string, string>> = { '5.0.1': '2026-11-05' };

export interface TrustedRootSeed {
  readonly source: string;
  readonly asOf: string;
  readonly confidence: 'high';
  /** Version and expiry of the TUF root that the package starts from. */
  readonly tufRoot: { readonly version: number; readonly expires: string };
  readonly root: unknown;
}

export function trustedRootSeed(): TrustedRootSeed {
  const seeds: Record<
    string,
    { 'root.json': string; targets: Record<string, string> }
  > = require('@sigstore/tuf/seeds.json');
  const { version }: { version: string } = require('@sigstore/tuf/package.json');
  const asOf = RELEASED[version];
  const seed = seeds[MIRROR];
  const target = seed?.targets['trusted_root.json'];
  if (seed === undefined || target === undefined) throw new Error(`@sigstore/tuf ${version} has no seed for ${MIRROR}`);
  if (asOf === undefined) throw new Error(`write down when @sigstore/tuf ${version} was released`);
  const decode = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  const tuf = decode(seed['root.json']) as { signed: { version: number; expires: string } };
  return {
    source: `${MIRROR}, target trusted_root.json, as shipped in @sigstore/tuf ${version}`,
    asOf,
    confidence: 'high',
    tufRoot: { version: tuf.signed.version, expires: tuf.signed.expires },
    root: decode(target),
  };
}
