// SPDX-License-Identifier: Apache-2.0
// What the Signatures and Provenance tabs show; part of the panel's protocol.
import * as z from 'zod/mini';
import { ANSWER_STATES } from './answer-state.ts';
import { RAW_PARTS } from '../model/raw-part.ts';

const text = z.string().check(z.maxLength(8_000));
const nullableText = z.nullable(text);
const listOf = <T extends z.ZodMiniType>(element: T, most: number) =>
  z.readonly(z.array(element).check(z.maxLength(most)));

const state = z.enum(ANSWER_STATES);

const fields = listOf(z.object({ label: text, value: text, mono: z.boolean() }), 500);
const documents = listOf(z.object({ row: text, part: z.enum(RAW_PARTS), label: text }), 10);
const commands = listOf(z.object({ tool: z.enum(['cosign', 'gh']), command: text }), 10);
const stepSchema = z.object({ state, word: text, title: text, detail: text });
const checkSchema = z.object({ state, text, note: nullableText });

/** The left side of Signatures: what was found, and where Waybill looked. */
export const evidenceListSchema = z.object({
  heading: text,
  rows: listOf(z.object({ id: text, state, title: text, note: text }), 1_000),
  places: listOf(z.object({ state, label: text, note: text, address: text }), 200),
});

/** The right side of Signatures: one thing that was found. */
export const evidenceDetailSchema = z.object({
  id: text,
  state,
  title: text,
  explanation: nullableText,
  checkSummary: text,
  checks: listOf(stepSchema, 100),
  signer: fields,
  certificate: fields,
  times: fields,
  root: fields,
  claims: fields,
  /** JSON as text. */
  raw: z.nullable(z.string().check(z.maxLength(200_000))),
  documents,
  commands,
});

/** The Provenance tab. */
export const provenanceSchema = z.object({
  chain: listOf(
    z.object({
      kind: z.enum(['source', 'workflow', 'builder', 'image']),
      title: text,
      lines: listOf(z.object({ text, mono: z.boolean() }), 20),
      link: nullableText,
      checks: listOf(checkSchema, 20),
    }),
    10,
  ),
  description: text,
  slsa: z.object({
    level: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    title: text,
    by: text,
    sentence: text,
    levels: listOf(z.object({ label: text, reached: z.boolean() }), 10),
    steps: listOf(stepSchema, 50),
  }),
  materials: z.object({
    note: text,
    rows: listOf(z.object({ name: text, kind: text, digest: text, check: z.nullable(checkSchema) }), 1_000),
  }),
  also: listOf(checkSchema, 1_000),
  documents,
  commands,
});

export type EvidenceListPart = z.infer<typeof evidenceListSchema>;
export type EvidenceDetailPart = z.infer<typeof evidenceDetailSchema>;
export type ProvenancePart = z.infer<typeof provenanceSchema>;
