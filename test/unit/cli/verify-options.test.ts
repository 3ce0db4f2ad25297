// SPDX-License-Identifier: Apache-2.0
// What `waybill verify` takes: hosts without TLS by name, mirrors of one's own with the root that says whom to believe.
import assert from 'node:assert/strict';
import { runInProcess } from '../../support/cli.ts';

const verify = (...options: string[]) =>
  runInProcess(['verify', 'registry.example:5000/a/b:1', '--format', 'json', ...options], { cwd: import.meta.dirname });

describe('options of waybill verify', () => {
  const refused: readonly (readonly [string[], RegExp])[] = [
    [['--insecure', 'http://registry.example'], /--insecure takes HOST or HOST:PORT/],
    [['--insecure', ''], /--insecure takes HOST/],
    [['--insecure', '*'], /--insecure takes HOST/],
    [['--tuf-mirror', 'https://tuf.example'], /belong together/],
    [['--tuf-root', 'root.json'], /belong together/],
    [['--tuf-mirror', 'http://tuf.example', '--tuf-root', 'root.json'], /takes an https address/],
    [['--tuf-mirror', 'https://a:b@tuf.example', '--tuf-root', 'root.json'], /takes an https address/],
    [['--tuf-mirror', 'tuf.example', '--tuf-root', 'root.json'], /takes an https address/],
    [['--tuf-mirror', 'https://tuf.example', '--tuf-root', ''], /--tuf-root names no file/],
    [['--github-repository', '../..'], /takes OWNER\/NAME/],
    [['--github-repository', 'northwind/..'], /takes OWNER\/NAME/],
    [['--format', 'json'], /--format was given more than once/],
    [['--policy', 'a.yaml', '--policy=b.yaml'], /--policy was given more than once/],
    [['--trusted-root', 'a', '--trusted-root', 'b'], /--trusted-root was given more than once/],
    [['--\u001b[31m'], /^waybill: Unknown option '--\[U\+001B\]\[31m'/],
    [['--github-tuf-root', ''], /--github-tuf-root names no file/],
  ];
  for (const [options, why] of refused) {
    it(`refuses ${options.join(' ')}`, async () => {
      const { status, stdout, stderr } = await verify(...options);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, why);
    });
  }

  it('speaks plain HTTP with the host that was named, and with no other', async () => {
    const { fetch } = globalThis;
    const seen: string[] = [];
    globalThis.fetch = async (input) => {
      const url = new URL(String(input));
      seen.push(`${url.protocol}//${url.host}`);
      if (url.protocol === 'https:') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
      return new Response(null, { status: 404 });
    };
    try {
      const plain = await verify('--insecure', 'registry.example:5000');
      assert.ok(seen.splice(0).includes('http://registry.example:5000'));
      assert.equal(plain.status, 3);
      await verify('--insecure', 'registry.example:5001');
      assert.ok(!seen.some((each) => each.startsWith('http:')));
    } finally {
      globalThis.fetch = fetch;
    }
  });
});
