// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from './evidence/evidence.ts';
import type { RawDocument, RawEvidence } from './evidence/raw.ts';
import type { AuditReport } from './evidence/report.ts';
import type { Result } from './model/result.ts';
import type { StageName, StageState } from './model/stage.ts';
import type { RawPart } from './model/raw-part.ts';
import type { Problem } from './model/problem.ts';
import type { Policy } from './policy/model.ts';

/** What core needs from its host. Adapters live in node/ and editor/, fakes only in unit tests. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Asks a running task to end. `AbortSignal` satisfies it. */
export interface Cancel {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Files {
  /** Text of a file, or why it could not be read; refuses more than `maxBytes`. */
  readText(path: string, maxBytes: number): Promise<Result<string, Problem>>;
}

/** An image source as Syft names it; a scheme is always given, so nothing is looked up unasked. */
export const IMAGE_SCHEMES = ['docker', 'podman', 'registry', 'oci-dir', 'oci-archive', 'docker-archive'] as const;
export type ImageScheme = (typeof IMAGE_SCHEMES)[number];

export interface ImageSource {
  readonly scheme: ImageScheme;
  /** A reference for engines and registries, a path for the others. */
  readonly target: string;
}

/** Who an image is, before anything was scanned. Absent values are null. */
export interface ResolvedImage {
  readonly source: ImageSource;
  /** What the scanner is given: an exact, existing image, so that nothing is pulled silently. */
  readonly scanTarget: string;
  readonly platform: string | null;
  readonly indexDigest: string | null;
  readonly manifestDigest: string | null;
  readonly configDigest: string | null;
  /** ISO time of the image configuration. */
  readonly created: string | null;
  /** User of the image configuration; empty means root. */
  readonly user: string | null;
  /** Platforms an image index offers; empty for a single image. */
  readonly platforms: readonly string[];
}

/** Images of nerdctl are listed; no scheme reads them, so they are audited as an archive (`nerdctl save`). */
export interface EngineImage {
  readonly engine: 'docker' | 'podman' | 'nerdctl';
  readonly id: string;
  readonly reference: string | null;
  readonly createdAt: string | null;
  /** Bytes, where the engine says so. */
  readonly size: number | null;
}

export interface Engine {
  readonly name: EngineImage['engine'];
  /** Images of this engine; bounded in time and count, never starts an engine or pulls. */
  images(cancel: Cancel): Promise<Result<readonly EngineImage[], Problem>>;
}

export interface Resolver {
  /** Find out what `source` is, without pulling; asks a registry only for `registry:`. */
  resolve(
    source: ImageSource,
    platform: string | null,
    offline: boolean,
    cancel: Cancel,
  ): Promise<Result<ResolvedImage, Problem>>;
}

/** Progress of one running tool, in its own words made plain. */
export type Progress = (message: string) => void;

export interface ToolIdentity {
  readonly name: string;
  readonly version: string;
}

/** SBOM formats that the scan can write; the names are Syft's. */
export const SBOM_FORMATS = ['syft-json', 'spdx-json', 'cyclonedx-json'] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];

export interface ScannedSbom {
  readonly tool: ToolIdentity;
  /** Parsed syft-json, still untrusted: read it with core/evidence/sbom. */
  readonly document: unknown;
}

export interface ScanResult {
  /** Path of the kept syft-json; it holds Go symbols and file digests. */
  readonly sbomPath: string;
  /** Read it whole; large ones take a while, in which the matcher can already be at the file. */
  read(): Promise<Result<ScannedSbom, Problem>>;
}

export interface Scanner {
  sbom(image: ResolvedImage, progress: Progress, cancel: Cancel): Promise<Result<ScanResult, Problem>>;
}

export interface DatabaseStatus {
  /** ISO time of the build, null where it is not known. */
  readonly built: string | null;
  readonly schema: string | null;
  readonly kind: 'grype' | 'demonstration';
  readonly stale: boolean;
}

export interface MatchResult {
  readonly tool: ToolIdentity;
  /** Parsed Grype JSON, still untrusted: read it with core/evidence/vulnerabilities. */
  readonly document: unknown;
}

export interface Matcher {
  /** State of the database, asked before a scan; never fetches. */
  database(cancel: Cancel): Promise<Result<DatabaseStatus, Problem>>;
  match(sbomPath: string, progress: Progress, cancel: Cancel): Promise<Result<MatchResult, Problem>>;
}

/** A mirror of The Update Framework, and the first root.json, which alone says whom to believe there. */
export interface TrustMirror {
  readonly mirror: string;
  readonly rootPath: string;
}

/** Whose roots are believed, and whether newer ones may be fetched. Paths are absolute. */
export interface RootWish {
  /** A trusted_root.json instead of the roots that Waybill keeps; then nothing else counts, and nothing is fetched. */
  readonly trustedRoot: string | null;
  /** A mirror of the user's own instead of Sigstore's, null for Sigstore's. */
  readonly tuf: TrustMirror | null;
  /** A first root.json of GitHub's own instance, null for the one that Waybill brings. */
  readonly githubRoot: string | null;
  /** True: a newer root may be fetched where the last one is older than a day; false: what was fetched before counts. */
  readonly fetchRoots: boolean;
}

/** What is asked of signatures and attestations, beyond that they are looked for. */
export interface EvidenceWish extends RootWish {
  /** Whose trust entry counts; null judges nobody. */
  readonly policy: Policy | null;
  /** True: an image of a local engine is looked for in the registry that its repository digest names. */
  readonly localImages: boolean;
  /** Repository with the cosign tags instead of the image's own, null for its own. */
  readonly cosignRepository: string | null;
  /** `owner/name` on GitHub whose attestation API is asked, null where the user did not turn it on. */
  readonly githubRepository: string | null;
  /** Why it cannot be done as it was asked for: the stage then fails with it, and nothing else is tried instead. */
  readonly problem: Problem | null;
}

/** What was found and judged, with the SBOMs among it. */
export interface CollectedEvidence {
  readonly evidence: Evidence;
  readonly findings: AuditReport['findings'];
  /** Whole SBOMs that were attested, packed; the files last as long as the audit's own folder. */
  readonly sboms: readonly AttestedSbomFile[];
  /** What was found, as it was found; the files last as long. */
  readonly raw: readonly RawEvidenceFile[];
}

export interface AttestedSbomFile {
  /** Digest of the item of the report that carries it. */
  readonly digest: string;
  /** Path of its JSON, compressed with gzip. */
  readonly path: string;
}

/** An item as it was found, packed by node/evidence/keep. */
export interface RawEvidenceFile {
  /** Position in the report's list of items; one digest can stand there twice, with other signatures. */
  readonly item: number;
  readonly digest: string;
  /** Null where it was left out, because there was no room for it. */
  readonly path: string | null;
}

/** Finds, verifies and judges evidence; a text is the reason why that was not to be done. */
export interface EvidenceCollector {
  collect(
    image: ResolvedImage,
    request: AuditRequest,
    progress: Progress,
    cancel: Cancel,
  ): Promise<Result<CollectedEvidence | { readonly skipped: string }, Problem>>;
}

export interface AuditRequest {
  readonly source: ImageSource;
  /** `os/arch[/variant]`; null takes the host's. */
  readonly platform: string | null;
  /** True: nothing is asked of any network, not even of a registry named in the reference. */
  readonly offline: boolean;
  /** True: a vulnerability database older than its limit is used all the same, and the report says so. */
  readonly allowStaleDatabase: boolean;
  /** Without it no policy holds, Waybill's own roots count, and local images are not asked for in a registry. */
  readonly evidence?: EvidenceWish;
}

/** One change of one stage, in the order in which things happen. */
export interface AuditEvent {
  readonly stage: StageName;
  readonly state: 'waiting' | 'running' | StageState;
  /** Present participle with real counts while running; the reason where it ended other than `ok`. */
  readonly message: string | null;
  readonly code: string | null;
  /** The report as far as it is, where this stage added rows to it: what a panel shows while the rest still runs. */
  readonly soFar?: AuditReport;
}

/** One engine's answer to "which images are there?". */
export interface EngineListing {
  readonly engine: EngineImage['engine'];
  readonly result: Result<readonly EngineImage[], Problem>;
}

/** The audit half as editor and CLI use it; its adapter is a file of its own, loaded on first use. */
export interface Auditor {
  /**
   * Never rejects: what failed stands in the report's stages. The report is stored before it is returned, unless a
   * better one of the same image is there. `finish` is waited for while the files of the scan are still there.
   */
  audit(
    request: AuditRequest,
    onEvent: (event: AuditEvent) => void,
    cancel: Cancel,
    finish?: (audited: FinishedAudit) => Promise<void>,
  ): Promise<AuditReport>;
  /** Engines that are installed, each with its images or why it does not answer. */
  engineImages(cancel: Cancel): Promise<readonly EngineListing[]>;
  /** Platforms of an image index; empty where there is only one image. */
  platforms(source: ImageSource, cancel: Cancel): Promise<Result<readonly string[], Problem>>;
  /** What the tag of an image in a registry names now: its index where it has one, so that it holds on every platform. */
  digest(reference: string, cancel: Cancel): Promise<Result<string, Problem>>;
  /** A part of an item that was kept, as a document; see `Store.rawEvidence` for what names it. */
  evidenceDocument(key: string, item: number, digest: string, part: RawPart): Promise<Result<RawDocument, Problem>>;
  readonly store: Store;
}

/** An audit whose private folder is still there. */
export interface FinishedAudit {
  readonly report: AuditReport;
  /** Why the report could not be kept; null where it was, or where there was nothing to keep. */
  readonly notStored: Problem | null;
  /** Write the SBOM of this very scan, whatever became of the store; null without one. */
  readonly saveSbom: ((format: SbomFormat, path: string) => Promise<Result<null, Problem>>) | null;
}

/** What a list of stored reports shows without reading each whole report. */
export interface StoredReport {
  readonly key: string;
  readonly reference: string;
  readonly platform: string | null;
  readonly generated: string;
  readonly packages: number;
  readonly bySeverity: AuditReport['summary']['bySeverity'];
  /** Vulnerabilities known to be exploited. */
  readonly knownExploited: number;
  /** The due date of each one that has one, as the vulnerability database says it, earliest first. */
  readonly kevDue: readonly string[];
}

/** Reports by image digest, shared by CLI and editor. */
export interface Store {
  /** Newest first. What cannot be read is left out and logged. */
  list(): Promise<readonly StoredReport[]>;
  read(key: string): Promise<Result<AuditReport, Problem>>;
  remove(key: string): Promise<Result<null, Problem>>;
  /** Write the SBOM that the stored scan made; converts from the kept syft-json, never scans again. */
  saveSbom(key: string, format: SbomFormat, path: string, cancel: Cancel): Promise<Result<null, Problem>>;
  /** An SBOM that somebody attested, by the digest of the report's item that carries it; untrusted shape. */
  attestedSbom(key: string, digest: string): Promise<Result<unknown, Problem>>;
  /** An item as it was found, by its position in the report and its digest, which its bytes still have. */
  rawEvidence(key: string, item: number, digest: string): Promise<Result<RawEvidence, Problem>>;
  /** Tells when reports were added or removed, by this process or another; returns what ends the watching. */
  watch(listener: () => void): () => void;
}
