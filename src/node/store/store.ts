// SPDX-License-Identifier: Apache-2.0
// Reports by config digest, shared by the command and the editor. An entry is a folder; its `entry.json`, put in place
// last by renaming, names the files that belong together, so a reader sees the old entry or the new one and nothing between.
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { auditReportSchema, reportKey, type AuditReport } from '../../core/evidence/report.ts';
import { isDigest } from '../../core/evidence/manifest.ts';
import { MAX_EVIDENCE_BYTES } from '../../core/attestations/model.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { VULNERABILITY_SEVERITIES } from '../../core/model/severity.ts';
import type { AttestedSbomFile, Cancel, Log, SbomFormat, Store, StoredReport } from '../../core/ports.ts';
import { parseJson, readPlainFile } from '../images/files.ts';
import { withTemporaryFolder } from '../process/temporary.ts';
import { ensureFolder, replaceFile, writeAtomically, writeProblem } from './atomic.ts';
import { saveSbomAs, type ConvertSbom } from './save-sbom.ts';
import { watchMarker } from './watch.ts';

const ENTRY = 'entry.json';
const MAX_ENTRY = 64 * 1024;
const MAX_REPORT = 480 * 1024 * 1024;
/** Due dates kept in an entry: an entry is small, and more than this are shown as "9+" all the same. */
const MAX_DUE_DATES = 1_000;
/** Bytes of an unpacked SBOM; more would be a bomb. */
const MAX_SBOM = 4 * 1024 * 1024 * 1024;
/** Bytes of an unpacked attested SBOM: what can be attested, and some for how it is written. */
const MAX_ATTESTED = 2 * MAX_EVIDENCE_BYTES;
/** Files that no entry names are removed once they are older than this: a writer may still be at them before. */
const ORPHAN_MS = 24 * 60 * 60 * 1000;

const count = z.int().check(z.nonnegative());
const fileName = z.string().check(z.regex(/^[a-z0-9-]{1,64}\.(?:report\.json|(?:sbom|attested)\.json\.gz)$/));
const entrySchema = z.object({
  schemaVersion: z.literal(1),
  key: z.string(),
  reference: z.string(),
  platform: z.nullable(z.string()),
  generated: z.string(),
  packages: count,
  bySeverity: z.record(z.enum(VULNERABILITY_SEVERITIES), count),
  // Entries of earlier versions do not have the two.
  knownExploited: z.optional(count),
  kevDue: z.optional(z.array(z.iso.date())),
  report: z.object({ file: fileName, bytes: count }),
  sbom: z.object({ file: fileName, bytes: count }),
  /** Whole SBOMs that others attested, by the digest of the item that carries each. */
  attested: z.optional(z.array(z.object({ digest: z.string(), file: fileName, bytes: count })).check(z.maxLength(500))),
});
type Entry = z.infer<typeof entrySchema>;

export interface StoreOptions {
  readonly dataFolder: string;
  readonly log: Log;
  readonly convert: ConvertSbom;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

export interface WritableStore extends Store {
  /**
   * Keep a report and the syft-json that it was made from, packed by `packSbom`; answers its key. A report without
   * matching does not replace one that has it. `attested` are packed SBOMs out of attestations, kept as they are.
   */
  write(
    report: AuditReport,
    packedSbom: string,
    attested?: readonly AttestedSbomFile[],
  ): Promise<Result<string, Problem>>;
}

/** Compress a syft-json file as the store keeps it: about a fifth of its size. */
export async function packSbom(from: string, to: string): Promise<Result<null, Problem>> {
  try {
    await pipeline(createReadStream(from), createGzip({ level: 3 }), createWriteStream(to, { flags: 'wx' }));
    return ok(null);
  } catch (error) {
    return err(writeProblem(to, error));
  }
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
    attested: readonly AttestedSbomFile[] = [],
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
    const kept = attested.map(({ digest, path: from }, index) => ({
      digest,
      from,
      file: `${generation}-${index}.attested.json.gz`,
    }));
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
      attested: await Promise.all(kept.map(async ({ digest, file }) => ({ digest, file, bytes: await sizeOf(file) }))),
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
        const { report: _report, sbom: _sbom, attested: _attested, schemaVersion: _version, ...facts } = entry.value;
        const { knownExploited = 0, kevDue = [] } = facts;
        found.push({ ...facts, knownExploited, kevDue });
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
      try {
        await pipeline(
          createReadStream(kept),
          createGunzip(),
          limited(MAX_SBOM),
          createWriteStream(plain, { flags: 'wx' }),
        );
      } catch (error) {
        return err(writeProblem(plain, error));
      }
      return saveSbomAs(plain, format, path, folder, convert, cancel);
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

  return {
    list,
    read,
    remove,
    saveSbom,
    attestedSbom,
    watch: (listener) => watchMarker(root, marker, listener, log),
    write,
  };
}

/** The files that an entry names. */
function filesOf({ report, sbom, attested = [] }: Entry): readonly string[] {
  return [report.file, sbom.file, ...attested.map(({ file }) => file)];
}

/** JSON of a packed file; the error is a sentence's end. */
async function readPacked(path: string): Promise<Result<unknown, string>> {
  try {
    const chunks: Buffer[] = [];
    await pipeline(
      createReadStream(path),
      createGunzip(),
      limited(MAX_ATTESTED),
      async (parts: AsyncIterable<Buffer>) => {
        for await (const part of parts) chunks.push(part);
      },
    );
    const json = parseJson(Buffer.concat(chunks));
    return json.ok ? ok(json.value) : err('an attested SBOM in it is no JSON');
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** Passes bytes on up to a limit, then fails. */
function limited(limit: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw new Error('the kept SBOM is larger than any that was written');
      yield chunk;
    }
  };
}
