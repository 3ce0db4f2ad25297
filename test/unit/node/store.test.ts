// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { ok } from '../../../src/core/model/result.ts';
import { deliverFile, deliverText, ensureFolder, writeAtomically } from '../../../src/node/store/atomic.ts';
import { defaultDataFolder } from '../../../src/node/store/folder.ts';
import type { ConvertSbom } from '../../../src/node/store/save-sbom.ts';
import { packSbom } from '../../../src/node/store/packed.ts';
import { createStore, type WritableStore } from '../../../src/node/store/store.ts';
import { artifact, digest, match, reportOf } from '../evidence/reports.ts';
import { keptLog, never, scratch, type KeptLog } from './support.ts';

interface Stored {
  readonly store: WritableStore;
  readonly folder: string;
  readonly sbom: string;
  readonly log: KeptLog;
  readonly report: AuditReport;
}

const SBOM = JSON.stringify({ artifacts: [], big: 'x'.repeat(5000) });

async function withStore(work: (stored: Stored) => Promise<void>, convert?: ConvertSbom): Promise<void> {
  await scratch(async (folder) => {
    const log = keptLog();
    const plain = join(folder, 'scan.json');
    const sbom = join(folder, 'scan.json.gz');
    writeFileSync(plain, SBOM);
    assert.deepEqual(await packSbom(plain, sbom), { ok: true, value: null });
    const store = createStore({
      dataFolder: join(folder, 'data'),
      log,
      now: Date.now,
      convert:
        convert ??
        (async (from, format, to) => {
          writeFileSync(to, `${format} of ${readFileSync(from, 'utf8').length}`);
          return ok(null);
        }),
    });
    const report = await reportOf([artifact('1', 'lodash')], [match('GHSA-x', '1')]);
    await work({ store, folder, sbom, log, report });
  });
}

const entryFolder = (folder: string): string => join(folder, 'data', 'reports', `sha256-${'c'.repeat(64)}`);

function withImage(report: AuditReport, configDigest: string, generated: string): AuditReport {
  return { ...report, generated, image: { ...report.image, configDigest } };
}

describe('store', () => {
  it('gives back what it was given, newest first', () =>
    withStore(async ({ store, sbom, report }) => {
      const later = withImage(report, digest('e'), '2026-11-24T00:00:00.000Z');
      assert.deepEqual(await store.list(), []);
      assert.deepEqual(await store.write(report, sbom), { ok: true, value: digest('c') });
      assert.deepEqual(await store.write(later, sbom), { ok: true, value: digest('e') });
      assert.deepEqual(
        (await store.list()).map(({ key }) => key),
        [digest('e'), digest('c')],
      );
      const [, first] = await store.list();
      assert.deepEqual(first, {
        key: digest('c'),
        reference: 'oci-dir:image',
        platform: 'linux/amd64',
        generated: report.generated,
        packages: 1,
        bySeverity: report.summary.bySeverity,
        knownExploited: 0,
        kevDue: [],
      });
      assert.deepEqual(await store.read(digest('c')), { ok: true, value: report });
    }));

  it('lists the due dates of what is known to be exploited, and reads entries that have none of that', () =>
    withStore(async ({ store, folder, sbom, report }) => {
      const row = report.vulnerabilities[0];
      assert.ok(row);
      const kev = (dueDate: string | null): typeof row => ({
        ...row,
        kev: { dateAdded: '2025-01-01', dueDate, requiredAction: null, ransomware: null },
      });
      const rows = [row, kev('2026-01-02'), kev(null), kev('2025-03-04'), kev('soon')];
      const summary = { ...report.summary, knownExploited: 4 };
      await store.write({ ...report, vulnerabilities: rows, summary }, sbom);
      const [listed] = await store.list();
      assert.equal(listed?.knownExploited, 4);
      assert.deepEqual(listed.kevDue, ['2025-03-04', '2026-01-02']);
      const entry = join(entryFolder(folder), 'entry.json');
      const { knownExploited: _k, kevDue: _d, ...old } = JSON.parse(readFileSync(entry, 'utf8'));
      writeFileSync(entry, JSON.stringify(old));
      assert.deepEqual((await store.list())[0]?.kevDue, []);
    }));

  it('replaces an entry whole and leaves nothing of the old one', () =>
    withStore(async ({ store, folder, sbom, report }) => {
      await store.write(report, sbom);
      const again = { ...report, generated: '2026-11-25T00:00:00.000Z' };
      await store.write(again, sbom);
      assert.deepEqual(await store.read(digest('c')), { ok: true, value: again });
      assert.equal(readdirSync(entryFolder(folder)).length, 3);
      assert.equal((await store.list()).length, 1);
    }));

  it('keeps a matched report where the new one is not, unless the kept one cannot be read', () =>
    withStore(async ({ store, folder, sbom, report }) => {
      const matching = { state: 'failed', reason: 'No database.', code: 'database-missing', durationMs: 1 } as const;
      const later = { ...report, generated: '2026-11-25T00:00:00.000Z', vulnerabilities: [] };
      const worse: AuditReport = { ...later, stages: { ...report.stages, matching } };
      await store.write(worse, sbom);
      await store.write(report, sbom);
      assert.deepEqual(await store.write(worse, sbom), { ok: true, value: digest('c') });
      assert.deepEqual(await store.read(digest('c')), { ok: true, value: report });
      const kept = readdirSync(entryFolder(folder)).find((name) => name.endsWith('.report.json')) ?? '';
      writeFileSync(join(entryFolder(folder), kept), '');
      await store.write(worse, sbom);
      assert.deepEqual(await store.read(digest('c')), { ok: true, value: worse });
    }));

  it('never reads what is half-written: without its entry a folder is nothing', () =>
    withStore(async ({ store, folder, sbom, report, log }) => {
      await store.write(report, sbom);
      const half = join(folder, 'data', 'reports', `sha256-${'d'.repeat(64)}`);
      mkdirSync(half);
      writeFileSync(join(half, 'x.report.json'), '{"schemaVersion":1');
      writeFileSync(join(half, '.entry.json.123.tmp'), '{');
      assert.deepEqual(
        (await store.list()).map(({ key }) => key),
        [digest('c')],
      );
      assert.match(log.lines.join('\n'), /warn The report of sha256:d+ could not be read.*left out/);
      assert.equal((await store.read(digest('d'))).ok, false);
    }));

  it('leaves out and logs entries whose files were cut, changed in size, replaced or are malformed', () =>
    withStore(async ({ store, folder, sbom, report, log }) => {
      const spoil = async (work: (at: string) => void): Promise<void> => {
        await store.write(report, sbom);
        assert.equal((await store.list()).length, 1);
        work(entryFolder(folder));
        log.lines.length = 0;
        assert.deepEqual(await store.list(), []);
        assert.equal(log.lines.length, 1);
        assert.equal((await store.read(digest('c'))).ok, false);
        rmSync(entryFolder(folder), { recursive: true });
      };
      const file = (at: string, ending: string): string =>
        join(at, readdirSync(at).find((name) => name.endsWith(ending)) ?? 'none');
      await spoil((at) => appendFileSync(file(at, '.report.json'), ' '));
      await spoil((at) => rmSync(file(at, '.sbom.json.gz')));
      await spoil((at) => writeFileSync(join(at, 'entry.json'), '{"schemaVersion":1'));
      await spoil((at) => writeFileSync(join(at, 'entry.json'), ''));
      const edit = (at: string, from: RegExp, to: string): void =>
        writeFileSync(join(at, 'entry.json'), readFileSync(join(at, 'entry.json'), 'utf8').replace(from, to));
      await spoil((at) => edit(at, /sha256:c+/, digest('e')));
      await spoil((at) => edit(at, /"file": "[^"]+report\.json"/, '"file": "../../../../etc/passwd"'));
    }));

  it('does not take a report for one whose content is of another version', () =>
    withStore(async ({ store, folder, sbom, report }) => {
      await store.write(report, sbom);
      const at = entryFolder(folder);
      const file = join(at, readdirSync(at).find((name) => name.endsWith('.report.json')) ?? '');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"schemaVersion":1', '"schemaVersion":2'));
      const read = await store.read(digest('c'));
      assert.match(read.ok ? '' : read.error.why, /not a report of this version/);
    }));

  it('takes no key that is a path', () =>
    withStore(async ({ store, folder }) => {
      writeFileSync(join(folder, 'keep'), 'x');
      for (const key of ['../keep', 'sha256:../../keep', '', 'constructor', `${digest('c')}/..`]) {
        assert.equal((await store.read(key)).ok, false);
        assert.equal((await store.remove(key)).ok, false);
        assert.equal((await store.saveSbom(key, 'syft-json', join(folder, 'out'), never)).ok, false);
      }
      assert.ok(existsSync(join(folder, 'keep')));
    }));

  it('writes the SBOM of the scan, as it was or converted, and nothing where that fails', () =>
    withStore(
      async ({ store, folder, sbom, report }) => {
        await store.write(report, sbom);
        const out = join(folder, 'out.json');
        assert.deepEqual(await store.saveSbom(digest('c'), 'syft-json', out, never), { ok: true, value: null });
        assert.equal(readFileSync(out, 'utf8'), SBOM);
        const none = await store.saveSbom(digest('c'), 'syft-json', join(folder, 'no', 'out.json'), never);
        assert.match(none.ok ? '' : none.error.why, /folder does not exist/);
        const failed = await store.saveSbom(digest('c'), 'spdx-json', out, never);
        assert.equal(failed.ok ? '' : failed.error.code, 'tool-failed');
        assert.equal(readFileSync(out, 'utf8'), SBOM, 'what was there stays');
        assert.deepEqual(readdirSync(folder).toSorted(), ['data', 'out.json', 'scan.json', 'scan.json.gz']);
      },
      async () => ({ ok: false, error: { code: 'tool-failed', what: 'x', why: 'y', todo: '' } }),
    ));

  it('removes an entry, and orphans of a day ago at the next write', () =>
    withStore(async ({ store, folder, sbom, report }) => {
      await store.write(report, sbom);
      const orphan = join(entryFolder(folder), 'orphan.report.json');
      const young = join(entryFolder(folder), 'young.report.json');
      writeFileSync(orphan, 'x');
      writeFileSync(young, 'x');
      const old = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
      utimesSync(orphan, old, old);
      await store.write(report, sbom);
      assert.equal(existsSync(orphan), false);
      assert.equal(existsSync(young), true, 'another process may be writing it');
      assert.deepEqual(await store.remove(digest('c')), { ok: true, value: null });
      assert.deepEqual(await store.list(), []);
      assert.equal(existsSync(entryFolder(folder)), false);
    }));

  it('tells when something was added or removed, until told to stop', () =>
    withStore(async ({ store, sbom, report }) => {
      let told = 0;
      const heard = async (count: number): Promise<void> => {
        const until = Date.now() + 3000;
        while (Date.now() < until) {
          if (told >= count) return;
          await delay(20);
        }
      };
      const stop = store.watch(() => told++);
      await store.write(report, sbom);
      await heard(1);
      assert.equal(told, 1);
      await store.remove(digest('c'));
      await heard(2);
      assert.equal(told, 2);
      stop();
      await store.write(report, sbom);
      await delay(300);
      assert.equal(told, 2);
    }));
});

describe('writeAtomically', () => {
  it('replaces whole files and leaves no temporary one behind, also when it fails', async () => {
    await scratch(async (folder) => {
      const path = join(folder, 'out.json');
      assert.equal((await writeAtomically(path, 'one')).ok, true);
      assert.equal((await writeAtomically(path, 'two')).ok, true);
      assert.equal(readFileSync(path, 'utf8'), 'two');
      mkdirSync(join(folder, 'dir', 'x'), { recursive: true });
      const failed = await writeAtomically(join(folder, 'dir'), 'three');
      assert.equal(failed.ok, false);
      assert.deepEqual(readdirSync(folder).toSorted(), ['dir', 'out.json']);
    });
  });
});

describe('ensureFolder', () => {
  it('makes what is missing, and ends where nothing can be made', () =>
    scratch(async (folder) => {
      const deep = join(folder, 'a', 'b', 'c');
      assert.deepEqual(
        (await Promise.all([ensureFolder(deep), ensureFolder(deep)])).map(({ ok: made }) => made),
        [true, true],
      );
      assert.equal(statSync(deep).mode & 0o777, 0o700);
      writeFileSync(join(folder, 'file'), '');
      assert.equal((await ensureFolder(join(folder, 'file', 'x'))).ok, false);
      if (process.platform === 'linux') assert.equal((await ensureFolder('/proc/nothing/reports')).ok, false);
    }));
});

describe('what a person names', () => {
  it('replaces the file behind a link and keeps its permissions', () =>
    scratch(async (folder) => {
      const [file, link] = [join(folder, 'out.json'), join(folder, 'link.json')];
      writeFileSync(file, 'old');
      chmodSync(file, 0o600);
      symlinkSync(file, link);
      assert.equal((await deliverText(link, 'new')).ok, true);
      assert.equal(readlinkSync(link), file);
      assert.equal(readFileSync(file, 'utf8'), 'new');
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }));

  it('writes into a pipe and does not put a file in its place', () =>
    scratch(async (folder) => {
      const [pipe, file] = [join(folder, 'pipe'), join(folder, 'file')];
      execFileSync('mkfifo', [pipe]);
      writeFileSync(file, 'x'.repeat(300_000));
      for (const write of [() => deliverText(pipe, 'x'.repeat(300_000)), () => deliverFile(file, pipe)]) {
        const [written, received] = await Promise.all([write(), readFile(pipe, 'utf8')]);
        assert.equal(written.ok, true);
        assert.equal(received.length, 300_000);
        assert.equal(statSync(pipe).isFIFO(), true);
      }
    }));
});

describe('defaultDataFolder', () => {
  it('follows $WAYBILL_DATA, then each platform, and takes absolute folders only', () => {
    assert.equal(defaultDataFolder({ WAYBILL_DATA: '/w', HOME: '/h' }, 'linux'), '/w');
    assert.equal(defaultDataFolder({ WAYBILL_DATA: 'w', XDG_DATA_HOME: '/x', HOME: '/h' }, 'linux'), '/x/waybill');
    assert.equal(defaultDataFolder({ XDG_DATA_HOME: 'x', HOME: '/h' }, 'linux'), '/h/.local/share/waybill');
    assert.equal(isAbsolute(defaultDataFolder({ HOME: '' }, 'linux')), true);
    assert.equal(defaultDataFolder({ HOME: '/h' }, 'darwin'), '/h/Library/Application Support/waybill');
  });
});
