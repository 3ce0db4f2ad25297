// SPDX-License-Identifier: Apache-2.0
// The parts of an image configuration that decide whether apko takes it, and how an included one is merged in.
import type { GoNode } from '../yaml/go/node.ts';
import { GoList, GoMap, type GoStruct, type Placed } from '../yaml/go/types.ts';

interface Named {
  readonly name: string;
  readonly at: GoNode;
}

export interface Image {
  readonly users: (Named & { readonly uid: bigint; readonly uidAt: GoNode | null })[];
  readonly groups: Named[];
  certificates: readonly Named[];
  hasCertificates: boolean;
  readonly runtimeKeyring: (Named & { readonly content: string; readonly contentAt: GoNode | null })[];
  baseImage: GoNode | null;
  /** What stands beside a base image and must not; null where nothing does. */
  besideBaseImage: GoNode | null;
}

const STRINGS = ['cmd', 'stop-signal', 'work-dir'] as const;

/** True where Go does not see the zero value: an empty list or map that is written down is one all the same. */
function isSet(struct: GoStruct | null): boolean {
  if (struct === null) return false;
  for (const { value } of struct.fields.values()) {
    if (value instanceof GoMap || value instanceof GoList) return true;
    if (typeof value === 'string' ? value !== '' : value !== null && value !== false && value !== 0n) return true;
  }
  return false;
}

function besideBaseImage(config: GoStruct): GoNode | null {
  const key = (field: string): GoNode | null => config.fields.get(field)?.key ?? null;
  for (const field of ['entrypoint', 'accounts']) if (isSet(config.struct(field))) return key(field);
  for (const field of STRINGS) if (config.string(field) !== '') return key(field);
  for (const field of ['environment', 'annotations']) if (config.map(field).size > 0) return key(field);
  return config.structs('paths').length > 0 ? key('paths') : null;
}

export function imageOf(config: GoStruct, root: GoNode): Image {
  const accounts = config.struct('accounts');
  const contents = config.struct('contents');
  const certificates = config.struct('certificates');
  const named = ({ value, node }: Placed<GoStruct>, field: string): Named => ({
    name: value.string(field),
    at: value.node(field) ?? node,
  });
  return {
    users: (accounts?.structs('users') ?? []).map((user) => ({
      ...named(user, 'username'),
      uid: user.value.number('uid'),
      uidAt: user.value.node('uid'),
    })),
    groups: (accounts?.structs('groups') ?? []).map((group) => named(group, 'groupname')),
    certificates: (certificates?.structs('additional') ?? []).map((entry) => named(entry, 'name')),
    hasCertificates: certificates !== null,
    runtimeKeyring: (contents?.structs('runtime_keyring') ?? []).map((entry) => ({
      ...named(entry, 'name'),
      content: entry.value.string('content'),
      contentAt: entry.value.node('content'),
    })),
    baseImage:
      contents?.struct('baseimage') === null || contents === null ? null : (contents.node('baseimage') ?? root),
    besideBaseImage: besideBaseImage(config),
  };
}

/** Merge what is included into what includes it; `at` is where the include stands. */
export function mergeInto(included: Image, image: Image, at: GoNode | null): void {
  const place = <T extends Named>(entry: T): T => ({ ...entry, at: at ?? entry.at, uidAt: at, contentAt: at });
  image.users.unshift(...included.users.map(place));
  image.groups.unshift(...included.groups.map(place));
  image.runtimeKeyring.unshift(...included.runtimeKeyring.map(place));
  if (!image.hasCertificates) {
    image.certificates = included.certificates.map(place);
    image.hasCertificates = included.hasCertificates;
  }
  image.baseImage ??= included.baseImage === null ? null : at;
  image.besideBaseImage ??= included.besideBaseImage === null ? null : at;
}
