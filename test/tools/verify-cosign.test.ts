// SPDX-License-Identifier: Apache-2.0
// Real Cosign on the same bundles: the same answer, or a reason of ours to be stricter, which docs/evidence.md gives.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DIGEST, SIGNATURE_TYPE } from '../support/verification/fixtures.ts';
import type { CaseTable, VerificationCase } from '../support/verification/model.ts';
import { bytesOf } from '../support/verification/run.ts';
import { makeCases } from '../support/verification/table.ts';
import { projectRoot } from '../testbed/paths.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';

/** Where Cosign accepts and Waybill does not: which cases, and the words under which docs/evidence.md explains it. */
const STRICTER: readonly (readonly [RegExp, string])[] = [
  [/: duplicate, the timestamp$/, 'A timestamp that stands twice'],
  [/: payload, a statement of another version$/, 'A statement of a version that is not known'],
  [/: tampered root, nothing says from when it is valid$/, 'A root without beginnings'],
  [/: tampered certificate, it brings a root of its own$/, 'A root inside the bundle'],
  [/: downgraded, called a bundle of version 0\.1$/, 'A bundle that is called older than it is'],
  [/: certificate, two identities$/, 'Two identities in one certificate'],
  [
    /^rekor1: (?:tampered timestamp|oversized, more timestamps|revoked, the timestamp authority|tampered root, another auth)/,
    'A timestamp beside a time of the log',
  ],
  [/^rekor2: revoked, the log had ended$/, 'A log of Rekor v2 that had ended'],
  [
    /Rekor v2: tampered log entry, its body$|^rekor2: tampered log entry, its body$/,
    'The body of an entry of Rekor v2',
  ],
  [/: tampered log entry, the tree that its proof names$/, 'The tree that a proof of Rekor v2 names'],
  [/^stamp: tampered log entry/, 'A log entry that is not asked for'],
  [/^key, Rekor v2: tampered log entry, a time that no log signed$/, 'A time that no log signed'],
  [/: certificate, its key is not for signatures$/, 'A certificate whose key is not for signatures'],
  [/^key: wrong signer, two keys in the file$/, 'Two keys in one file'],
];

/** What Cosign 3.1.3 cannot read, and Sigstore's own conformance tests ask for. */
const UNREAD = 'rekor2, an entry of DSSE';

describe('Cosign and Waybill on the same bundles', function () {
  this.timeout(240_000);
  let folder: string;
  let table: CaseTable;
  let asked: readonly VerificationCase[];
  /** Names of what Cosign accepts. */
  let accepted: ReadonlySet<string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-cosign-'));
    table = makeCases(new Date());
    writeFileSync(join(folder, 'blob'), 'a binary, not an image');
    // About a message Cosign is told the file, so that no other digest can be asked for; without a signer nothing can be.
    asked = table.cases.filter(
      ({ base, request: { item, expected, subjects } }) =>
        item.kind === 'bundle' &&
        item.padTo === undefined &&
        expected.kind !== 'anyone' &&
        !(base.includes('a message') && subjects[0]?.startsWith('sha256:bb') === true),
    );
    const cosign = await toolPath('cosign');
    const found = new Set<string>();
    let next = 0;
    const worker = async (id: number): Promise<void> => {
      for (let each = asked[next++]; each !== undefined; each = asked[next++])
        if (await accepts(cosign, each, String(id))) found.add(each.name);
    };
    await Promise.all([worker(0), worker(1)]);
    accepted = found;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function accepts(cosign: string, each: VerificationCase, id: string): Promise<boolean> {
    const { base, root, request } = each;
    const { expected, allowNoLog, subjects } = request;
    const file = (name: string, content: string | Uint8Array): string => {
      const path = join(folder, `${id}-${name}`);
      writeFileSync(path, content);
      return path;
    };
    const isMessage = base.includes('a message');
    const stampOnly = base.startsWith('stamp') && root.startsWith('github');
    const digest = subjects.includes(DIGEST) ? DIGEST : (subjects[0] ?? '');
    const args = [
      isMessage ? 'verify-blob' : 'verify-blob-attestation',
      ...['--bundle', file('bundle', bytesOf(each)), '--trusted-root', file('root', table.roots[root] ?? '')],
      ...(expected.kind === 'key' ? ['--key', file('key', expected.pem)] : []),
      ...(expected.kind === 'identity'
        ? [`--certificate-identity=${expected.identity}`, `--certificate-oidc-issuer=${expected.issuer}`]
        : []),
      ...(allowNoLog || stampOnly ? ['--insecure-ignore-tlog'] : []),
      ...(stampOnly ? ['--insecure-ignore-sct'] : []),
      ...(base === 'key' || base.startsWith('rekor2') || base.startsWith('stamp') ? ['--use-signed-timestamps'] : []),
      ...(isMessage
        ? [join(folder, 'blob')]
        : ['--type', base.includes('Cosign 3') ? SIGNATURE_TYPE : 'https://slsa.dev/provenance/v1']),
      ...(isMessage ? [] : ['--digest', digest.slice(7), '--digestAlg', 'sha256']),
    ];
    const { exitCode } = await execa(cosign, args, { reject: false, env: { ...quietToolEnv, HOME: folder } });
    return exitCode === 0;
  }

  it('puts several hundred questions', () => {
    assert.ok(asked.length > 250, `${asked.length}`);
    assert.ok(asked.filter(({ kind }) => kind === null).length > 20);
  });

  it('Cosign accepts everything that has to be accepted, but for one kind of entry that it does not read', () => {
    const refused = asked.filter(({ kind, name }) => kind === null && !accepted.has(name));
    assert.deepEqual(
      refused.map(({ name }) => name),
      [UNREAD],
    );
  });

  it('Cosign refuses what has to be refused, but where Waybill says why it is stricter', () => {
    const unexplained = asked.filter(
      ({ kind, name }) => kind !== null && accepted.has(name) && !STRICTER.some(([pattern]) => pattern.test(name)),
    );
    assert.deepEqual(
      unexplained.map(({ name }) => name),
      [],
    );
  });

  it('every reason to be stricter is one, and is in docs/evidence.md', () => {
    const docs = readFileSync(join(projectRoot, 'docs', 'evidence.md'), 'utf8');
    for (const [pattern, title] of STRICTER) {
      assert.ok(
        [...accepted].some((name) => pattern.test(name)),
        title,
      );
      assert.ok(docs.includes(`- **${title}.**`), title);
    }
  });
});
