// SPDX-License-Identifier: Apache-2.0
// The table of verification cases on Node, from the sources, and on Bun, whose cryptography is BoringSSL as in the
// editor's desktop host, from what is shipped. What has to be accepted and what has to be refused are told apart.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JUDGEMENT_CODES } from '../../src/core/attestations/codes.ts';
import * as source from '../../src/node/verify-entry.ts';
import type { CaseTable, VerificationCase } from '../support/verification/model.ts';
import { differences, runTable, type Outcome } from '../support/verification/run.ts';
import { COUNTS, makeCases } from '../support/verification/table.ts';
import { bunPath } from '../testbed/bun.ts';
import { projectRoot } from '../testbed/paths.ts';

/** Kinds of change, each of which has to be tried on these fixtures. */
const KINDS = [
  ...['wrong artifact', 'identity prefix', 'identity suffix', 'identity wildcard', 'identity case', 'identity empty'],
  ...['wrong issuer', 'other subject', 'tampered payload', 'tampered certificate', 'tampered log entry'],
  ...[
    'tampered timestamp',
    'tampered root',
    'downgraded',
    'truncated',
    'oversized',
    'nested',
    'duplicate',
    'revoked',
    'expired',
  ],
];
const FIXTURES = ['key', 'rekor1', 'rekor2', 'layer', 'stamp'];

describe('verification cases', function () {
  this.timeout(120_000);
  let folder: string;
  let table: CaseTable;
  let onNode: readonly Outcome[];
  let onBun: readonly Outcome[];
  const accepted = ({ kind }: VerificationCase): boolean => kind === null;
  const only = (wanted: (each: VerificationCase) => boolean): CaseTable => ({
    ...table,
    cases: table.cases.filter(wanted),
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-verify-'));
    table = makeCases(new Date());
    const file = join(folder, 'table.json');
    writeFileSync(file, JSON.stringify(table));
    onNode = await runTable(table, source, join(folder, 'node'));
    const program = join(projectRoot, 'test', 'support', 'verification', 'program.ts');
    const built = join(projectRoot, 'dist', 'verify.js');
    const run = spawnSync(bunPath(), [program, built, file, join(folder, 'bun')], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    assert.equal(run.status, 0, run.stderr.slice(-2000));
    onBun = JSON.parse(run.stdout) as readonly Outcome[];
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it(`has ${COUNTS.accepted} to accept and ${COUNTS.refused} to refuse, each name once, each code known, each from one to accept`, () => {
    const refused = only((each) => !accepted(each)).cases;
    assert.deepEqual({ accepted: only(accepted).cases.length, refused: refused.length }, COUNTS);
    assert.equal(new Set(table.cases.map(({ name }) => name)).size, table.cases.length);
    const bases = new Map(only(accepted).cases.map(({ name, request }) => [name, request]));
    for (const { name, code, base, request } of refused) {
      assert.ok(code in JUDGEMENT_CODES, `${name}: ${code}`);
      assert.equal(request.item.kind, bases.get(base)?.item.kind, name);
    }
  });

  it('runs every one of them on both', () => {
    const names = table.cases.map(({ name }) => name);
    for (const outcomes of [onNode, onBun])
      assert.deepEqual(
        outcomes.map(({ name }) => name),
        names,
      );
  });

  it('tries every kind of change on at least five fixtures', () => {
    for (const kind of KINDS) {
      const bases = table.cases.filter((each) => each.kind === kind).map(({ base }) => base.split(',')[0]);
      assert.deepEqual(
        FIXTURES.filter((fixture) => !bases.includes(fixture)),
        [],
        kind,
      );
    }
  });

  it(`accepts all ${COUNTS.accepted} that have to be accepted, on Node`, () =>
    assert.deepEqual(differences(only(accepted), onNode), []));

  it(`refuses all ${COUNTS.refused} that have to be refused, each for its reason, on Node`, () =>
    assert.deepEqual(
      differences(
        only((each) => !accepted(each)),
        onNode,
      ),
      [],
    ));

  it(`accepts all ${COUNTS.accepted} that have to be accepted, on Bun`, () =>
    assert.deepEqual(differences(only(accepted), onBun), []));

  it(`refuses all ${COUNTS.refused} that have to be refused, each for its reason, on Bun`, () =>
    assert.deepEqual(
      differences(
        only((each) => !accepted(each)),
        onBun,
      ),
      [],
    ));

  it('takes the same steps with the same outcomes on both', () => assert.deepEqual(onBun, onNode));

  it('has in Bun a host that needs the digest to be named', () => {
    const program = `
      const { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } = require('node:crypto');
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const data = Buffer.from('x');
      const signature = sign('sha256', data, privateKey);
      let unnamed = false;
      try { unnamed = verify(undefined, data, publicKey, signature); } catch {}
      console.log(verify('sha256', data, publicKey, signature), unnamed);`;
    const run = spawnSync(bunPath(), ['-e', program], { encoding: 'utf8' });
    assert.equal(run.stdout.trim(), 'true false', run.stderr);
  });
});
