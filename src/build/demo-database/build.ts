// SPDX-License-Identifier: Apache-2.0
// Writes a small vulnerability database in Grype's format (v6, model 6.1.10) from advisory facts. `grype db import`
// takes the file (its name must end in .db), adds the tables and indexes that are not written here, and checks it.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Advisory, AdvisoryFile, Affected, AdvisoryFacts, KevFile } from './facts.ts';

/** Model, revision and addition of Grype's database schema. */
const SCHEMA = [6, 1, 10] as const;

const TABLES = `
CREATE TABLE blobs (id integer PRIMARY KEY AUTOINCREMENT, value text NOT NULL);
CREATE TABLE db_metadata (build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL);
CREATE TABLE providers (id text, version text, processor text, date_captured datetime, input_digest text, PRIMARY KEY (id));
CREATE TABLE vulnerability_handles (id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL, status text NOT NULL, published_date datetime, modified_date datetime, withdrawn_date datetime, provider_id text NOT NULL, blob_id integer);
CREATE TABLE vulnerability_aliases (name text, alias text NOT NULL, PRIMARY KEY (name, alias));
CREATE TABLE packages (id integer PRIMARY KEY AUTOINCREMENT, ecosystem text, name text);
CREATE TABLE operating_systems (id integer PRIMARY KEY AUTOINCREMENT, name text, release_id text, major_version text, minor_version text, label_version text, codename text, channel text, eol_date datetime, eoas_date datetime);
CREATE TABLE affected_package_handles (id integer PRIMARY KEY AUTOINCREMENT, vulnerability_id integer NOT NULL, operating_system_id integer, package_id integer, blob_id integer);
CREATE TABLE known_exploited_vulnerability_handles (id integer PRIMARY KEY AUTOINCREMENT, cve text NOT NULL, blob_id integer);
CREATE TABLE operating_system_specifier_overrides (alias text, version text, version_pattern text, codename text, channel text, replacement text, replacement_major_version text, replacement_minor_version text, replacement_label_version text, replacement_channel text, rolling numeric, applicable_client_db_schemas text, PRIMARY KEY (alias, version, version_pattern, replacement, replacement_major_version, replacement_minor_version, replacement_label_version, replacement_channel, rolling));
`;

/** Version comparison that Grype applies, by ecosystem. */
const VERSION_TYPES: Record<Affected['ecosystem'], string> = {
  npm: 'npm',
  'go-module': 'go',
  python: 'python',
  deb: 'dpkg',
  apk: 'apk',
};

const OPERATING_SYSTEMS: Record<NonNullable<Affected['os']>, readonly string[]> = {
  // name, release_id, major_version, minor_version, label_version, codename, channel
  'debian:12': ['debian', 'debian', '12', '', '', 'bookworm', ''],
  'wolfi:rolling': ['wolfi', 'wolfi', '', '', 'rolling', '', ''],
};

/** '2026-11-23' and RFC 3339 become the text form that Grype's database library reads. */
const timestamp = (time: string): string => {
  const full = time.length === 10 ? `${time}T00:00:00Z` : time;
  return full.replace('T', ' ').replace(/(\.\d+)?Z$/, '+00:00');
};

interface Writer {
  readonly insert: (table: string, columns: Readonly<Record<string, string | number | null>>) => number;
  readonly blob: (value: unknown) => number;
  readonly packageId: (ecosystem: string, name: string) => number;
  readonly osId: (os: NonNullable<Affected['os']>) => number;
}

function writerFor(database: DatabaseSync): Writer {
  const insert: Writer['insert'] = (table, columns) => {
    const names = Object.keys(columns);
    const sql = `INSERT INTO ${table} (${names.join(',')}) VALUES (${names.map(() => '?').join(',')})`;
    return Number(database.prepare(sql).run(...Object.values(columns)).lastInsertRowid);
  };
  const once = (make: (key: string) => number): ((key: string) => number) => {
    const known = new Map<string, number>();
    return (key) => {
      const id = known.get(key) ?? make(key);
      known.set(key, id);
      return id;
    };
  };
  const packageByKey = once((key) => {
    const [ecosystem = '', name = ''] = key.split('\n');
    return insert('packages', { ecosystem, name });
  });
  const osByKey = once((key) => {
    const [name = '', release = '', major = '', minor = '', label = '', codename = '', channel = ''] =
      OPERATING_SYSTEMS[key as keyof typeof OPERATING_SYSTEMS];
    return insert('operating_systems', {
      name,
      release_id: release,
      major_version: major,
      minor_version: minor,
      label_version: label,
      codename,
      channel,
    });
  });
  return {
    insert,
    blob: (value) => insert('blobs', { value: JSON.stringify(value) }),
    packageId: (ecosystem, name) => packageByKey(`${ecosystem}\n${name}`),
    osId: osByKey,
  };
}

function affectedBlob(affected: Affected, cves: readonly string[]): unknown {
  const type = VERSION_TYPES[affected.ecosystem];
  return {
    ...(cves.length === 0 ? {} : { cves }),
    ...(affected.goImports === undefined ? {} : { qualifiers: { go_imports: affected.goImports } }),
    ranges: affected.ranges.map(({ constraint, fixed, fixedOn, state }) => ({
      version: { type, constraint },
      fix:
        fixed === undefined
          ? { state: state ?? 'unknown' }
          : {
              version: fixed,
              state: 'fixed',
              ...(fixedOn === undefined ? {} : { detail: { available: { date: fixedOn, kind: 'advisory' } } }),
            },
    })),
  };
}

function writeAdvisory(writer: Writer, file: AdvisoryFile, advisory: Advisory): void {
  const { id, summary, severity, cvss, published, aliases = [], affected } = advisory;
  const severities: unknown[] = [];
  if (severity !== undefined) severities.push({ scheme: 'CHML', value: severity, rank: 0 });
  if (cvss !== undefined) severities.push({ scheme: 'CVSS', value: { vector: cvss, version: '3.1' }, rank: 0 });
  const vulnerability = writer.insert('vulnerability_handles', {
    name: id,
    status: 'active',
    published_date: published === undefined ? null : timestamp(published),
    modified_date: null,
    withdrawn_date: null,
    provider_id: file.provider,
    blob_id: writer.blob({
      id,
      ...(summary === undefined ? {} : { description: summary }),
      refs: [{ url: file.reference.replace('{id}', id) }],
      ...(aliases.length === 0 ? {} : { aliases }),
      ...(severities.length === 0 ? {} : { severities }),
    }),
  });
  for (const alias of aliases) writer.insert('vulnerability_aliases', { name: id, alias });
  for (const each of affected)
    writer.insert('affected_package_handles', {
      vulnerability_id: vulnerability,
      operating_system_id: each.os === undefined ? null : writer.osId(each.os),
      package_id: writer.packageId(each.ecosystem, each.name),
      blob_id: writer.blob(affectedBlob(each, aliases)),
    });
}

function writeKnownExploited(writer: Writer, { entries }: KevFile): void {
  for (const entry of entries)
    writer.insert('known_exploited_vulnerability_handles', {
      cve: entry.cve,
      blob_id: writer.blob({
        cve: entry.cve,
        vendor_project: entry.vendor,
        product: entry.product,
        date_added: `${entry.dateAdded}T00:00:00Z`,
        required_action: entry.requiredAction,
        due_date: `${entry.dueDate}T00:00:00Z`,
        known_ransomware_campaign_use: entry.ransomware,
        notes: entry.notes,
        urls: entry.urls,
        cwes: entry.cwes,
      }),
    });
}

export interface DatabaseInput {
  readonly advisories: AdvisoryFacts;
  /** RFC 3339, UTC. Grype refuses a database that is more than five days old by this time. */
  readonly builtAt: string;
  /** File to write, ending in .db; replaced when it is there. */
  readonly path: string;
}

/** Writes the database file; the same facts and time give the same rows in the same order. */
export function writeGrypeDatabase({ advisories, builtAt, path }: DatabaseInput): void {
  if (!path.endsWith('.db'))
    throw new Error(`Grype imports a database only from a file that ends in .db, not ${path}.`);
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  try {
    database.exec(TABLES);
    database.exec('BEGIN');
    const writer = writerFor(database);
    const built = timestamp(builtAt);
    const [model, revision, addition] = SCHEMA;
    writer.insert('db_metadata', { build_timestamp: built, model, revision, addition });
    const providers = [
      ...advisories.files.map((file) => ({ id: file.provider, asOf: file.asOf })),
      { id: 'kev', asOf: advisories.kev.asOf },
    ];
    for (const { id, asOf } of providers)
      writer.insert('providers', {
        id,
        version: '1',
        processor: 'waybill',
        date_captured: timestamp(asOf),
        input_digest: 'xxh64:0000000000000000',
      });
    // Wolfi names its releases by date, but its advisories hold for the rolling release.
    writer.insert('operating_system_specifier_overrides', {
      alias: 'wolfi',
      version: '',
      version_pattern: '',
      codename: '',
      channel: '',
      rolling: 1,
      applicable_client_db_schemas: '',
    });
    for (const file of advisories.files) for (const advisory of file.advisories) writeAdvisory(writer, file, advisory);
    writeKnownExploited(writer, advisories.kev);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
