// SPDX-License-Identifier: Apache-2.0
import { parseImageReference } from '../core/model/image-reference.ts';
import { IMAGE_SCHEMES, type ImageScheme, type ImageSource } from '../core/ports.ts';
import { UsageError } from './io.ts';

/** True for `https://USER:PASSWORD@HOST/…` and `USER:PASSWORD@HOST/…`; a digest behind its `@` has no slash. */
const carriesCredentials = (text: string): boolean => /^(?:[^@]*:\/\/[^/@]*|[^/@]*:[^/@]*)@[^/]*\//.test(text);

const isDisk = (scheme: ImageScheme | undefined): boolean => /^(?:oci-|docker-archive)/.test(scheme ?? '');

/** Where the tags of cosign are, if not beside the image: cosign's own variable. */
export function cosignRepository(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = env['COSIGN_REPOSITORY'] ?? '';
  return named === '' ? null : named;
}

/** The one image that a command is called with. `otherwise` is the scheme of a reference without one, where that is taken. */
export function readSource(
  command: string,
  positionals: readonly string[],
  schemes: readonly ImageScheme[] = IMAGE_SCHEMES,
  otherwise: ImageScheme | null = null,
): ImageSource {
  const [reference, ...more] = positionals;
  if (reference === undefined || more.length > 0)
    throw new UsageError(`${command} takes one REF; see waybill ${command} --help`);
  const colon = reference.indexOf(':');
  const written = IMAGE_SCHEMES.find((each) => each === reference.slice(0, Math.max(0, colon)));
  const target = written === undefined ? reference : reference.slice(colon + 1);
  const scheme = written ?? otherwise ?? undefined;
  // Said without repeating it: what is printed here ends up in logs, and the report would hold it.
  if (carriesCredentials(target) && !isDisk(scheme))
    throw new UsageError('REF carries credentials; leave them out, and sign in with docker login or podman login');
  if (scheme === undefined || target === '') {
    throw new UsageError(
      `${JSON.stringify(reference)} does not say where the image is; write one of ${schemes.map((each) => `${each}:`).join(' ')} before it`,
    );
  }
  if (!schemes.includes(scheme)) {
    throw new UsageError(
      `a local engine keeps no signatures; ${command} takes ${schemes.map((each) => `${each}:`).join(' ')}`,
    );
  }
  if (scheme === 'registry') {
    const parsed = parseImageReference(target);
    if (!parsed.ok) throw new UsageError(`${JSON.stringify(target)} is no image reference: ${parsed.error}`);
  }
  return { scheme, target };
}
