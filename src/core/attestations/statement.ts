// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { err, ok, type Result } from '../model/result.ts';
import { at, count, digestSet, excess, list, text } from './untrusted.ts';

/** Deeper or larger statements are refused; the SBOM of a very large image has some hundred thousand values. */
const MAX_DEPTH = 64;
const MAX_VALUES = 5_000_000;
/** Subjects of one statement: a release can have hundreds of files, an image has a few names. */
const MAX_SUBJECTS = 10_000;

export interface StatementSubject {
  readonly name: string | null;
  /** Algorithm to value, lower-case hexadecimal as written. */
  readonly digests: Readonly<Record<string, string>>;
}

/** An in-toto statement whose frame was checked; its predicate is still anything. */
export interface Statement {
  readonly version: '0.1' | '1';
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
  readonly predicate: unknown;
}

const frameSchema = z.object({
  _type: z.enum(['https://in-toto.io/Statement/v0.1', 'https://in-toto.io/Statement/v1']),
  subject: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_SUBJECTS)),
  predicateType: z.string().check(z.minLength(1), z.maxLength(2_048)),
});

const FRAME_REASONS: Readonly<Record<string, string>> = {
  _type: 'its _type is neither https://in-toto.io/Statement/v0.1 nor /v1',
  subject: `it has no subject, or more than ${MAX_SUBJECTS.toLocaleString('en-GB')}`,
  predicateType: 'it names no predicate type',
};

/** Read a parsed statement. The error is a sentence's end, such as "it names no predicate type". */
export function readStatement(value: unknown): Result<Statement, string> {
  const too = excess(value, MAX_DEPTH, MAX_VALUES);
  if (too !== null) return err(too);
  const frame = frameSchema.safeParse(value);
  if (!frame.success) {
    const [first] = frame.error.issues[0]?.path ?? [];
    return err(FRAME_REASONS[String(first)] ?? 'it is no in-toto statement');
  }
  const subjects = frame.data.subject.map((each): StatementSubject => ({
    name: text(each, 'name'),
    digests: digestSet(each, 'digest'),
  }));
  const nameless = subjects.findIndex(({ digests }) => Object.keys(digests).length === 0);
  if (nameless >= 0) return err(`its subject ${nameless + 1} has no digest`);
  return ok({
    version: text(value, '_type') === 'https://in-toto.io/Statement/v1' ? '1' : '0.1',
    predicateType: frame.data.predicateType,
    subjects,
    predicate: at(value, 'predicate'),
  });
}

/** The digests `sha256:…` that a statement is about, each once. */
export function subjectDigests({ subjects }: Statement): readonly string[] {
  const found = subjects.flatMap(({ digests }) => {
    const sha256 = digests['sha256'];
    return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? [`sha256:${sha256}`] : [];
  });
  return [...new Set(found)];
}

/** What can be said of a statement that is refused: its type, where it has one. */
export function statedType(value: unknown): string | null {
  return text(value, 'predicateType');
}

/** Names that the statement gives the image, at most ten. */
export function subjectNames(statement: Statement): readonly string[] {
  const names = statement.subjects.flatMap(({ name }) => (name === null || name === '_' ? [] : [name]));
  return [...new Set(names)].slice(0, 10);
}

/** Annotations of the first subject, as `cosign sign -a` writes them; at most 32. */
export function signatureAnnotations(value: unknown): readonly (readonly [string, string])[] {
  if (count(value, 'subject') === 0) return [];
  const [first] = list(value, 1, 'subject');
  const found = at(first, 'annotations');
  return typeof found !== 'object' || found === null
    ? []
    : Object.entries(found)
        .slice(0, 32)
        .flatMap(([key, each]) => (typeof each === 'string' ? [[key, each] as const] : []));
}
