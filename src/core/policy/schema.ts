// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { FINDING_SEVERITIES } from '../model/severity.ts';

// Functions, so that each use can have a description of its own.
const text = () => z.string().check(z.minLength(1), z.maxLength(1024));
const glob = () => z.string().check(z.minLength(1), z.maxLength(512));
const list = <T extends z.ZodMiniType>(item: T) => z.array(item).check(z.maxLength(1000));
const described = <T extends z.ZodMiniType>(schema: T, description: string): T => {
  // Read by editors that complete the file, through the JSON Schema.
  z.globalRegistry.add(schema, { description });
  return schema;
};

export const WISHES = ['required', 'preferred', 'off'] as const;
export type Wish = (typeof WISHES)[number];
export const STAGE_ROLES = ['final', 'builder'] as const;
export type StageRole = (typeof STAGE_ROLES)[number];

const wish = () => z.enum(WISHES);
const byRole = () => z.union([wish(), z.strictObject({ final: z.optional(wish()), builder: z.optional(wish()) })]);

/** Vendors whose paid images an organisation can have a right to. */
export const VENDORS = [
  'chainguard',
  'docker-hardened-images',
  'red-hat',
  'ubuntu-pro',
  'ciq',
  'tuxcare',
  'suse',
  'oracle',
  'bitnami',
  'minimus',
  'rapidfort',
] as const;
export type Vendor = (typeof VENDORS)[number];

const day = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'A day is written YYYY-MM-DD.', abort: true }),
  z.refine((value) => isDay(value), 'There is no such day.'),
);

/** True for a day that is in the calendar. */
export function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

const scopeSchema = z.strictObject({
  files: z.optional(described(list(glob()), 'Files, by patterns relative to the policy file.')),
  bases: z.optional(described(list(glob()), 'Base images as written in FROM, normalised: docker.io/library/node:24.')),
  images: z.optional(described(list(glob()), 'Built images, by name and tag.')),
  digests: z.optional(
    described(
      list(z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, 'A digest is sha256: and 64 hexadecimal digits.'))),
      'Built images, by digest.',
    ),
  ),
  packages: z.optional(described(list(glob()), 'Packages, by name or purl.')),
});

export const waiverSchema = z.strictObject({
  rule: z.optional(described(text(), 'Name or id of a rule, such as base-end-of-life or WB1003.')),
  vulnerability: z.optional(described(text(), 'Id of a vulnerability; its aliases count too.')),
  scope: z.optional(described(scopeSchema, 'What it holds for; all that is given has to fit. Without it, everything.')),
  owner: described(text(), 'Who answers for it.'),
  reason: described(text(), 'Why it is right here.'),
  expires: described(day, 'Last day on which it holds.'),
});

const mappingSchema = z.strictObject({
  from: described(text(), 'Name or namespace as others write it; a namespace ends in /.'),
  to: described(text(), 'Where this organisation has it.'),
});

const factText = () => z.union([text(), z.number()]);
export const overlaySchema = z.strictObject({
  image: described(text(), 'registry/repository, without a tag.'),
  like: z.optional(described(text(), 'An image of the catalogue whose facts hold for this one too.')),
  distribution: z.optional(factText()),
  libc: z.optional(factText()),
  packageManager: z.optional(described(factText(), 'Its name, or none.')),
  shell: z.optional(described(factText(), 'Its name, or none.')),
  user: z.optional(described(factText(), 'The user a container runs as by default.')),
  lifecycle: z.optional(described(text(), 'Product of the end-of-life table whose cycles the tags name.')),
  variants: z.optional(list(text())),
  deprecated: z.optional(described(text(), 'Why it should not be used any more.')),
  minimal: z.optional(described(text(), 'The minimal image to use instead.')),
  fips: z.optional(described(text(), 'The image with a validated module to use instead.')),
  note: z.optional(text()),
});

const trustSignerSchema = z.strictObject({
  issuer: z.optional(described(text(), 'OpenID issuer in the certificate, whole and literally.')),
  identity: z.optional(
    described(text(), 'Identity in the certificate (subject alternative name), whole and literally.'),
  ),
  identityPattern: z.optional(
    described(
      glob(),
      'Instead of identity: a pattern for the whole of it. * is any text without a slash, ** any text.',
    ),
  ),
  key: z.optional(
    described(
      z.string().check(z.minLength(1), z.maxLength(16_384)),
      'Instead of a certificate: a public key in PEM, or the path of one, relative to this file.',
    ),
  ),
  log: z.optional(
    described(
      z.enum(['required', 'optional']),
      'Whether a signature by this key needs an entry in a transparency log.',
    ),
  ),
  validFrom: z.optional(described(day, 'First day on which the key signs.')),
  validUntil: z.optional(described(day, 'Last day on which the key signs.')),
});

const buildLevel = () => z.literal([1, 2, 3]);

const trustBuilderSchema = z.strictObject({
  id: z.optional(described(text(), 'Id of the builder in the provenance, whole and literally.')),
  idPattern: z.optional(described(glob(), 'Instead of id: a pattern for the whole of it.')),
  level: described(buildLevel(), 'SLSA Build level that you hold it to reach.'),
});

export const trustSchema = z.strictObject({
  images: described(
    z.union([glob(), list(glob())]),
    'Images it is for, by patterns of registry/repository; images on disk by scheme:path. The first entry that fits counts.',
  ),
  signers: described(list(trustSignerSchema).check(z.minLength(1)), 'Who may sign: any one of these.'),
  require: z.optional(
    described(
      list(text()),
      'What has to be there, signed by one of the signers: signature, provenance, sbom, spdx, cyclonedx, vex, vulnerabilities, test-result, vsa, or a predicate type. Without it, signature.',
    ),
  ),
  builders: z.optional(
    described(list(trustBuilderSchema), 'Builders of your own, and the level you hold them to reach.'),
  ),
  minimumLevel: z.optional(described(buildLevel(), 'SLSA Build level that the provenance has to reach.')),
  source: z.optional(
    described(
      z.strictObject({
        repository: z.optional(described(text(), 'Repository that it has to be built from.')),
        ref: z.optional(described(text(), 'Ref that it has to be built from, such as refs/heads/main.')),
        refPattern: z.optional(described(glob(), 'Instead of ref: a pattern, such as refs/tags/v*.')),
        workflow: z.optional(described(text(), 'Build file or workflow, such as .github/workflows/release.yml.')),
      }),
      'What the provenance has to say of the source.',
    ),
  ),
  freshness: z.optional(
    described(
      z
        .string()
        .check(z.regex(/^[1-9]\d{0,3} (?:hours?|days?)$/, 'This is a number of hours or days, such as 30 days.')),
      'How old what is required may be, by the time that a log or a timestamp proves.',
    ),
  ),
  verifiers: z.optional(described(list(text()), 'Ids of verifiers whose SLSA verification summaries count.')),
});

const severity = z.enum([...FINDING_SEVERITIES, 'off'] as const);

/** One schema for each part of a policy, so that a mistake in one part leaves the others in force. */
export const POLICY_PARTS = {
  extends: described(
    z.union([text(), list(text())]),
    'Policy files to build on, relative to this one; the nearest word wins.',
  ),
  fips: described(byRole(), 'Whether stages have to have a validated cryptographic module.'),
  minimal: described(byRole(), 'Whether stages have to be minimal: no shell, no package manager.'),
  registries: described(
    z.strictObject({ allowed: described(list(glob()), 'Patterns of registry/repository that bases may come from.') }),
    'Where bases may come from.',
  ),
  rules: described(z.record(text(), severity), 'Severity by name or id of a rule; off leaves it out.'),
  images: described(list(mappingSchema), 'Mirrors: the same images under other names.'),
  catalogue: described(list(overlaySchema), 'Images of your own, and facts that replace wrong ones.'),
  entitlements: described(list(z.enum(VENDORS)), 'Vendors whose paid images may be offered.'),
  trust: described(list(trustSchema), 'Who may sign which images, and what has to be there beside them.'),
  waivers: described(list(waiverSchema), 'Findings that are accepted, by whom, why, and until when.'),
} as const;
export type PolicyPart = keyof typeof POLICY_PARTS;

/** A whole policy file; published as docs/schemas/policy.json. */
export const policyFileSchema = z.strictObject({
  extends: z.optional(POLICY_PARTS.extends),
  fips: z.optional(POLICY_PARTS.fips),
  minimal: z.optional(POLICY_PARTS.minimal),
  registries: z.optional(POLICY_PARTS.registries),
  rules: z.optional(POLICY_PARTS.rules),
  images: z.optional(POLICY_PARTS.images),
  catalogue: z.optional(POLICY_PARTS.catalogue),
  entitlements: z.optional(POLICY_PARTS.entitlements),
  trust: z.optional(POLICY_PARTS.trust),
  waivers: z.optional(POLICY_PARTS.waivers),
});
export type PolicyFile = z.infer<typeof policyFileSchema>;
export type OverlayEntry = z.infer<typeof overlaySchema>;
export type WaiverEntry = z.infer<typeof waiverSchema>;
export type TrustEntry = z.infer<typeof trustSchema>;
export type TrustSignerEntry = z.infer<typeof trustSignerSchema>;
