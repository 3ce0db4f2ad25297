// SPDX-License-Identifier: Apache-2.0
// Reports by config digest, shared by the command and the editor. An entry is a folder; its `entry.json`, put in place
// last by renaming, names the files that belong together, so a reader sees the old entry or the new one and nothing between.
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { auditReportSchema, reportKey, type AuditReport } from '../../core/evidence/report.ts';
import type { RawEvidence } from '../../core/evidence/raw.ts';
import { isDigest } from '../../core/evidence/manifest.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type {
  AttestedSbomFile,
  Cancel,
  Log,
  RawEvidenceFile,
  SbomFormat,
  Store,
  StoredReport,
} from '../../core/ports.ts';
import { parseJson, readPlainFile } from '../images/files.ts';
import { withTemporaryFolder } from '../process/temporary.ts';
import { ensureFolder, replaceFile, writeAtomically, writeProblem } from './atomic.ts';
import { entrySchema, filesOf, MAX_ENTRY, type Entry } from './entry.ts';
import { readEvidence, readPacked, unpackSbom } from './packed.ts';
import { saveSbomAs, type ConvertSbom } from './save-sbom.ts';
import { watchMarker } from './watch.ts';

const ENTRY = 'entry.json';
const MAX_REPORT = 480 * 1024 * 1024;
/** Due dates kept in an entry: an entry is small, and more than this are shown as "9+" all the same. */
const MAX_DUE_DATES = 1_000;
/** Files that no entry names are removed once they are older than this: a writer may still be at them before. */
const ORPHAN_MS = 24 * 60 * 60 * 1000;

export interface StoreOptions {
  readonly dataFolder: string;
  readonly log: Log;
  readonly convert: ConvertSbom;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** Packed files that are kept with a report as they are. */
export interface KeptFiles {
  /** SBOMs out of attestations. */
  readonly attested?: readonly AttestedSbomFile[];
  /** What was found beside the image. */
  readonly raw?: readonly RawEvidenceFile[];
}

export interface WritableStore extends Store {
  /**
   * Keep a report and the syft-json that it was made from, packed by `packSbom`; answers its key. A report without
   * matching does not replace one that has it.
   */
  write(report: AuditReport, packedSbom: string, files?: KeptFiles): Promise<Result<string, Problem>>;
}

const folderName = (key: string): string => key.replace(':', '-');

/** Due dates as the database gives them; what is no date is none. */
function kevDueDates({ vulnerabilities }: AuditReport): string[] {
  return vulnerabilities
    .flatMap(({ kev }) => kev?.dueDate ?? [])
    .filter((date) => /^\d{4}-\d{2}-\d{2}$/.test(date))
    .toSorted()
    .slice(0, MAX_DUE_DATES);
}

function notStored(key: string, why: string): Problem {
  return {
    code: 'file-unreadable',
    what: `The report of ${key} could not be read`,
    why,
    todo: 'Audit the image again.',
  };
}

const AGAIN = 'Audit the image again.';

function notKept(digest: string, why: string, todo: string): Problem {
  return { code: 'file-unreadable', what: `${digest} was not kept`, why, todo };
}

export function createStore(options: StoreOptions): WritableStore {
  const { log, convert, now } = options;
  const root = join(options.dataFolder, 'reports');
  const marker = join(root, '.changed');

  const readEntry = async (folder: string): Promise<Result<Entry, string>> => {
    const bytes = await readPlainFile(join(root, folder, ENTRY), MAX_ENTRY);
    if (!bytes.ok) return err(bytes.error.why);
    const json = parseJson(bytes.value);
    const parsed = json.ok ? entrySchema.safeParse(json.value) : null;
    if (parsed?.success !== true) return err('its entry is malformed');
    const entry = parsed.data;
    if (!isDigest(entry.key) || folderName(entry.key) !== folder) return err('its entry is that of another image');
    for (const { file, bytes: size } of [entry.report, entry.sbom, ...(entry.attested ?? [])]) {
      const stats = await stat(join(root, folder, file)).catch(() => null);
      if (stats === null || stats.size !== size) return err(`${file} is missing or has another size`);
    }
    return ok(entry);
  };

  /** The entry of a key. Asked twice: another process may have replaced it between two looks. */
  const find = async (key: string): Promise<Result<Entry, Problem>> => {
    if (!isDigest(key)) return err(notStored(key, 'it is no digest'));
    const first = await readEntry(folderName(key));
    const entry = first.ok ? first : await readEntry(folderName(key));
    return entry.ok ? entry : err(notStored(key, entry.error));
  };

  const changed = async (): Promise<void> => {
    const written = await writeAtomically(marker, `${now()} ${randomBytes(4).toString('hex')}\n`, false);
    if (!written.ok) log.debug(`${written.error.what}: ${written.error.why}.`);
  };

  const removeOrphans = async (folder: string, entry: Entry, replaced: Entry | null): Promise<void> => {
    const current = new Set([ENTRY, ...filesOf(entry)]);
    const old = new Set(replaced === null ? [] : filesOf(replaced));
    for (const name of await readdir(join(root, folder))) {
      if (current.has(name)) continue;
      const path = join(root, folder, name);
      const stats = await stat(path).catch(() => null);
      if (stats === null) continue;
      if (old.has(name) || now() - stats.mtimeMs > ORPHAN_MS) await rm(path, { force: true, recursive: true });
    }
  };

  /** True where a report with matches is kept and this one has none: the image is the same, so it knows less. */
  const knowsLess = async (report: AuditReport, key: string): Promise<boolean> => {
    if (report.stages.matching.state === 'ok') return false;
    const kept = await read(key);
    return kept.ok && kept.value.stages.matching.state === 'ok';
  };

  const write = async (
    report: AuditReport,
    packedSbom: string,
    { attested = [], raw = [] }: KeptFiles = {},
  ): Promise<Result<string, Problem>> => {
    const key = reportKey(report);
    if (key === null || !isDigest(key)) {
      return err({
        code: 'internal',
        what: 'The report could not be stored',
        why: 'the image has no digest to store it under',
        todo: 'Report this with the log.',
      });
    }
    if (await knowsLess(report, key)) {
      log.info(`The kept report of ${key} is matched and the new one is not: the kept one stays.`);
      return ok(key);
    }
    const folder = folderName(key);
    const made = await ensureFolder(join(root, folder));
    if (!made.ok) return made;
    const before = await readEntry(folder);
    const generation = `${now().toString(36)}-${randomBytes(4).toString('hex')}`;
    const reportFile = `${generation}.report.json`;
    const sbomFile = `${generation}.sbom.json.gz`;
    const path = (name: string): string => join(root, folder, name);
    const sboms = attested.map(({ digest, path: from }, index) => ({
      digest,
      from,
      file: `${generation}-${index}.attested.json.gz`,
    }));
    const found = raw.map(({ item, digest, path: from }) => ({
      item,
      digest,
      from,
      file: from === null ? null : `${generation}-${item}.evidence.json.gz`,
    }));
    const kept = [...sboms, ...found].flatMap(({ from, file }) =>
      from === null || file === null ? [] : [{ from, file }],
    );
    const abandon = async (problem: Problem): Promise<Result<string, Problem>> => {
      await rm(path(reportFile), { force: true });
      await rm(path(sbomFile), { force: true });
      for (const { file } of kept) await rm(path(file), { force: true });
      return err(problem);
    };
    const text = `${JSON.stringify(report)}\n`;
    const [sbomWritten, reportWritten, ...others] = await Promise.all([
      replaceFile(path(sbomFile), (temporary) => copyFile(packedSbom, temporary), false),
      writeAtomically(path(reportFile), text, false),
      ...kept.map(({ from, file }) => replaceFile(path(file), (temporary) => copyFile(from, temporary), false)),
    ]);
    if (!sbomWritten.ok) return abandon(sbomWritten.error);
    if (!reportWritten.ok) return abandon(reportWritten.error);
    for (const each of others) if (!each.ok) return abandon(each.error);
    const sizeOf = async (file: string): Promise<number> => (await stat(path(file))).size;
    const entry: Entry = {
      schemaVersion: 1,
      key,
      reference: report.image.reference,
      platform: report.image.platform,
      generated: report.generated,
      packages: report.summary.packages,
      bySeverity: report.summary.bySeverity,
      knownExploited: report.summary.knownExploited,
      kevDue: kevDueDates(report),
      report: { file: reportFile, bytes: Buffer.byteLength(text) },
      sbom: { file: sbomFile, bytes: await sizeOf(sbomFile) },
      attested: await Promise.all(sboms.map(async ({ digest, file }) => ({ digest, file, bytes: await sizeOf(file) }))),
      evidence: await Promise.all(
        found.map(async ({ item, digest, file }) =>
          file === null ? { item, digest, file } : { item, digest, file, bytes: await sizeOf(file) },
        ),
      ),
    };
    const committed = await writeAtomically(path(ENTRY), `${JSON.stringify(entry, null, 2)}\n`, false);
    if (!committed.ok) return abandon(committed.error);
    await removeOrphans(folder, entry, before.ok ? before.value : null).catch((error: unknown) =>
      log.debug(`Old files of ${key} could not be removed: ${String(error)}`),
    );
    await changed();
    return ok(key);
  };

  const list = async (): Promise<readonly StoredReport[]> => {
    const names = await readdir(root).catch(() => []);
    const found: StoredReport[] = [];
    for (const name of names) {
      if (!/^sha(?:256|512)-[a-f0-9]+$/.test(name)) continue;
      const key = name.replace('-', ':');
      const entry = await find(key);
      if (entry.ok) {
        const { reference, platform, generated, packages, bySeverity, knownExploited = 0, kevDue = [] } = entry.value;
        found.push({ key, reference, platform, generated, packages, bySeverity, knownExploited, kevDue });
      } else {
        log.warn(`${entry.error.what}: ${entry.error.why}. It is left out.`);
      }
    }
    return found.toSorted((a, b) =>
      a.generated < b.generated ? 1 : a.generated > b.generated ? -1 : a.key < b.key ? -1 : 1,
    );
  };

  const read = async (key: string): Promise<Result<AuditReport, Problem>> => {
    const entry = await find(key);
    if (!entry.ok) return entry;
    const bytes = await readPlainFile(join(root, folderName(key), entry.value.report.file), MAX_REPORT);
    if (!bytes.ok) return err(notStored(key, bytes.error.why));
    const json = parseJson(bytes.value);
    if (!json.ok) return err(notStored(key, 'it is no JSON'));
    const parsed = auditReportSchema.safeParse(json.value);
    return parsed.success ? ok(parsed.data) : err(notStored(key, 'it is not a report of this version'));
  };

  const remove = async (key: string): Promise<Result<null, Problem>> => {
    if (!isDigest(key)) return err(notStored(key, 'it is no digest'));
    const folder = join(root, folderName(key));
    try {
      // The entry goes first: without it nothing else of the folder is ever read.
      await rm(join(folder, ENTRY), { force: true });
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      return err(writeProblem(folder, error));
    }
    await changed();
    return ok(null);
  };

  const saveSbom = async (
    key: string,
    format: SbomFormat,
    path: string,
    cancel: Cancel,
  ): Promise<Result<null, Problem>> => {
    const entry = await find(key);
    if (!entry.ok) return entry;
    const kept = join(root, folderName(key), entry.value.sbom.file);
    return withTemporaryFolder(async (folder) => {
      const plain = join(folder, 'sbom.syft.json');
      const unpacked = await unpackSbom(kept, plain);
      return unpacked.ok ? saveSbomAs(plain, format, path, folder, convert, cancel) : unpacked;
    });
  };

  const attestedSbom = async (key: string, digest: string): Promise<Result<unknown, Problem>> => {
    const entry = await find(key);
    if (!entry.ok) return entry;
    const kept = entry.value.attested?.find((each) => each.digest === digest);
    if (kept === undefined) return err(notStored(key, `it holds no SBOM of ${digest}`));
    const document = await readPacked(join(root, folderName(key), kept.file));
    return document.ok ? document : err(notStored(key, document.error));
  };

  const rawEvidence = async (key: string, item: number, digest: string): Promise<Result<RawEvidence, Problem>> => {
    const entry = await find(key);
    if (!entry.ok) return entry;
    const { evidence } = entry.value;
    if (evidence === undefined)
      return err(notKept(digest, 'the report was made by a version that kept none of them', AGAIN));
    const kept = evidence.find((each) => each.item === item && each.digest === digest);
    if (kept === undefined) return err(notKept(digest, 'the report that is kept now does not hold it', AGAIN));
    if (kept.file === null)
      return err(notKept(digest, 'there was no room for it among what else was found', 'Fetch it where it was found.'));
    const found = await readEvidence(join(root, folderName(key), kept.file), digest);
    return found.ok ? found : err({ ...notKept(digest, found.error, AGAIN), what: `${digest} could not be read` });
  };

  return {
    list,
    read,
    remove,
    saveSbom,
    attestedSbom,
    rawEvidence,
    watch: (listener) => watchMarker(root, marker, listener, log),
    write,
  };
}
