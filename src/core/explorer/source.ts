// SPDX-License-Identifier: Apache-2.0
import { parseImageReference, resolvedReference } from '../model/image-reference.ts';
import { err, ok, type Result } from '../model/result.ts';
import { IMAGE_SCHEMES, type EngineImage, type EngineListing, type ImageScheme, type ImageSource } from '../ports.ts';

/** Engines whose images Syft reads by themselves, and how. */
const ENGINE_SCHEMES: Readonly<Record<EngineImage['engine'], ImageScheme | null>> = {
  docker: 'docker',
  podman: 'podman',
  nerdctl: null,
};

/** `scheme:target` in two; null where it does not begin with a scheme. */
export function sourceOf(reference: string): ImageSource | null {
  const colon = reference.indexOf(':');
  const scheme = IMAGE_SCHEMES.find((each) => each === reference.slice(0, colon));
  const target = reference.slice(colon + 1);
  return scheme === undefined || target === '' ? null : { scheme, target };
}

/** What a person typed: with a scheme as it stands, without one an image of a registry. */
export function typedSource(text: string): Result<ImageSource, string> {
  const typed = text.trim();
  if (typed.startsWith('-')) return err('a reference does not begin with "-"');
  const source = sourceOf(typed);
  if (source !== null && source.scheme !== 'registry') {
    return source.target.startsWith('-') ? err('a reference does not begin with "-"') : ok(source);
  }
  const reference = parseImageReference(source?.target ?? typed);
  return reference.ok ? ok({ scheme: 'registry', target: resolvedReference(reference.value) }) : err(reference.error);
}

export function engineSource(image: EngineImage): ImageSource | null {
  const scheme = ENGINE_SCHEMES[image.engine];
  return scheme === null ? null : { scheme, target: image.reference ?? image.id };
}

/** The image of a local engine that has this name, null where no engine that answers has it. */
export function localSource(resolved: string, listings: readonly EngineListing[]): ImageSource | null {
  for (const { result } of listings) {
    if (!result.ok) continue;
    for (const image of result.value) {
      const reference = image.reference === null ? null : parseImageReference(image.reference);
      if (reference?.ok === true && resolvedReference(reference.value) === resolved) return engineSource(image);
    }
  }
  return null;
}
