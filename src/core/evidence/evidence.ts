// SPDX-License-Identifier: Apache-2.0
// What was found beside an image and what became of it, as a report keeps it. Everything that is a claim of a statement
// stands under `claim`; what was proved stands beside it.
import * as z from 'zod/mini';
import { ITEM_KINDS, PLACE_KINDS, SUBJECT_ROLES, VERDICTS } from '../attestations/model.ts';
import { PREDICATE_KINDS } from '../attestations/predicates.ts';
import { RAW_PARTS } from '../model/raw-part.ts';

const nullableText = z.nullable(z.string());
const nullableFlag = z.nullable(z.boolean());
const digests = z.record(z.string(), z.string());

const materialSchema = z.object({
  uri: nullableText,
  /** For people: `docker.io/library/golang:1.26`, `github.com/owner/name`. */
  name: z.string(),
  kind: z.enum(['image', 'source', 'package', 'other']),
  digests,
});
export type Material = z.infer<typeof materialSchema>;

const storySchema = z.object({
  /** Version of the SLSA provenance format. */
  format: z.enum(['0.1', '0.2', '1']),
  origin: z.string(),
  originName: z.string(),
  builder: nullableText,
  buildType: nullableText,
  /** `hint`: told by whoever called the builder, not seen by it. */
  source: z.nullable(z.object({ repository: z.string(), commit: nullableText, ref: nullableText, hint: z.boolean() })),
  /** Build file, job or target as the builder was told. */
  entryPoint: nullableText,
  /** `.github/workflows/…` where the builder is a workflow. */
  workflow: nullableText,
  invocation: nullableText,
  event: nullableText,
  runner: nullableText,
  started: nullableText,
  finished: nullableText,
  parameters: z.array(z.object({ name: z.string(), value: z.string() })),
  materials: z.array(materialSchema),
  /** All of them; `materials` holds the first 500. */
  materialCount: z.number(),
  hermetic: nullableFlag,
  reproducible: nullableFlag,
  completeness: z.object({ parameters: nullableFlag, environment: nullableFlag, materials: nullableFlag }),
});
export type Story = z.infer<typeof storySchema>;

/** What a statement says, read as far as its type is known. */
const claimSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signature'), annotations: z.array(z.object({ name: z.string(), value: z.string() })) }),
  z.object({ kind: z.literal('provenance'), story: storySchema }),
  z.object({
    kind: z.literal('sbom'),
    format: z.enum(['SPDX', 'CycloneDX', 'Syft']),
    version: nullableText,
    /** Tools that wrote it. */
    tools: z.array(z.string()),
    created: nullableText,
    packages: z.number(),
    /** Bytes of the document. */
    size: z.number(),
  }),
  z.object({
    kind: z.literal('vsa'),
    verifier: nullableText,
    resource: nullableText,
    policy: nullableText,
    result: nullableText,
    levels: z.array(z.string()),
    verified: nullableText,
  }),
  z.object({
    kind: z.literal('vex'),
    author: nullableText,
    updated: nullableText,
    /** Number of statements by status. */
    statuses: z.record(z.string(), z.number()),
    statements: z.array(z.object({ vulnerability: z.string(), status: z.string(), justification: nullableText })),
    statementCount: z.number(),
  }),
  z.object({
    kind: z.literal('vulnerabilities'),
    scanner: nullableText,
    scannerVersion: nullableText,
    finished: nullableText,
    /** Null where the format does not list them. */
    results: z.nullable(z.number()),
  }),
  z.object({
    kind: z.literal('test-result'),
    result: nullableText,
    passed: z.number(),
    warned: z.number(),
    failed: z.number(),
    url: nullableText,
  }),
  z.object({
    kind: z.literal('fips'),
    modules: z.array(
      z.object({
        name: nullableText,
        package: nullableText,
        version: nullableText,
        certificate: nullableText,
        standard: nullableText,
        status: nullableText,
        sunset: nullableText,
      }),
    ),
  }),
  z.object({
    kind: z.literal('stig'),
    profiles: z.array(
      z.object({
        name: nullableText,
        /** Per cent of the highest score, null where it is not stated. */
        score: z.nullable(z.number()),
        /** Every number of its summary, by its own name. */
        counts: z.record(z.string(), z.number()),
      }),
    ),
  }),
  /** Of a type that is not read further: JSON, cut off where it is long. */
  z.object({ kind: z.literal('raw'), json: z.string(), complete: z.boolean() }),
  /** It could not be read; the reason is a sentence's end. */
  z.object({ kind: z.literal('unreadable'), reason: z.string() }),
]);
export type Claim = z.infer<typeof claimSchema>;

export const checkSchema = z.object({
  id: z.string(),
  state: z.enum(['passed', 'failed', 'skipped', 'unsupported']),
  detail: z.string(),
});

export const signerSchema = z.object({
  kind: z.enum(['certificate', 'key']),
  identity: z.string(),
  issuer: nullableText,
  extensions: z.record(z.string(), z.string()),
  certificate: z.nullable(z.object({ issuer: z.string(), serial: z.string(), from: z.string(), until: z.string() })),
});

const itemSchema = z.object({
  kind: z.enum(ITEM_KINDS),
  place: z.enum(PLACE_KINDS),
  /** Digest beside which it was found. */
  subject: z.string(),
  manifestDigest: nullableText,
  digest: z.string(),
  mediaType: z.string(),
  verdict: z.enum(VERDICTS),
  code: z.string(),
  reason: z.string(),
  checks: z.array(checkSchema),
  signer: z.nullable(signerSchema),
  logEntries: z.array(z.object({ log: z.string(), index: z.string(), integrated: nullableText, kind: z.string() })),
  times: z.array(z.object({ source: z.enum(['log', 'timestamp-authority']), time: z.string() })),
  root: z.nullable(z.object({ source: z.string(), asOf: nullableText })),
  content: z.enum(['signature', 'attestation', 'other']),
  predicateType: nullableText,
  /** True where it names digests, and this image is none of them. */
  aboutOther: z.boolean(),
  /** What it is for people: `SLSA provenance v1`, `Image signature`. */
  label: z.string(),
  type: z.enum(PREDICATE_KINDS),
  /** Digest of the verified item that signs the manifest in which this unsigned one stands; null where none does. */
  signedBy: nullableText,
  /** Whether the policy's entry lists its proved signer; null without an entry, or where nobody is proved. */
  allowed: nullableFlag,
  /** What the policy calls the key that signed, else its publisher; null for certificates and keys that nobody names. */
  keyName: nullableText,
  claim: z.nullable(claimSchema),
  /** What of it was kept with the report and can be opened; left out where nothing was kept. */
  documents: z.optional(z.array(z.enum(RAW_PARTS))),
});
export type ReportItem = z.infer<typeof itemSchema>;

/** `not-met`: a step of a higher level; `not-reached`: an earlier step ended the list; `skipped`: nothing to compare. */
export const SLSA_STEP_STATES = ['passed', 'failed', 'not-met', 'unknown', 'skipped', 'not-reached'] as const;
const slsaSchema = z.object({
  level: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  /** `GitHub Actions`; null where nobody who is recognised vouches for it. */
  claimedBy: nullableText,
  /** `SLSA Build L2, by claim of GitHub Actions.` */
  sentence: z.string(),
  /** Digest of the item that it rests on, null without one. */
  provenance: nullableText,
  steps: z.array(z.object({ id: z.string(), title: z.string(), state: z.enum(SLSA_STEP_STATES), detail: z.string() })),
});
export type SlsaResult = z.infer<typeof slsaSchema>;
export type SlsaStep = SlsaResult['steps'][number];

export const REQUIREMENT_STATES = ['met', 'unmet', 'could-not-check'] as const;
/** `none`: no policy; `no-rule`: the policy has no entry for this image. */
export const POLICY_STATES = ['met', 'unmet', 'could-not-check', 'no-rule', 'none'] as const;

const requirementSchema = z.object({
  /** `signature`, `provenance`, `sbom`, …, a predicate type, `level`, `source`. */
  id: z.string(),
  /** What is asked for, for people. */
  title: z.string(),
  state: z.enum(REQUIREMENT_STATES),
  /** Stable code of why it is not met: `missing`, `signer`, `subject`, `level`, …; `ok` where it is met. */
  code: z.string(),
  /** What happened, why, what to do; empty where it is met. */
  reason: z.string(),
  /** Digests of the items that meet it, else of those that were looked at. */
  items: z.array(z.string()),
});
export type Requirement = z.infer<typeof requirementSchema>;

const policyResultSchema = z.object({
  /** Policy file of the entry that holds; null without a policy. */
  file: nullableText,
  /** Line of that entry, 1-based. */
  line: z.nullable(z.number()),
  state: z.enum(POLICY_STATES),
  requirements: z.array(requirementSchema),
});
export type PolicyResult = z.infer<typeof policyResultSchema>;

export const evidenceSchema = z.object({
  subjects: z.array(z.object({ role: z.enum(SUBJECT_ROLES), digest: z.string() })),
  places: z.array(
    z.object({
      kind: z.enum(PLACE_KINDS),
      subject: z.string(),
      address: z.string(),
      state: z.enum(['ok', 'absent', 'failed', 'skipped', 'unsupported']),
      reason: nullableText,
    }),
  ),
  items: z.array(itemSchema),
  slsa: slsaSchema,
  policy: policyResultSchema,
});
/** The `evidence` member of a report. */
export type Evidence = z.infer<typeof evidenceSchema>;
