// SPDX-License-Identifier: Apache-2.0
// A root that was named and cannot be used: the stage fails with the reason, and nothing is looked at by another root.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemText, type Problem } from '../../../src/core/model/problem.ts';
import { ok } from '../../../src/core/model/result.ts';
import type { AuditRequest, EvidenceWish, ResolvedImage, RootWish } from '../../../src/core/ports.ts';
import { unusableRoot, whereUsable } from '../../../src/node/evidence/named-roots.ts';
import { never } from './support.ts';

const NONE: RootWish = { trustedRoot: null, tuf: null, githubRoot: null, fetchRoots: false };
const WISH: EvidenceWish = {
  ...NONE,
  policy: null,
  localImages: false,
  cosignRepository: null,
  githubRepository: null,
  problem: null,
};
const IMAGE: ResolvedImage = {
  source: { scheme: 'registry', target: 'registry.example/a/b:1' },
  scanTarget: '',
  platform: null,
  indexDigest: null,
  manifestDigest: null,
  configDigest: null,
  created: null,
  user: null,
  platforms: [],
};

describe('roots that were named', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-named-roots-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const why = async (path: string): Promise<string> => {
    const found = await Promise.all(
      [
        { ...NONE, trustedRoot: path },
        { ...NONE, githubRoot: path },
        { ...NONE, tuf: { mirror: 'https://tuf.example', rootPath: path } },
      ].map(unusableRoot),
    );
    const [first, ...others] = found.map((problem) => (problem === null ? 'usable' : problemText(problem)));
    for (const other of others) assert.equal(other, first);
    return first ?? '';
  };

  it('are usable as far as they are JSON in a file', async () => {
    assert.equal(await unusableRoot(NONE), null);
    assert.equal(await why(file('good.json', '{"signed": {}}')), 'usable');
  });

  it('are told what is wrong with them, and what to do', async () => {
    const missing = join(folder, 'missing.json');
    assert.match(
      await why(missing),
      /^The trusted root .*missing\.json could not be read: ENOENT.* Give the path of a root/,
    );
    assert.match(await why(folder), /could not be read: it is no file\./);
    assert.match(await why(file('large.json', ' '.repeat(2 ** 20 + 1))), /it is larger than 1048576 bytes/);
    assert.equal(await why(file('lines.jsonl', '{"a":1}\n{"b":2}\n')), 'usable');
    for (const text of ['', 'no JSON', '{"a":1', '{"a":1}\n{"b":2\n'])
      assert.match(
        await why(file('bad.json', text)),
        /it is no JSON\. .*as Sigstore publishes it or gh attestation trusted-root prints it/,
      );
  });

  const collected = async (evidence: EvidenceWish | undefined) => {
    let asked = 0;
    const collector = whereUsable(() => ({
      collect: async () => {
        asked++;
        return ok({ skipped: 'nothing to do' });
      },
    }));
    const request: AuditRequest = {
      source: IMAGE.source,
      platform: null,
      offline: false,
      allowStaleDatabase: false,
      ...(evidence === undefined ? {} : { evidence }),
    };
    const result = await collector.collect(IMAGE, request, () => undefined, never);
    return { asked, code: result.ok ? null : result.error.code };
  };

  it('let the stage begin only where all is as it was asked for', async () => {
    assert.deepEqual(await collected(undefined), { asked: 1, code: null });
    assert.deepEqual(await collected(WISH), { asked: 1, code: null });
    const problem: Problem = { code: 'bad-input', what: 'The setting', why: 'it is odd', todo: '' };
    assert.deepEqual(await collected({ ...WISH, problem }), { asked: 0, code: 'bad-input' });
    const trustedRoot = join(folder, 'missing.json');
    assert.deepEqual(await collected({ ...WISH, trustedRoot }), { asked: 0, code: 'file-unreadable' });
  });
});
