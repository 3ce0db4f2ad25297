// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../model/problem.ts';
import type { Result } from '../model/result.ts';
import { STAGE_NAMES, type StageName } from '../model/stage.ts';
import { problemText } from '../model/problem.ts';
import type { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import type {
  AuditEvent,
  AuditRequest,
  AttestedSbomFile,
  Cancel,
  Clock,
  CollectedEvidence,
  DatabaseStatus,
  EvidenceCollector,
  Matcher,
  MatchResult,
  Progress,
  RawEvidenceFile,
  ResolvedImage,
  Resolver,
  Scanner,
} from '../ports.ts';
import type { AuditReport, PackageRow, StageReport, VulnerabilityRow } from './report.ts';
import { readSbom, type Sbom } from './sbom.ts';
import { readVulnerabilities } from './vulnerabilities.ts';

export interface AuditPorts {
  readonly resolver: Resolver;
  readonly scanner: Scanner;
  readonly matcher: Matcher;
  readonly clock: Clock;
  /** Left out where nobody is to look for evidence. */
  readonly evidence?: EvidenceCollector;
}

export interface AuditOutcome {
  readonly report: AuditReport;
  /** Path of the kept syft-json, null where the scan failed. */
  readonly sbomPath: string | null;
  /** SBOMs that others attested. */
  readonly attested: readonly AttestedSbomFile[];
  /** What was found beside the image, as it was found. */
  readonly raw: readonly RawEvidenceFile[];
}

const CANCELLED: Problem = { code: 'cancelled', what: 'Cancelled', why: 'it was asked to stop', todo: '' };

/** Runs the stages of one audit and keeps what each ended in. A failed stage never hides another. */
class StageRun {
  readonly #stages = new Map<StageName, StageReport>();
  readonly #clock: Clock;
  readonly #cancel: Cancel;
  readonly #onEvent: (event: AuditEvent) => void;

  constructor(clock: Clock, cancel: Cancel, onEvent: (event: AuditEvent) => void) {
    this.#clock = clock;
    this.#cancel = cancel;
    this.#onEvent = onEvent;
    for (const stage of STAGE_NAMES) onEvent({ stage, state: 'waiting', message: null, code: null });
  }

  async run<T>(
    stage: StageName,
    message: string,
    work: (progress: Progress) => Promise<Result<T, Problem>>,
    /** Why there was nothing to do after all; null where there was. */
    skipped: (value: T) => string | null = () => null,
  ): Promise<T | null> {
    if (this.#cancel.aborted) {
      this.#end(stage, { state: 'cancelled', reason: 'Cancelled.', code: 'cancelled', durationMs: null });
      return null;
    }
    const started = this.#clock.now();
    const progress: Progress = (text) => this.#onEvent({ stage, state: 'running', message: text, code: null });
    progress(message);
    let result: Result<T, Problem>;
    try {
      result = await work(progress);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      result = {
        ok: false,
        error: { code: 'internal', what: 'This stage failed', why, todo: 'Report this with the log.' },
      };
    }
    const durationMs = Math.round(this.#clock.now() - started);
    const reason = result.ok ? skipped(result.value) : null;
    if (reason !== null) {
      this.#end(stage, { state: 'skipped', reason, code: null, durationMs });
      return null;
    }
    if (result.ok) {
      this.#end(stage, { state: 'ok', reason: null, code: null, durationMs });
      return result.value;
    }
    const problem = this.#cancel.aborted ? CANCELLED : result.error;
    const cancelled = problem.code === 'cancelled';
    this.#end(stage, {
      state: cancelled ? 'cancelled' : 'failed',
      reason: cancelled ? 'Cancelled.' : problemText(problem),
      code: problem.code,
      durationMs,
    });
    return null;
  }

  skip(stage: StageName, reason: string): void {
    const cancelled = this.#cancel.aborted;
    this.#end(
      stage,
      cancelled
        ? { state: 'cancelled', reason: 'Cancelled.', code: 'cancelled', durationMs: null }
        : { state: 'skipped', reason, code: null, durationMs: null },
    );
  }

  report(): AuditReport['stages'] {
    const missing: StageReport = { state: 'skipped', reason: 'It was not reached.', code: null, durationMs: null };
    const of = (name: StageName): StageReport => this.#stages.get(name) ?? missing;
    return {
      resolve: of('resolve'),
      evidence: of('evidence'),
      sbom: of('sbom'),
      database: of('database'),
      matching: of('matching'),
    };
  }

  #end(stage: StageName, report: StageReport): void {
    this.#stages.set(stage, report);
    this.#onEvent({ stage, state: report.state, message: report.reason, code: report.code });
  }
}

function staleProblem(status: DatabaseStatus): Problem {
  return {
    code: 'database-stale',
    what: 'Could not match',
    why: `the vulnerability database was built ${status.built?.slice(0, 10) ?? 'at an unknown time'}, which is past its limit`,
    todo: 'Update it with grype db update, or use it once anyway.',
  };
}

/** One audit: resolve, scan while the database is looked at, match, and put it all into one report. Never rejects. */
export async function audit(
  request: AuditRequest,
  ports: AuditPorts,
  onEvent: (event: AuditEvent) => void,
  cancel: Cancel,
): Promise<AuditOutcome> {
  const run = new StageRun(ports.clock, cancel, onEvent);
  const reference = `${request.source.scheme}:${request.source.target}`;

  let known: DatabaseStatus | null = null;
  const databaseStatus = run.run('database', 'Asking for the database status', async () => {
    const status = await ports.matcher.database(cancel);
    if (status.ok) known = status.value;
    return status.ok && status.value.stale && !request.allowStaleDatabase
      ? { ok: false, error: staleProblem(status.value) }
      : status;
  });
  const resolved = await run.run('resolve', `Looking up ${request.source.target}`, () =>
    ports.resolver.resolve(request.source, request.platform, request.offline, cancel),
  );

  let collected: CollectedEvidence | null = null;
  // It goes on beside the scan; what it finds is in every report from then on.
  const evidence = collectEvidence(request, resolved, ports.evidence ?? null, run, cancel).then((found) => {
    collected = found;
    return found;
  });

  let sbomPath: string | null = null;
  let sbom: Sbom | null = null;
  let matching: Promise<Result<MatchResult, Problem> | null> = Promise.resolve(null);
  let matchProgress: Progress = () => undefined;
  const tools: { name: string; version: string }[] = [];
  if (resolved === null) {
    run.skip('sbom', 'The image could not be looked up, so there is nothing to scan.');
  } else {
    await run.run('sbom', 'Cataloguing packages', async (progress) => {
      const scanned = await ports.scanner.sbom(resolved, progress, cancel);
      if (!scanned.ok) return scanned;
      const file = scanned.value.sbomPath;
      // The matcher needs the file alone: it is at it while the SBOM is read here.
      matching = databaseStatus.then((usable) =>
        usable === null ? null : ports.matcher.match(file, (text) => matchProgress(text), cancel),
      );
      // It is waited for below; until then a failure of it is nobody's yet.
      matching.catch(() => undefined);
      const document = await scanned.value.read();
      if (!document.ok) return document;
      const read = readSbom(document.value.document);
      if (!read.ok) return read;
      const other = otherImage(resolved, read.value);
      if (other !== null) return { ok: false, error: other };
      tools.push(document.value.tool);
      sbomPath = file;
      sbom = read.value;
      return read;
    });
  }
  const finishedSbom = sbom as Sbom | null;

  const database = await databaseStatus;
  const report = (matches: readonly VulnerabilityRow[]): AuditReport => ({
    schemaVersion: 1,
    generated: new Date(ports.clock.now()).toISOString(),
    image: imageOf(reference, request, resolved, finishedSbom),
    tools: [...tools],
    // What is known of a database is said even where it was not used.
    database: known,
    stages: run.report(),
    packages: [...(finishedSbom?.packages ?? [])],
    vulnerabilities: [...matches],
    evidence: collected?.evidence ?? null,
    findings: [...(collected?.findings ?? [])],
    summary: summaryOf(finishedSbom?.packages ?? [], matches),
  });
  // The list of components is of use before anything is matched.
  if (finishedSbom !== null) onEvent({ stage: 'sbom', state: 'ok', message: null, code: null, soFar: report([]) });
  let vulnerabilities: readonly VulnerabilityRow[] = [];
  if (finishedSbom === null) {
    run.skip('matching', 'There is no SBOM to match.');
  } else if (database === null) {
    run.skip('matching', 'There is no usable vulnerability database; its own line says why.');
  } else {
    const found = await run.run('matching', `Matching ${finishedSbom.packages.length} components`, async (progress) => {
      matchProgress = progress;
      const matched = await matching;
      if (matched === null) throw new Error('the matcher was not started');
      if (!matched.ok) return matched;
      tools.push(matched.value.tool);
      return readVulnerabilities(matched.value.document, finishedSbom.idOfArtifact);
    });
    vulnerabilities = found ?? [];
  }

  // Where nobody waited for it above, what was started has to have ended all the same.
  await matching.catch(() => null);
  const { sboms: attested, raw } = (await evidence) ?? { sboms: [], raw: [] };
  return { report: report(vulnerabilities), sbomPath, attested, raw };
}

/** The stage that looks for signatures and attestations. Null where it found nothing out; its state then says why. */
async function collectEvidence(
  request: AuditRequest,
  image: ResolvedImage | null,
  collector: EvidenceCollector | null,
  run: StageRun,
  cancel: Cancel,
): Promise<CollectedEvidence | null> {
  const skip = (reason: string): null => {
    run.skip('evidence', reason);
    return null;
  };
  if (image === null) return skip('The image could not be looked up, so there is nothing to look beside.');
  if (collector === null) return skip('Nobody was asked to look for signatures and attestations.');
  const { scheme } = image.source;
  if ((scheme === 'docker' || scheme === 'podman') && request.evidence?.localImages !== true)
    return skip(
      'A local engine keeps no signatures, and no registry is asked about a local image unasked. To look there, audit it as registry:, or with --local-images (in the editor waybill.evidence.localImages).',
    );
  const found = await run.run(
    'evidence',
    'Looking for signatures and attestations',
    (progress) => collector.collect(image, request, progress, cancel),
    (value) => ('skipped' in value ? value.skipped : null),
  );
  return found === null || 'skipped' in found ? null : found;
}

/** On disk and in a registry the digest was worked out here; there the scanner must have read that very image. */
function otherImage({ source, configDigest }: ResolvedImage, { image }: Sbom): Problem | null {
  const engine = source.scheme === 'docker' || source.scheme === 'podman';
  if (engine || configDigest === null || image.configDigest === null || image.configDigest === configDigest)
    return null;
  return {
    code: 'tool-output',
    what: 'The SBOM was refused',
    why: `the scanner read ${image.configDigest}, and ${configDigest} was asked for`,
    todo: 'Save the image alone, then audit it again.',
  };
}

function imageOf(
  reference: string,
  request: AuditRequest,
  resolved: ResolvedImage | null,
  sbom: Sbom | null,
): AuditReport['image'] {
  return {
    reference,
    indexDigest: resolved?.indexDigest ?? null,
    manifestDigest: resolved?.manifestDigest ?? null,
    configDigest: resolved?.configDigest ?? sbom?.image.configDigest ?? null,
    platform: resolved?.platform ?? sbom?.image.platform ?? request.platform,
    distribution: sbom?.image.distribution ?? null,
    size: sbom?.image.size ?? null,
    layers: sbom?.image.layers ?? null,
    created: resolved?.created ?? null,
    user: resolved?.user ?? null,
    base: sbom?.image.base ?? null,
  };
}

function summaryOf(
  packages: readonly PackageRow[],
  vulnerabilities: readonly VulnerabilityRow[],
): AuditReport['summary'] {
  const byType: Record<string, number> = {};
  for (const { type } of packages) byType[type] = (byType[type] ?? 0) + 1;
  const count = (test: (row: VulnerabilityRow) => boolean): number => vulnerabilities.filter(test).length;
  const severity = (name: (typeof VULNERABILITY_SEVERITIES)[number]): number => count((row) => row.severity === name);
  return {
    packages: packages.length,
    vulnerabilities: vulnerabilities.length,
    bySeverity: {
      critical: severity('critical'),
      high: severity('high'),
      medium: severity('medium'),
      low: severity('low'),
      negligible: severity('negligible'),
      unknown: severity('unknown'),
    },
    fixable: count(({ fix }) => fix.state === 'fixed'),
    knownExploited: count(({ kev }) => kev !== null),
    excepted: 0,
    byType,
  };
}
