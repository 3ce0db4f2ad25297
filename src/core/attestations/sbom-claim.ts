// SPDX-License-Identifier: Apache-2.0
import type { Claim } from '../evidence/evidence.ts';
import { at, count, excess, list, record, text, time } from './untrusted.ts';

export interface SbomClaim {
  readonly claim: Claim;
  /** The SBOM itself, however the predicate wraps it; undefined where there is none. */
  readonly document: unknown;
}

/** Deeper or larger SBOMs are not read; one of a very large image has some hundred thousand values. */
const MAX_DEPTH = 64;
const MAX_VALUES = 5_000_000;

/** Older versions of Cosign put the whole document as text into `Data`. */
function unwrapped(predicate: unknown): unknown {
  const data = at(predicate, 'Data');
  if (typeof data !== 'string') return data ?? predicate;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].slice(0, 10);

/** What an SBOM says of itself: format, version, tools, time, and how many packages it lists. */
export function readSbomClaim(kind: 'spdx' | 'cyclonedx' | null, predicate: unknown): SbomClaim {
  const document = unwrapped(predicate);
  if (record(document) === null)
    return { claim: { kind: 'unreadable', reason: 'its SBOM is no JSON document' }, document: undefined };
  // What is attached without a statement was bounded by nobody yet.
  const much = excess(document, MAX_DEPTH, MAX_VALUES);
  if (much !== null) return { claim: { kind: 'unreadable', reason: much }, document: undefined };
  const size = JSON.stringify(document).length;
  const cyclonedx = text(document, 'bomFormat') === 'CycloneDX' || text(document, 'specVersion') !== null;
  const syft = at(document, 'artifacts') !== undefined && at(document, 'descriptor') !== undefined;
  if (syft) return { claim: { ...syftClaim(document), size }, document };
  if (cyclonedx) return { claim: { ...cyclonedxClaim(document), size }, document };
  if (kind === 'cyclonedx')
    return { claim: { kind: 'unreadable', reason: 'it is no CycloneDX document' }, document: undefined };
  if (text(document, 'spdxVersion') === null && count(document, '@graph') === 0)
    return { claim: { kind: 'unreadable', reason: 'it is neither SPDX nor CycloneDX' }, document: undefined };
  return { claim: { ...spdxClaim(document), size }, document };
}

type Facts = Omit<Extract<Claim, { kind: 'sbom' }>, 'size'>;

function spdxClaim(document: unknown): Facts {
  if (count(document, '@graph') > 0) return spdx3Claim(document);
  const creators = list(document, 100, 'creationInfo', 'creators').flatMap((each) => text(each) ?? []);
  return {
    kind: 'sbom',
    format: 'SPDX',
    version: text(document, 'spdxVersion')?.replace(/^SPDX-/, '') ?? null,
    tools: unique(creators.flatMap((each) => /^Tool:\s*(.+)$/.exec(each)?.[1] ?? [])),
    created: time(document, 'creationInfo', 'created'),
    packages: count(document, 'packages'),
  };
}

/** SPDX 3 is a graph of elements, each with its type. */
function spdx3Claim(document: unknown): Facts {
  let packages = 0;
  let created: string | null = null;
  let version: string | null = null;
  const tools: string[] = [];
  for (const each of list(document, 5_000_000, '@graph')) {
    const type = text(each, 'type') ?? text(each, '@type');
    if (type === 'software_Package') packages += 1;
    else if (type === 'CreationInfo') {
      created ??= time(each, 'created');
      version ??= text(each, 'specVersion');
    } else if (type === 'Tool' && tools.length < 10) tools.push(text(each, 'name') ?? 'unnamed');
  }
  return { kind: 'sbom', format: 'SPDX', version: version ?? '3', tools: unique(tools), created, packages };
}

function cyclonedxClaim(document: unknown): Facts {
  const holder = at(document, 'metadata', 'tools');
  const tools = [...(Array.isArray(holder) ? holder.slice(0, 100) : []), ...list(holder, 100, 'components')];
  return {
    kind: 'sbom',
    format: 'CycloneDX',
    version: text(document, 'specVersion'),
    tools: unique(
      tools.flatMap((each) => {
        const name = text(each, 'name');
        const version = text(each, 'version');
        return name === null ? [] : [version === null ? name : `${name}-${version}`];
      }),
    ),
    created: time(document, 'metadata', 'timestamp'),
    packages: components(document),
  };
}

/** Components may hold components; the walk keeps its own stack. */
function components(document: unknown): number {
  let found = 0;
  const open: unknown[] = [document];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const inner = list(here, 5_000_000, 'components');
    found += inner.length;
    for (const each of inner) if (count(each, 'components') > 0) open.push(each);
  }
  return found;
}

function syftClaim(document: unknown): Facts {
  const name = text(document, 'descriptor', 'name');
  const version = text(document, 'descriptor', 'version');
  return {
    kind: 'sbom',
    format: 'Syft',
    version: text(document, 'schema', 'version'),
    tools: name === null ? [] : [version === null ? name : `${name}-${version}`],
    created: time(document, 'descriptor', 'timestamp'),
    packages: count(document, 'artifacts'),
  };
}
