// SPDX-License-Identifier: Apache-2.0
// What was signed, and whether it is about this image: the library checks neither.
import * as z from 'zod/mini';
import type { JudgementCode } from '../../core/attestations/codes.ts';
import type { EvidenceSubject, Judgement } from '../../core/attestations/model.ts';
import { parseStrictJson } from './strict-json.ts';

export interface Said {
  readonly content: Judgement['content'];
  readonly predicateType: string | null;
  readonly statement: unknown;
  /** Null where it is about one of the subjects. */
  readonly fault: { readonly code: JudgementCode; readonly detail: string } | null;
  /** The subject that it is about, in words. */
  readonly about: string;
}

const STATEMENT_TYPES = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'];
/** What `cosign sign` writes since version 3. */
const SIGNATURE_PREDICATE = 'https://sigstore.dev/cosign/sign/v1';
const SIMPLE_SIGNING = 'cosign container image signature';
const MAX_SUBJECTS = 10_000;

const statementSchema = z.object({
  _type: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).check(z.maxLength(MAX_SUBJECTS)),
  predicateType: z.string().check(z.minLength(1)),
});
const simpleSigningSchema = z.object({
  critical: z.object({
    image: z.object({ 'docker-manifest-digest': z.string() }),
    type: z.string(),
  }),
});

const ROLE_NAMES = {
  index: 'the image index',
  platform: 'this platform',
  'attestation-manifest': 'the attestation manifest',
};

const found = (subjects: readonly EvidenceSubject[], digest: string): EvidenceSubject | undefined =>
  subjects.find((each) => each.digest === digest);
/** Which of them, where they differ: an image has up to three digests, a file is one thing. */
const aboutOf = (subject: EvidenceSubject, subjects: readonly EvidenceSubject[]): string =>
  subjects.some(({ role }) => role !== subject.role)
    ? `It is about ${ROLE_NAMES[subject.role]}, ${subject.digest}.`
    : `It is about ${subject.digest}.`;

/** An in-toto statement, by its bytes. */
export function statementSays(payload: Uint8Array, subjects: readonly EvidenceSubject[]): Said {
  const json = parseStrictJson(payload);
  const fail = (code: JudgementCode, detail: string, rest: Partial<Said> = {}): Said => ({
    content: 'attestation',
    predicateType: null,
    statement: json.ok ? json.value : null,
    about: '',
    ...rest,
    fault: { code, detail },
  });
  if (!json.ok) return fail(json.error === 'json-malformed' ? 'statement-malformed' : json.error, 'the statement');
  const parsed = statementSchema.safeParse(json.value);
  if (!parsed.success) return fail('statement-malformed', 'it lacks type, subjects or predicate type');
  const { _type: type, subject: named, predicateType } = parsed.data;
  const content = predicateType === SIGNATURE_PREDICATE ? 'signature' : 'attestation';
  if (!STATEMENT_TYPES.includes(type))
    return fail('statement-malformed', `its type is ${type.slice(0, 100)}`, { predicateType });
  // Compared by the algorithms that the asked digests have: SHA-256 for images, SHA-512 as well for files.
  const algorithms = [...new Set(subjects.map((each) => each.digest.slice(0, each.digest.indexOf(':'))))];
  const asked = algorithms.length === 0 ? ['sha256'] : algorithms;
  const digests = named.flatMap(({ digest }) =>
    asked.flatMap((algorithm) => (Object.hasOwn(digest, algorithm) ? [`${algorithm}:${digest[algorithm] ?? ''}`] : [])),
  );
  if (digests.length === 0)
    return fail('subject-missing', `it names no digest of ${asked.join(' or ')}`, { content, predicateType });
  const [first] = digests;
  const subject = digests.map((digest) => found(subjects, digest)).find((each) => each !== undefined);
  if (subject === undefined) return fail('subject-mismatch', `it names ${first ?? ''}`, { content, predicateType });
  return { content, predicateType, statement: json.value, fault: null, about: aboutOf(subject, subjects) };
}

/** What older Cosign signs: a small document that names the digest of the image. */
export function simpleSigningSays(payload: Uint8Array, subjects: readonly EvidenceSubject[]): Said {
  const nothing = { content: 'signature', predicateType: null, statement: null, about: '' } as const;
  const json = parseStrictJson(payload);
  if (!json.ok)
    return {
      ...nothing,
      fault: { code: json.error === 'json-malformed' ? 'payload-malformed' : json.error, detail: 'the payload' },
    };
  const parsed = simpleSigningSchema.safeParse(json.value);
  if (!parsed.success) return { ...nothing, fault: { code: 'payload-malformed', detail: 'it names no image' } };
  const { image, type } = parsed.data.critical;
  if (type !== SIMPLE_SIGNING && type !== SIGNATURE_PREDICATE)
    return { ...nothing, fault: { code: 'payload-malformed', detail: `its type is ${type.slice(0, 100)}` } };
  const digest = image['docker-manifest-digest'];
  const subject = found(subjects, digest);
  if (subject === undefined)
    return { ...nothing, fault: { code: 'subject-mismatch', detail: `it names ${digest.slice(0, 100)}` } };
  return { ...nothing, fault: null, about: aboutOf(subject, subjects) };
}

/** A signature over the digest itself. */
export function digestSays(digest: Uint8Array, subjects: readonly EvidenceSubject[]): Said {
  const nothing = { content: 'signature', predicateType: null, statement: null, about: '' } as const;
  const written = `sha256:${Buffer.from(digest).toString('hex')}`;
  const subject = found(subjects, written);
  if (subject === undefined) return { ...nothing, fault: { code: 'subject-mismatch', detail: `it signs ${written}` } };
  return { ...nothing, fault: null, about: aboutOf(subject, subjects) };
}
