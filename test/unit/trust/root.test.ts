// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readTrustedRoot } from '../../../src/node/trust/root.ts';
import { createAuthority } from '../../testbed/sigstore/authority.ts';
import { part, type Json } from '../../support/verification/fixtures.ts';

const used = { source: 'test', asOf: null };

describe('a trusted root', () => {
  const { trustedRoot } = createAuthority({ now: new Date('2026-11-25T12:00:00Z') });
  const read = (change: (root: Json) => void) => {
    const root = structuredClone(trustedRoot);
    change(root);
    return readTrustedRoot(Buffer.from(JSON.stringify(root)), used);
  };
  const undated = (change: (root: Json) => void): boolean | string => {
    const root = read(change);
    return root.ok ? root.value.undated : root.error.why;
  };

  it('has to say of every log and authority from when it is valid, in a time that is one', () => {
    assert.equal(
      undated(() => undefined),
      false,
    );
    for (const [list, inner] of [
      ['tlogs', 'publicKey'],
      ['ctlogs', 'publicKey'],
      ['certificateAuthorities', null],
      ['timestampAuthorities', null],
    ] as const)
      for (const validFor of [
        undefined,
        {},
        { start: '' },
        { start: {} },
        { start: 0 },
        { start: '1970' },
        { start: null },
      ]) {
        const changed = undated((root) => {
          const holder = inner === null ? part(root, list, 0) : part(root, list, 0, inner);
          holder['validFor'] = validFor;
        });
        assert.ok(
          changed === true || typeof changed === 'string',
          `${list} ${JSON.stringify(validFor)}: ${String(changed)}`,
        );
      }
    for (const start of ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.123456789Z', '2020-01-01T02:00:00+02:00'])
      assert.equal(
        undated((root) => void (part(root, 'timestampAuthorities', 0)['validFor'] = { start })),
        false,
        start,
      );
  });

  it('is refused where it is larger than any, of another kind, or names more than can be meant', () => {
    const why = (change: (root: Json) => void): string | boolean => undated(change);
    assert.match(String(why((root) => void (root['more'] = 'x'.repeat(1024 * 1024)))), /larger than/);
    assert.match(String(why((root) => void (root['mediaType'] = 'application/json'))), /media type/);
    const [log] = trustedRoot['tlogs'] as Json[];
    assert.match(String(why((root) => void (root['tlogs'] = Array.from({ length: 101 }, () => log)))), /too many/);
  });
});
