// SPDX-License-Identifier: Apache-2.0
// GitHub's attestation API, asked only where the user named a repository for it, and without credentials.
import { createHash } from 'node:crypto';
import { at, entries, list, record, text } from '../../core/attestations/untrusted.ts';
import { MAX_EVIDENCE_BYTES, type EvidenceItem, type EvidencePlace } from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel } from '../../core/ports.ts';
import { parseJson } from '../images/files.ts';
import { isLoopback, type HttpAnswer } from '../registry/http.ts';
import { nextPage } from '../registry/referrers.ts';
import { exchangeAgain } from '../registry/retry.ts';
import { MAX_TOTAL_BYTES } from './limits.ts';
import { noRoom } from './read.ts';
import { decodeSnappy } from './snappy.ts';

export const GITHUB_API = 'https://api.github.com';
/** Pages of a hundred. */
const MAX_PAGES = 5;

export interface GithubOptions {
  /** `owner/name`, null where the user did not ask for it. */
  readonly repository: string | null;
  readonly offline: boolean;
  readonly api: string;
  /** Milliseconds for one exchange. */
  readonly timeout: number;
  readonly cancel: Cancel;
  readonly reason: (problem: Problem) => string;
  readonly limited: <T>(task: () => Promise<T>) => Promise<T>;
}

export interface GithubFound {
  readonly places: readonly EvidencePlace[];
  readonly items: readonly EvidenceItem[];
}

function itemOf(subject: string, bytes: Uint8Array, problem: Problem | null): EvidenceItem {
  return {
    kind: 'bundle',
    place: 'github-attestations',
    subject,
    manifestDigest: null,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    mediaType: 'application/vnd.dev.sigstore.bundle+json',
    annotations: {},
    bytes: problem === null ? bytes : null,
    problem,
  };
}

const unread = (why: string): Problem => ({
  code: 'bad-input',
  what: "A bundle of GitHub's attestation API was not read",
  why,
  todo: 'Download it with gh attestation download and check it with waybill verify-bundle.',
});

/** Ask for what GitHub has about some digests. */
export async function askGithub(digests: readonly string[], options: GithubOptions): Promise<GithubFound> {
  const { repository, offline, api, reason } = options;
  if (repository === null || offline || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    const why =
      repository === null
        ? "GitHub's attestation API was not asked for."
        : offline
          ? 'No network may be asked.'
          : `${JSON.stringify(repository)} is no OWNER/NAME.`;
    const subject = digests[0] ?? '';
    const place = { kind: 'github-attestations', subject, address: api, state: 'skipped', reason: why } as const;
    return { places: [place], items: [] };
  }
  let bytesLeft = MAX_TOTAL_BYTES;
  const found = await Promise.all(digests.map((digest) => ofDigest(digest, repository, options)));
  return {
    places: found.map(({ place }) => place),
    items: found.flatMap(({ items }) => items),
  };

  async function ofDigest(
    digest: string,
    name: string,
    { timeout, cancel, limited }: GithubOptions,
  ): Promise<{ readonly place: EvidencePlace; readonly items: readonly EvidenceItem[] }> {
    const ask = (url: URL): Promise<Result<HttpAnswer, Problem>> =>
      limited(async () => {
        if (bytesLeft < 0) return err(noRoom);
        // What GitHub answers is no reason to ask this machine's own services.
        if (isLoopback(url.hostname) && !isLoopback(new URL(api).hostname)) return err(unread('it is on this machine'));
        const answer = await exchangeAgain(url, null, {
          headers: { accept: 'application/vnd.github+json', 'user-agent': 'waybill' },
          maxBytes: MAX_EVIDENCE_BYTES,
          timeout,
          cancel,
        });
        if (answer.ok) bytesLeft -= answer.value.body.length;
        return answer;
      });
    const base = `${api}/repos/${name}/attestations/`;
    const place = (state: EvidencePlace['state'], why: string | null): EvidencePlace => ({
      kind: 'github-attestations',
      subject: digest,
      address: `${base}${digest}`,
      state,
      reason: why,
    });
    const items: Promise<EvidenceItem>[] = [];
    const end = async (why: string | null) => {
      const all = await Promise.all(items);
      return { place: place(why !== null ? 'failed' : all.length > 0 ? 'ok' : 'absent', why), items: all };
    };
    let url = new URL(`${base}${digest}?per_page=100`);
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await ask(url);
      if (!answer.ok) return end(reason(answer.error));
      const { status, body, headers, url: from } = answer.value;
      if (status === 404 || status === 422) {
        return { place: place('absent', 'GitHub answers the same for repositories that are not public.'), items: [] };
      }
      if (status !== 200) return end(refusal(status));
      const json = parseJson(body);
      const raw = json.ok ? at(json.value, 'attestations') : null;
      if (!json.ok || !Array.isArray(raw))
        return end('GitHub answered with something that is no list of attestations.');
      for (const each of list(json.value, 100, 'attestations')) items.push(bundleOf(each, digest, ask));
      const next = nextPage(headers.get('link'), from, '/');
      if (next === null) return end(null);
      if (next === false) return end('The list goes on at another address, which was not asked.');
      url = new URL(next, from);
    }
    return end(`The list has more than ${MAX_PAGES} pages; its end was not read.`);
  }
}

function refusal(status: number): string {
  return status === 403 || status === 429
    ? `GitHub answered ${status}: without an account it answers only some questions an hour. Wait, then try again.`
    : `GitHub answered ${status}. Try again later.`;
}

/** A bundle as it stands in the answer, or from where the answer says that it is. */
async function bundleOf(
  attestation: unknown,
  subject: string,
  ask: (url: URL) => Promise<Result<HttpAnswer, Problem>>,
): Promise<EvidenceItem> {
  const inline = at(attestation, 'bundle');
  if (record(inline) !== null && entries(inline, 1).length > 0)
    return itemOf(subject, Buffer.from(JSON.stringify(inline)), null);
  const address = text(attestation, 'bundle_url') ?? '';
  const mark = Buffer.from(address);
  if (!URL.canParse(address)) return itemOf(subject, mark, unread('the answer neither holds it nor says where it is'));
  const answer = await ask(new URL(address));
  if (!answer.ok) return itemOf(subject, mark, answer.error);
  if (answer.value.status !== 200) return itemOf(subject, mark, unread(`its server answered ${answer.value.status}`));
  const bytes = unpack(answer.value.body);
  return bytes.ok ? itemOf(subject, bytes.value, null) : itemOf(subject, mark, unread(bytes.error));
}

/** JSON as it is, or compressed with Snappy, as GitHub keeps it. */
function unpack(body: Buffer): Result<Buffer, string> {
  if (body[0] === 0x7b && parseJson(body).ok) return ok(body);
  const plain = decodeSnappy(body, MAX_EVIDENCE_BYTES);
  return plain !== null && parseJson(plain).ok ? ok(plain) : err('it is neither JSON nor JSON compressed with Snappy');
}
