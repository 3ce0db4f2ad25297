// SPDX-License-Identifier: Apache-2.0
// The referrers API of OCI distribution 1.1: a list of what refers to a digest, in pages.
import { readDescriptors, MAX_REFERRERS, type EvidenceDescriptor } from '../../core/attestations/manifests.ts';
import { INDEX_TYPES, MAX_IMAGE_DOCUMENT } from '../../core/evidence/manifest.ts';
import type { Problem } from '../../core/model/problem.ts';
import { parseJson } from '../images/files.ts';
import type { HttpAnswer } from './http.ts';
import { unexpected } from './problems.ts';
import type { RegistrySession } from './session.ts';

const MAX_PAGES = 20;
const MAX_LINK = 8 * 1024;

export type Referrers =
  /** `cut` says why the list is not whole, null where it is. */
  | { readonly state: 'listed'; readonly manifests: readonly EvidenceDescriptor[]; readonly cut: string | null }
  /** The registry does not have the API: the fallback tag takes its place. */
  | { readonly state: 'unsupported'; readonly reason: string }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * Path of the next page (RFC 8288), null where there is none; false for one that may not be asked: another origin, or
 * another API.
 */
export function nextPage(header: string | null, at: URL, below: string): string | null | false {
  if (header === null) return null;
  if (header.length > MAX_LINK) return false;
  const found = /<([^<>]*)>\s*;[^,<]*\brel\s*=\s*"?next"?/i.exec(header);
  if (found === null) return null;
  const target = found[1] ?? '';
  if (!URL.canParse(target, at.href)) return false;
  const url = new URL(target, at.href);
  return url.origin === at.origin && url.pathname.startsWith(below) ? `${url.pathname}${url.search}` : false;
}

/** A whole first page means that the API is there; anything else is no list, whatever its status says. */
function readPage({ status, headers, body }: HttpAnswer): ReturnType<typeof readDescriptors> | string {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (status >= 300 && status < 400) return `it redirects elsewhere (${status})`;
  if (status !== 200) return `it answered ${status}`;
  if (!INDEX_TYPES.some((each) => each === type))
    return `it answered with ${type === '' ? 'no type' : type.slice(0, 80)}`;
  const json = parseJson(body);
  return json.ok ? readDescriptors(json.value) : { ok: false, error: `its answer is no JSON: ${json.error}` };
}

/** What refers to a digest, each manifest once. */
export async function fetchReferrers(session: RegistrySession, repository: string, digest: string): Promise<Referrers> {
  const below = `/v2/${repository}/referrers/`;
  const found = new Map<string, EvidenceDescriptor>();
  const listed = (cut: string | null): Referrers => ({ state: 'listed', manifests: [...found.values()], cut });
  const asked = new Set<string>();
  let path = `${below}${digest}`;
  for (let page = 0; ; page++) {
    asked.add(path);
    // GHCR redirects what it does not have to pages for people; no list is ever elsewhere.
    const answer = await session.ask({
      repository,
      path,
      accept: INDEX_TYPES[0],
      maxBytes: MAX_IMAGE_DOCUMENT,
      follow: false,
    });
    if (!answer.ok)
      return page === 0
        ? { state: 'failed', problem: answer.error }
        : listed(`a further page failed: ${answer.error.why}`);
    const { status } = answer.value;
    if (page === 0) {
      if (status === 401 || status === 403)
        return { state: 'failed', problem: session.refused(repository, answer.value) };
      if (status === 429 || status === 408 || (status >= 500 && status !== 501))
        return { state: 'failed', problem: unexpected(session.asked(repository), answer.value) };
    }
    const read = readPage(answer.value);
    if (typeof read === 'string')
      return page === 0
        ? { state: 'unsupported', reason: `The registry has no referrers API: ${read}.` }
        : listed(read);
    if (!read.ok) {
      if (page > 0) return listed(`a further page was refused: ${read.error}`);
      return {
        state: 'failed',
        problem: {
          code: 'bad-input',
          what: `The list of referrers of ${session.registry} was refused`,
          why: read.error,
          todo: 'Tell the owner of the registry.',
        },
      };
    }
    for (const each of read.value.manifests) if (!found.has(each.digest)) found.set(each.digest, each);
    if (read.value.cut || found.size > MAX_REFERRERS) return listed(`it is longer than ${MAX_REFERRERS} entries`);
    const next = nextPage(answer.value.headers.get('link'), answer.value.url, below);
    if (next === null) return listed(null);
    if (next === false) return listed('its next page is not in the same list');
    if (asked.has(next)) return listed('its pages lead back to one another');
    if (page + 1 >= MAX_PAGES) return listed(`it has more than ${MAX_PAGES} pages`);
    path = next;
  }
}
