// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import {
  addressQuery,
  documentFile,
  evidenceArgument,
  readAddress,
} from '../../../src/core/explorer/evidence-address.ts';
import { RAW_PARTS } from '../../../src/core/model/raw-part.ts';

const KEY = `sha256:${'a'.repeat(64)}`;
const DIGEST = `sha256:${'b'.repeat(64)}`;

describe('what names evidence', () => {
  it('is a node of the tree, or report, position and part', () => {
    const node = (target: unknown, key: string | null = KEY): unknown => ({
      branch: { kind: 'leaf' },
      image: { key, session: null },
      target,
    });
    assert.deepEqual(evidenceArgument(node({ tab: 'signatures', row: '3', only: null })), { key: KEY, item: 3 });
    assert.deepEqual(evidenceArgument(node({ tab: 'provenance', row: '0', only: null })), { key: KEY, item: 0 });
    for (const part of RAW_PARTS)
      assert.deepEqual(evidenceArgument({ key: KEY, item: 1, part, digest: DIGEST, path: '/etc/passwd' }), {
        ...{ key: KEY, item: 1, part, digest: DIGEST },
      });
    for (const none of [
      node({ tab: 'vulnerabilities', row: '3', only: null }),
      node({ tab: 'signatures', row: null, only: null }),
      node({ tab: 'signatures', row: '../3', only: null }),
      node({ tab: 'signatures', row: '3', only: null }, null),
      node(null),
      { branch: {} },
    ])
      assert.equal(evidenceArgument(none), undefined);
  });

  it('is nothing else', () => {
    for (const none of [
      undefined,
      null,
      'x',
      7,
      [],
      {},
      { key: KEY },
      { key: 1, item: 0 },
      { key: null, item: 0, part: 'bundle' },
      { key: KEY, item: '0' },
      { key: KEY, item: -1 },
      { key: KEY, item: 0.5 },
      { key: KEY, item: Number.NaN },
      { key: KEY, item: 1e9 },
      { key: KEY, item: 0, part: 'path' },
      { key: KEY, item: 0, part: null },
    ])
      assert.equal(evidenceArgument(none), undefined, JSON.stringify(none));
  });

  it('is read back from an address, and no other address is read', () => {
    for (const part of RAW_PARTS) {
      const address = { key: KEY, item: 12, digest: DIGEST, part };
      assert.deepEqual(readAddress(addressQuery(address)), address);
    }
    const query = addressQuery({ key: KEY, item: 0, digest: DIGEST, part: 'bundle' });
    for (const other of [
      '',
      `${query}&x`,
      ` ${query}`,
      query.replace('bundle', 'path'),
      query.replace(KEY, '../../etc'),
      query.replace('&0&', '&-1&'),
      query.replace('&0&', '&0000000&'),
      query.replaceAll('&', '/'),
    ])
      assert.equal(readAddress(other), null, other);
  });

  it('has a file name that is only a name, whatever an item calls itself', () => {
    assert.equal(
      documentFile({ kind: 'bundle', label: 'SLSA provenance v1' }, 'statement'),
      'SLSA provenance v1, statement.json',
    );
    assert.equal(
      documentFile({ kind: 'legacy-signature', label: 'Image signature' }, 'statement'),
      'Image signature, payload.json',
    );
    assert.equal(documentFile({ kind: 'bundle', label: 'x' }, 'certificate'), 'x, certificate.pem');
    const hostile = documentFile({ kind: 'bundle', label: `../..\\\u202E%2F?a#b\n${'y'.repeat(200)}` }, 'bundle');
    assert.match(hostile, /^[A-Za-z0-9 ._-]{1,60}, bundle\.json$/);
    assert.doesNotMatch(hostile, /[/\\%?#]/);
  });
});
