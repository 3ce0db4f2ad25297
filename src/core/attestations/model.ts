// SPDX-License-Identifier: Apache-2.0
// What is found beside an image, and what was proved of it: shared by discovery, verification, reports and pages.
import type { Problem } from '../model/problem.ts';
import type { Result } from '../model/result.ts';
import type { Cancel, ImageSource } from '../ports.ts';

/** The digests that evidence may be about: Docker signs the attestation manifest, others the index or one platform. */
export const SUBJECT_ROLES = ['index', 'platform', 'attestation-manifest'] as const;
export type SubjectRole = (typeof SUBJECT_ROLES)[number];

export interface EvidenceSubject {
  readonly role: SubjectRole;
  /** `sha256:…` of the manifest's bytes. */
  readonly digest: string;
}

/** Where evidence can be; every one that applies is looked at and listed, so that "none found" can be believed. */
export const PLACE_KINDS = [
  'referrers',
  'fallback-tag',
  'cosign-signature-tag',
  'cosign-attestation-tag',
  'cosign-sbom-tag',
  'attestation-manifest',
  'github-attestations',
] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** `ok`: it answered and held something; `absent`: it answered and held nothing; a reason wherever it is neither. */
export type PlaceState = 'ok' | 'absent' | 'failed' | 'skipped' | 'unsupported';

export interface EvidencePlace {
  readonly kind: PlaceKind;
  /** Digest of the subject that was looked up here. */
  readonly subject: string;
  /** What was asked: a tag, an API path, a URL without credentials. */
  readonly address: string;
  readonly state: PlaceState;
  readonly reason: string | null;
}

/** What a found thing is by its form, before anything was proved. */
export const ITEM_KINDS = [
  /** A sigstore bundle, 0.1 to 0.3. */
  'bundle',
  /** A simple-signing layer with its annotations (`.sig` tags, experimental referrers). */
  'legacy-signature',
  /** A DSSE envelope with its annotations (`.att` tags). */
  'legacy-attestation',
  /** A DSSE envelope or bare statement as a referrer (Docker Hardened Images). */
  'in-toto-referrer',
  /** A bare statement in a BuildKit attestation manifest; never signed by itself. */
  'buildkit-statement',
  /** A `.sbom` tag; never signed. */
  'unsigned-sbom',
  'notation-signature',
  /** A referrer of another type: listed, not read. */
  'other-referrer',
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One thing that was found; its bytes are untrusted and at most `MAX_EVIDENCE_BYTES`. */
export interface EvidenceItem {
  readonly kind: ItemKind;
  readonly place: PlaceKind;
  /** Digest of the subject beside which it was found. */
  readonly subject: string;
  /** Manifest that holds it, null where none does (an API). */
  readonly manifestDigest: string | null;
  /** Digest of `bytes`. */
  readonly digest: string;
  readonly mediaType: string;
  /** Of the manifest, then of the layer. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Null where it was too large, could not be fetched, or is of a kind that is only listed; `problem` says why. */
  readonly bytes: Uint8Array | null;
  readonly problem: Problem | null;
}

/** Bytes of the largest attestation that is read; an SBOM of a big image in base64 is some tens of megabytes. */
export const MAX_EVIDENCE_BYTES = 64 * 1024 * 1024;

export interface Discovery {
  readonly subjects: readonly EvidenceSubject[];
  readonly places: readonly EvidencePlace[];
  readonly items: readonly EvidenceItem[];
}

export interface DiscoveryRequest {
  readonly source: ImageSource;
  /** `os/arch[/variant]`. */
  readonly platform: string;
  /** True: nothing is asked of any network; layouts and archives on disk are still read. */
  readonly offline: boolean;
  /** Repository that holds the cosign tags instead of the image's own (`COSIGN_REPOSITORY`), null for its own. */
  readonly cosignRepository: string | null;
  /** `owner/name` on GitHub whose attestation API is asked, null where the user did not turn it on. */
  readonly githubRepository: string | null;
  /**
   * An image of a local engine that is looked up in the registry that it is from, by its digest; left out, no registry is
   * asked about it. `configDigest` is that of the engine's image, null where the engine does not say it.
   */
  readonly localImage?: { readonly configDigest: string | null };
}

export interface Discoverer {
  discover(request: DiscoveryRequest, cancel: Cancel): Promise<Result<Discovery, Problem>>;
}

/**
 * `verified`: proved by a trusted root or a pinned key, and about this image. `invalid`: checked, and it does not hold.
 * `unsigned`: a claim without a signature. `unsupported`: present, and an honest limit of ours.
 * `could-not-check`: something needed was not there (network, root, bytes).
 */
export const VERDICTS = ['verified', 'invalid', 'unsigned', 'unsupported', 'could-not-check'] as const;
export type Verdict = (typeof VERDICTS)[number];

export type CheckState = 'passed' | 'failed' | 'skipped' | 'unsupported';

/** One step of a verification, in the order in which it was taken. */
export interface EvidenceCheck {
  /** Stable, kebab-case: `certificate-chain`, `sct`, `log-entry`, `timestamp`, `signature`, `subject`, `identity`, … */
  readonly id: string;
  readonly state: CheckState;
  readonly detail: string;
}

/** Who signed, as the certificate or the key says; never a judgement. */
export interface Signer {
  readonly kind: 'certificate' | 'key';
  /** Subject alternative name, or `sha256:…` of the key's SPKI. */
  readonly identity: string;
  /** OIDC issuer; null for keys. */
  readonly issuer: string | null;
  /** Fulcio extensions by name (`buildSignerUri`, `runnerEnvironment`, `sourceRepositoryUri`, …), verified certificates only. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Issuer's distinguished name and validity (ISO) of the leaf, null for keys. */
  readonly certificate: {
    readonly issuer: string;
    readonly serial: string;
    readonly from: string;
    readonly until: string;
  } | null;
}

export interface LogEntry {
  /** Base URL by the trusted root, or the log's id where the root does not name it. */
  readonly log: string;
  readonly index: string;
  /** ISO; null where the log gives none (Rekor v2). */
  readonly integrated: string | null;
  readonly kind: string;
}

export interface EvidenceTime {
  readonly source: 'log' | 'timestamp-authority';
  /** ISO. */
  readonly time: string;
}

/** Which trusted root was used, and from when it is. */
export interface RootUsed {
  /** `seed`, `tuf:HOST`, `file:NAME`, `key`; what the page shows. */
  readonly source: string;
  /** ISO date, null where it is not known. */
  readonly asOf: string | null;
}

/** Days after which a root that is fetched or shipped counts as old; Sigstore's own roots are renewed twice a year. */
export const ROOT_STALE_DAYS = 180;

/** One verified (or refused) item. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Stable kebab-case reason, `ok` where verified; see docs/evidence.md. */
  readonly code: string;
  /** A plain sentence: what happened, why, what to do; empty where verified. */
  readonly reason: string;
  readonly checks: readonly EvidenceCheck[];
  readonly signer: Signer | null;
  readonly logEntries: readonly LogEntry[];
  readonly times: readonly EvidenceTime[];
  readonly root: RootUsed | null;
  /** `signature` for sign/v1, messageSignature and simple signing; everything else is an attestation. */
  readonly content: 'signature' | 'attestation' | 'other';
  readonly predicateType: string | null;
  /** The parsed in-toto statement, signed or not (see `verdict`); untrusted shape. */
  readonly statement: unknown;
}

/** Whom the user accepts as signer; matched whole and literally. */
export type Expected =
  | { readonly kind: 'identity'; readonly identity: string; readonly issuer: string }
  | { readonly kind: 'key'; readonly pem: string; readonly name: string }
  /** Nobody named: prove the cryptography and report who signed. */
  | { readonly kind: 'anyone' };

export interface VerificationRequest {
  readonly item: EvidenceItem;
  /** Every digest that the evidence may be about. */
  readonly subjects: readonly EvidenceSubject[];
  readonly expected: Expected;
  /** Keys the policy pins, tried by hint for key-signed items. */
  readonly keys: readonly {
    readonly name: string;
    readonly pem: string;
    readonly validFrom?: string;
    readonly validUntil?: string;
  }[];
  /** Keys of publishers, tried where the named ones do not fit; that none of these does says nothing. */
  readonly publishers?: readonly { readonly name: string; readonly pem: string }[];
  /** A key-signed item without a log entry is accepted; proof of time is then missing and said to be. */
  readonly allowNoLog: boolean;
}

/** The adapter is `dist/verify.js`, loaded on first use. */
export interface Verifier {
  verify(request: VerificationRequest, cancel: Cancel): Promise<Judgement>;
}
