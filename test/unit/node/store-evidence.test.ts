// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MAX_ITEMS } from '../../../src/core/attestations/assemble.ts';
import type { EvidenceItem } from '../../../src/core/attestations/model.ts';
import type { RawEvidenceFile } from '../../../src/core/ports.ts';
import { ok } from '../../../src/core/model/result.ts';
import { createCollector } from '../../../src/node/evidence/collector.ts';
import { keepEvidence, keptText } from '../../../src/node/evidence/keep.ts';
import { MAX_ENTRY } from '../../../src/node/store/entry.ts';
import { packSbom, readEvidence } from '../../../src/node/store/packed.ts';
import { createStore } from '../../../src/node/store/store.ts';
import { artifact, digest, match, reportOf, REQUEST, RESOLVED } from '../evidence/reports.ts';
import { keptLog, never, scratch } from './support.ts';

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
function item(content: string | Uint8Array, more: Partial<EvidenceItem> = {}): EvidenceItem {
  const bytes = Buffer.from(content);
  return {
    kind: 'bundle',
    place: 'referrers',
    subject: digest('0'),
    manifestDigest: null,
    digest: sha256(bytes),
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    annotations: {},
    bytes,
    problem: null,
    ...more,
  };
}
const BUNDLE = '{"dsseEnvelope":{"payload":""},"verificationMaterial":{"certificate":{"rawBytes":""}}}';
const KEY = digest('c');

async function prepared(folder: string, items: readonly EvidenceItem[], room?: number) {
  const log = keptLog();
  const [plain, sbom] = [join(folder, 'scan.json'), join(folder, 'scan.json.gz')];
  writeFileSync(plain, '{"artifacts":[]}');
  assert.ok((await packSbom(plain, sbom)).ok);
  const { files: raw, parts } = await keepEvidence(
    items,
    { folder, log, ...(room === undefined ? {} : { room }) },
    never,
  );
  const store = createStore({ dataFolder: folder, log, now: Date.now, convert: async () => assert.fail() });
  const report = await reportOf([artifact('1', 'lodash')], [match('GHSA-x', '1')]);
  const entry = join(folder, 'reports', KEY.replace(':', '-'));
  const write = (files: readonly RawEvidenceFile[] = raw) => store.write(report, sbom, { raw: files });
  const kept = () => readdirSync(entry).filter((name) => name.endsWith('.evidence.json.gz'));
  return { store, report, sbom, raw, parts, log, entry, write, kept };
}

describe('store of evidence as it was found', () => {
  const withStore = (
    work: (kept: Awaited<ReturnType<typeof prepared>>) => Promise<void>,
    items: readonly EvidenceItem[],
    room?: number,
  ): Promise<void> => scratch(async (folder) => work(await prepared(folder, items, room)));

  it('gives back the very bytes, whatever they are, with what stood beside them', () => {
    const annotations = { 'dev.cosignproject.cosign/signature': 'MEUC', é: '\u202E"' };
    const items = [
      item(BUNDLE),
      item('\uFEFF{"a": "\u202E\\u0000 é 😀"}\r\n'),
      item(Uint8Array.of(0, 255, 254, 10, 192)),
      item(''),
      item('\u0001'.repeat(1000)),
      item('{"critical":{}}', { kind: 'legacy-signature', annotations }),
    ];
    return withStore(async ({ store, write }) => {
      assert.deepEqual(await write(), { ok: true, value: KEY });
      for (const [index, { kind, digest: name, mediaType, annotations: beside, bytes }] of items.entries()) {
        const found = await store.rawEvidence(KEY, index, name);
        assert.deepEqual(found, { ok: true, value: { kind, digest: name, mediaType, annotations: beside, bytes } });
      }
      const [listed] = await store.list();
      assert.ok(listed !== undefined && !('evidence' in listed));
    }, items);
  });

  it('keeps text as text, and what would grow by it as base64', () => {
    const kept = (content: string | Uint8Array) => JSON.parse(keptText(item(content), Buffer.from(content))) as object;
    assert.ok('text' in kept(BUNDLE));
    assert.ok('base64' in kept('\u0001'.repeat(1000)) && 'base64' in kept(Uint8Array.of(255)));
  });

  it('tells two items of one digest apart, and knows what of each can be opened', () => {
    const payload = '{"critical":{}}';
    const items = ['MEUC', 'MEQC'].map((signature) =>
      item(payload, { kind: 'legacy-signature', annotations: { 'dev.cosignproject.cosign/signature': signature } }),
    );
    return withStore(
      async ({ store, write, parts }) => {
        await write();
        const signatures = [];
        for (const index of [0, 1]) {
          const found = await store.rawEvidence(KEY, index, items[0]?.digest ?? '');
          signatures.push(found.ok ? found.value.annotations['dev.cosignproject.cosign/signature'] : found.error);
        }
        assert.deepEqual(signatures, ['MEUC', 'MEQC']);
        assert.deepEqual(parts, [
          ['bundle', 'statement'],
          ['bundle', 'statement'],
          ['bundle', 'statement', 'certificate'],
        ]);
      },
      [...items, item(BUNDLE)],
    );
  });

  it('leaves out the largest where there is no room, says so, and keeps the rest', () =>
    withStore(
      async ({ store, write, raw, log, parts }) => {
        await write();
        assert.deepEqual(
          raw.map(({ path }) => path === null),
          [true, false, false],
        );
        assert.ok(log.lines.some((line) => line.startsWith('warn') && line.includes('is left out')));
        const left = await store.rawEvidence(KEY, 0, raw[0]?.digest ?? '');
        assert.match(left.ok ? '' : `${left.error.why} ${left.error.todo}`, /^there was no room for it.* Fetch it/);
        assert.ok((await store.rawEvidence(KEY, 1, raw[1]?.digest ?? '')).ok);
        // It is there to be asked for: the answer is the sentence above.
        assert.deepEqual(parts[0], ['bundle']);
      },
      [item('x'.repeat(600)), item('y'.repeat(300)), item('z'.repeat(200))],
      1000,
    ));

  it('keeps nothing of what has no bytes, or another digest than it says', () =>
    withStore(
      async ({ raw, parts, log }) => {
        assert.deepEqual(
          raw.map(({ item: index, path }) => [index, path]),
          [[1, null]],
        );
        assert.deepEqual(parts[0], []);
        assert.ok(log.lines.some((line) => line.includes('its digest is another')));
      },
      [item('a', { bytes: null }), item('b', { digest: digest('b') })],
    ));

  it('refuses bytes that were changed, and a file that is gone, and reads the report all the same', () =>
    withStore(
      async ({ store, write, kept, entry, raw }) => {
        await write();
        const [name = ''] = kept();
        const path = join(entry, name);
        const document = JSON.parse(gunzipSync(readFileSync(path)).toString()) as { text: string };
        const ask = async () => {
          const found = await store.rawEvidence(KEY, 0, raw[0]?.digest ?? '');
          return found.ok ? 'accepted' : `${found.error.what}: ${found.error.why}`;
        };
        assert.equal(await ask(), 'accepted');
        writeFileSync(path, gzipSync(JSON.stringify({ ...document, text: `${document.text} ` })));
        assert.match(await ask(), /could not be read: .*was changed since/);
        writeFileSync(path, gzipSync('{"text":1}'));
        assert.match(await ask(), /not as it was written/);
        writeFileSync(path, 'no gzip');
        assert.match(await ask(), /could not be read/);
        rmSync(path);
        assert.match(await ask(), /could not be read/);
        assert.ok((await store.read(KEY)).ok);
      },
      [item(BUNDLE)],
    ));

  it('says what to do where a report of before kept none, and where another is there now', () =>
    withStore(
      async ({ store, write, entry, raw }) => {
        await write();
        const name = raw[0]?.digest ?? '';
        const why = async (index: number, named: string) => {
          const found = await store.rawEvidence(KEY, index, named);
          return found.ok ? '' : `${found.error.what}: ${found.error.why}. ${found.error.todo}`;
        };
        assert.match(await why(0, digest('9')), /was not kept: the report that is kept now does not hold it\. Audit/);
        assert.match(await why(7, name), /does not hold it/);
        const path = join(entry, 'entry.json');
        const { evidence: _evidence, ...before } = JSON.parse(readFileSync(path, 'utf8')) as { evidence: unknown };
        writeFileSync(path, JSON.stringify(before));
        assert.ok((await store.read(KEY)).ok);
        assert.match(await why(0, name), /by a version that kept none of them\. Audit the image again\.$/);
      },
      [item(BUNDLE)],
    ));

  it('names no file outside of its folder', () =>
    withStore(
      async ({ store, write, entry, raw }) => {
        await write();
        const path = join(entry, 'entry.json');
        const whole = JSON.parse(readFileSync(path, 'utf8')) as { evidence: { file: string }[] };
        for (const file of ['../x.evidence.json.gz', '/etc/passwd', 'a/b.evidence.json.gz', '.evidence.json.gz']) {
          writeFileSync(
            path,
            JSON.stringify({ ...whole, evidence: whole.evidence.map((each) => ({ ...each, file })) }),
          );
          const found = await store.rawEvidence(KEY, 0, raw[0]?.digest ?? '');
          assert.match(found.ok ? '' : found.error.why, /malformed/);
        }
      },
      [item(BUNDLE)],
    ));

  it('replaces them with the report, and leaves nothing behind', () =>
    withStore(
      async ({ write, kept }) => {
        await write();
        assert.equal(kept().length, 2);
        await write([]);
        assert.equal(kept().length, 0);
      },
      [item(BUNDLE), item('b')],
    ));

  it('keeps each item by its place in the report, which is not that in which it was found', () =>
    scratch(async (folder) => {
      const statement = (predicateType: string): string =>
        JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', predicateType, predicate: {}, subject: [] });
      const types = ['https://spdx.dev/Document', 'https://slsa.dev/provenance/v1', 'https://example.test/x'];
      const items = [
        ...types.map((type) => item(statement(type), { kind: 'buildkit-statement' })),
        item(BUNDLE),
        item('', { kind: 'notation-signature', bytes: null, digest: digest('7') }),
      ];
      const collector = createCollector({
        clock: { now: Date.now },
        log: keptLog(),
        folder,
        discoverer: () => ({
          discover: async () => ok({ subjects: [{ role: 'platform', digest: digest('0') }], places: [], items }),
        }),
        verifier: () => ({
          verify: async ({ item: { kind } }) => ({
            ...{
              verdict: 'unsigned',
              code: 'unsigned',
              reason: '',
              checks: [],
              signer: null,
              logEntries: [],
              times: [],
            },
            ...{ root: null, content: kind === 'bundle' ? 'signature' : 'other', predicateType: null, statement: null },
          }),
        }),
      });
      const found = await collector.collect(RESOLVED, REQUEST, () => undefined, never);
      assert.ok(found.ok && 'raw' in found.value);
      const { evidence, raw } = found.value;
      assert.notDeepEqual(
        evidence.items.map((each) => each.digest),
        items.map((each) => each.digest),
      );
      for (const { item: index, digest: name, path } of raw) {
        assert.equal(evidence.items[index]?.digest, name);
        const read = await readEvidence(path ?? '', name);
        assert.ok(read.ok);
      }
      assert.equal(raw.length, 4);
      const parts = Object.fromEntries(evidence.items.map(({ digest: name, documents }) => [name, documents]));
      assert.deepEqual(
        items.map(({ digest: name }) => parts[name]),
        [['statement'], ['statement'], ['statement'], ['bundle', 'statement', 'certificate'], []],
      );
    }));

  it('has room in an entry for as many as are looked at', () =>
    scratch(async (folder) => {
      const { store, report, sbom, raw, entry } = await prepared(folder, [item(BUNDLE)]);
      const [{ path = null } = {}] = raw;
      assert.ok(path !== null);
      const each = Array.from({ length: MAX_ITEMS }, (_, index) => ({
        item: index,
        digest: sha256(Buffer.of(index % 256, 1)),
        path,
      }));
      const [row] = report.vulnerabilities;
      assert.ok(row !== undefined);
      const vulnerabilities = Array.from({ length: 1000 }, () => ({
        ...row,
        kev: { dateAdded: '2026-01-01', dueDate: '2026-01-02', requiredAction: null, ransomware: null },
      }));
      await store.write({ ...report, vulnerabilities }, sbom, { raw: each });
      const { size } = statSync(join(entry, 'entry.json'));
      // There can be as many attested SBOMs, which take the same.
      assert.ok(size > 64 * 1024 && 2 * size < MAX_ENTRY, `${size} bytes`);
      assert.ok((await store.list()).length === 1);
      const read = await store.read(KEY);
      assert.ok(read.ok, read.ok ? '' : read.error.why);
    }));
});
