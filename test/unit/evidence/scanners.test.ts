// SPDX-License-Identifier: Apache-2.0
// What Grype says of its database, word for word as 0.120.0 does.
import assert from 'node:assert/strict';
import { readDatabaseStatus } from '../../../src/node/scanners/grype.ts';

const PATH = '/db/6/vulnerability.db';
const status = (more: Record<string, unknown>, demonstration = false) =>
  readDatabaseStatus(
    { schemaVersion: 'v6.1.10', from: 'x', built: '2026-11-25T00:00:00Z', path: PATH, valid: true, ...more },
    (path) => demonstration && path === PATH,
  );
const code = (more: Record<string, unknown>): string => {
  const read = status({ valid: false, ...more });
  return read.ok ? `stale ${read.value.stale}` : `${read.error.code}: ${read.error.why}`;
};

describe('readDatabaseStatus', () => {
  it('tells a usable database, whose it is, and when it was built', () => {
    const usable = { built: '2026-11-25T00:00:00.000Z', schema: 'v6.1.10', kind: 'grype', stale: false };
    assert.deepEqual(status({}), { ok: true, value: usable });
    assert.deepEqual(status({}, true), { ok: true, value: { ...usable, kind: 'demonstration' } });
    assert.deepEqual(status({ built: 'never', schemaVersion: 5 }), {
      ok: true,
      value: { ...usable, built: null, schema: null },
    });
  });

  it('tells stale, missing, changed and broken apart', () => {
    assert.equal(
      code({ error: 'the vulnerability database was built 46 weeks ago (max allowed age is 5 days)' }),
      'stale true',
    );
    assert.match(code({ error: 'database does not exist' }), /^database-missing/);
    assert.match(code({ error: 'bad db checksum (/db): "xxh64:1" vs "xxh64:2"' }), /^database-broken: .*changed after/);
    const chain =
      'failed to read DB description: failed to open db: unable to connect to DB: file is not a database (26)';
    assert.match(
      code({ error: chain }),
      /^database-broken: the vulnerability database cannot be used: file is not a database \(26\)$/,
    );
    assert.match(code({ error: '' }), /^database-broken: .*no reason was given/);
  });

  it('does not take other answers for a status', () => {
    for (const document of [null, [], {}, { valid: 'yes' }, 'ok'])
      assert.equal(readDatabaseStatus(document, () => false).ok, false);
  });
});
