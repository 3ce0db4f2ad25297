// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  formatImageReference,
  parseImageReference,
  resolvedReference,
} from '../../../src/core/model/image-reference.ts';

const SHA256 = `sha256:${'a'.repeat(64)}`;
const SHA512 = `sha512:${'b'.repeat(128)}`;

describe('image references', () => {
  const good: Record<string, string> = {
    alpine: 'docker.io/library/alpine:latest',
    'alpine:3.20': 'docker.io/library/alpine:3.20',
    'team/app': 'docker.io/team/app:latest',
    'index.docker.io/library/golang:1': 'docker.io/library/golang:1',
    'docker.io/alpine': 'docker.io/library/alpine:latest',
    'localhost/app': 'localhost/app:latest',
    'localhost:5000/team/app:1.0': 'localhost:5000/team/app:1.0',
    'registry.example.com:8443/a/b/c': 'registry.example.com:8443/a/b/c:latest',
    '127.0.0.1:5000/x': '127.0.0.1:5000/x:latest',
    '[2001:db8::1]:5000/app:1': '[2001:db8::1]:5000/app:1',
    'UPPER/app': 'UPPER/app:latest',
    [`alpine@${SHA256}`]: `docker.io/library/alpine@${SHA256}`,
    [`alpine:3.20@${SHA256}`]: `docker.io/library/alpine:3.20@${SHA256}`,
    [`a/b@${SHA512}`]: `docker.io/a/b@${SHA512}`,
    'a__b/c-d--e.f_g': 'docker.io/a__b/c-d--e.f_g:latest',
    'a:_x.Y-1': 'docker.io/library/a:_x.Y-1',
  };
  for (const [text, resolved] of Object.entries(good)) {
    it(`reads ${text.slice(0, 60)}`, () => {
      const parsed = parseImageReference(text);
      assert.ok(parsed.ok, text);
      assert.equal(resolvedReference(parsed.value), resolved);
    });
  }

  const bad = [
    '',
    'Alpine',
    'team/App',
    'alpine:',
    ':tag',
    'alpine:-x',
    `alpine:${'x'.repeat(129)}`,
    'alpine@',
    'alpine@sha256:00',
    `alpine@md5:${'a'.repeat(32)}`,
    `alpine@SHA256:${'a'.repeat(64)}`,
    'a'.repeat(64),
    'team//app',
    'team/../app',
    '/app',
    'app/',
    'a b',
    'alpine\n',
    'über/alles',
    'x.y:port/z',
    '-alpine',
    'a..b',
    `${'a/'.repeat(128)}b`,
    'x'.repeat(5000),
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(parseImageReference(text).ok, false));
  }

  it('never makes a tag up', () => {
    const parsed = parseImageReference('alpine');
    assert.ok(parsed.ok);
    assert.equal(parsed.value.tag, null);
    assert.equal(formatImageReference(parsed.value), 'docker.io/library/alpine');
  });

  it('keeps tag and digest apart', () => {
    const parsed = parseImageReference(`node:24@${SHA256}`);
    assert.deepEqual(parsed, {
      ok: true,
      value: { registry: 'docker.io', repository: 'library/node', tag: '24', digest: SHA256 },
    });
  });

  it('reads what it wrote as the same reference, and never throws', () => {
    const part = fc.constantFrom('a', 'b1', 'x-y', '.', ':', '/', '@', '5000', 'localhost', SHA256, 'T', '_', '');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const parsed = parseImageReference(text);
          if (!parsed.ok) return;
          assert.deepEqual(parseImageReference(formatImageReference(parsed.value)), parsed);
        },
      ),
    );
  });
});
