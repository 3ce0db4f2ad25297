// SPDX-License-Identifier: Apache-2.0
import type { Material, Story } from '../evidence/evidence.ts';
import { readSource } from './source-location.ts';
import { digestSet, entries, list, record, shown, text } from './untrusted.ts';

/** Materials that a story keeps; their whole number is kept beside them. */
export const MAX_MATERIALS = 500;
/** Parameters that a story keeps. */
const MAX_PARAMETERS = 100;

function percentDecoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** What a material is, by its address: an image, source code, or something else. */
function kindOf(uri: string | null): Material['kind'] {
  if (uri === null) return 'other';
  if (/^(?:pkg:(?:docker|oci)\/|docker:|oci:|docker-image:)/.test(uri)) return 'image';
  if (uri.startsWith('pkg:')) return 'package';
  if (/^git[+@:]|\.git(?:[#@]|$)|^ssh:/.test(uri)) return 'source';
  return readSource(uri) !== null && /^https:\/\/(?:github|gitlab)\.com\/[^/]+\/[^/]+(?:@|#|$)/.test(uri)
    ? 'source'
    : 'other';
}

/** `pkg:docker/alpine@3.17?platform=…` as people write it, `alpine:3.17`; source code as its repository. */
function nameOf(uri: string | null, name: string | null): string {
  if (uri === null) return name ?? 'unnamed';
  const image = /^pkg:(?:docker|oci)\/([^?#]+)/.exec(uri)?.[1];
  if (image !== undefined) {
    const at = image.lastIndexOf('@');
    const [repository, version] = at < 0 ? [image, ''] : [image.slice(0, at), percentDecoded(image.slice(at + 1))];
    const separator = version.startsWith('sha256:') ? '@' : ':';
    return shown(version === '' ? percentDecoded(repository) : `${percentDecoded(repository)}${separator}${version}`);
  }
  const source = readSource(uri);
  return shown(kindOf(uri) === 'source' && source !== null ? source.repository.replace('https://', '') : uri);
}

/** The materials of a list, bounded; what is no object is left out. */
export function readMaterials(holder: unknown, key: string): readonly Material[] {
  return list(holder, MAX_MATERIALS, key).flatMap((each): Material[] => {
    if (record(each) === null) return [];
    const uri = text(each, 'uri');
    const digests = digestSet(each, 'digest');
    const name = text(each, 'name');
    if (uri === null && name === null && Object.keys(digests).length === 0) return [];
    return [{ uri, name: nameOf(uri, name), kind: kindOf(uri), digests }];
  });
}

/** Parameters as name and value in one line each; groups are opened once. */
export function parametersOf(external: unknown): Story['parameters'] {
  const found: { name: string; value: string }[] = [];
  const add = (name: string, value: unknown): void => {
    if (found.length < MAX_PARAMETERS && value !== null && value !== '')
      found.push({ name: shown(name, 120), value: shown(value) });
  };
  const open = (name: string, value: unknown, depth: number): void => {
    if (depth === 0 || record(value) === null) {
      add(name, value);
      return;
    }
    for (const [key, inner] of entries(value, MAX_PARAMETERS)) {
      open(name === '' ? key : `${name}.${key}`, inner, depth - 1);
      if (found.length >= MAX_PARAMETERS) return;
    }
  };
  open('', external, 3);
  return found;
}
