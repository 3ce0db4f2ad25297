// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packSbom } from '../../../src/node/store/packed.ts';
import { createStore } from '../../../src/node/store/store.ts';
import { artifact, digest, match, reportOf } from '../evidence/reports.ts';
import { keptLog, scratch } from './support.ts';

const ATTESTED = {
  spdxVersion: 'SPDX-2.3',
  packages: Array.from({ length: 50 }, (_, index) => ({ name: `p${index}` })),
};

async function stored(folder: string) {
  const [plain, sbom, packed] = ['scan.json', 'scan.json.gz', 'attested.json.gz'].map((name) => join(folder, name));
  assert.ok(plain !== undefined && sbom !== undefined && packed !== undefined);
  writeFileSync(plain, '{"artifacts":[]}');
  writeFileSync(packed, gzipSync(JSON.stringify(ATTESTED)));
  assert.ok((await packSbom(plain, sbom)).ok);
  const store = createStore({
    dataFolder: folder,
    log: keptLog(),
    now: Date.now,
    convert: async () => assert.fail(),
  });
  const report = await reportOf([artifact('1', 'lodash')], [match('GHSA-x', '1')]);
  const files = () => readdirSync(join(folder, 'reports', `sha256-${'c'.repeat(64)}`));
  return { store, report, sbom, packed, files, entry: join(folder, 'reports', `sha256-${'c'.repeat(64)}`) };
}

describe('store of attested SBOMs', () => {
  const withStore = (work: (kept: Awaited<ReturnType<typeof stored>>) => Promise<void>): Promise<void> =>
    scratch(async (folder) => work(await stored(folder)));

  it('gives them back whole, by the digest of their item', () =>
    withStore(async ({ store, report, sbom, packed }) => {
      await store.write(report, sbom, {
        attested: [
          { digest: digest('1'), path: packed },
          { digest: digest('2'), path: packed },
        ],
      });
      for (const each of ['1', '2'])
        assert.deepEqual(await store.attestedSbom(digest('c'), digest(each)), { ok: true, value: ATTESTED });
      const missing = await store.attestedSbom(digest('c'), digest('3'));
      assert.match(missing.ok ? '' : missing.error.why, /holds no SBOM of/);
      assert.equal((await store.list()).length, 1);
      assert.ok(!('attested' in ((await store.list())[0] ?? {})));
    }));

  it('replaces them with the report, and leaves nothing behind', () =>
    withStore(async ({ store, report, sbom, packed, files }) => {
      await store.write(report, sbom, { attested: [{ digest: digest('1'), path: packed }] });
      assert.equal(files().filter((name) => name.endsWith('.attested.json.gz')).length, 1);
      await store.write({ ...report, generated: '2026-11-24T00:00:00.000Z' }, sbom);
      assert.equal(files().filter((name) => name.endsWith('.attested.json.gz')).length, 0);
      assert.equal((await store.attestedSbom(digest('c'), digest('1'))).ok, false);
    }));

  it('refuses an entry whose file is not the one that was written', () =>
    withStore(async ({ store, report, sbom, packed, files, entry }) => {
      await store.write(report, sbom, { attested: [{ digest: digest('1'), path: packed }] });
      const name = files().find((each) => each.endsWith('.attested.json.gz'));
      appendFileSync(join(entry, name ?? ''), 'x');
      const found = await store.attestedSbom(digest('c'), digest('1'));
      assert.match(found.ok ? '' : found.error.why, /another size/);
    }));
});
