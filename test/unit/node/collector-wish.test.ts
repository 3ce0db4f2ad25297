// SPDX-License-Identifier: Apache-2.0
// What the evidence stage makes of what it is asked: roots are fetched only where they may be and a network may be used,
// and only an engine's image is looked up in a registry by another name.
import assert from 'node:assert/strict';
import type { DiscoveryRequest } from '../../../src/core/attestations/model.ts';
import { ok } from '../../../src/core/model/result.ts';
import type { AuditRequest, EvidenceWish, ImageScheme, ResolvedImage, RootWish } from '../../../src/core/ports.ts';
import { createCollector } from '../../../src/node/evidence/collector.ts';
import { keptLog, never, scratch } from './support.ts';

const WISH: EvidenceWish = {
  policy: null,
  trustedRoot: '/srv/root.json',
  tuf: { mirror: 'https://tuf.example', rootPath: '/srv/first.json' },
  githubRoot: '/srv/github.json',
  fetchRoots: true,
  localImages: true,
  cosignRepository: 'registry.example/signatures',
  githubRepository: 'northwind/payments-api',
  problem: null,
};

/** What discovery and verification were asked for. */
function asked(scheme: ImageScheme, offline: boolean, evidence: EvidenceWish | undefined) {
  return scratch(async (folder) => {
    let request: DiscoveryRequest | null = null;
    let roots: RootWish | null = null;
    const collector = createCollector({
      clock: { now: () => 0 },
      log: keptLog(),
      folder,
      discoverer: () => ({
        discover: async (given) => {
          request = given;
          return ok({ subjects: [], places: [], items: [] });
        },
      }),
      verifier: (given) => {
        roots = given;
        return { verify: () => assert.fail('there is nothing to verify') };
      },
    });
    const source = { scheme, target: 'northwind/payments-api:1' };
    const image: ResolvedImage = {
      source,
      scanTarget: '',
      platform: 'linux/amd64',
      indexDigest: null,
      manifestDigest: null,
      configDigest: `sha256:${'a'.repeat(64)}`,
      created: null,
      user: null,
      platforms: [],
    };
    const audit: AuditRequest = {
      source,
      platform: null,
      offline,
      allowStaleDatabase: false,
      ...(evidence === undefined ? {} : { evidence }),
    };
    await collector.collect(image, audit, () => undefined, never);
    return { request: request as DiscoveryRequest | null, roots: roots as RootWish | null };
  });
}

describe('what the evidence stage is asked', () => {
  it('reaches discovery and verification as it was asked', async () => {
    const { request, roots } = await asked('registry', false, WISH);
    const { trustedRoot, tuf, githubRoot, fetchRoots } = roots ?? assert.fail('no verifier');
    assert.deepEqual(
      { trustedRoot, tuf, githubRoot, fetchRoots },
      {
        trustedRoot: '/srv/root.json',
        tuf: { mirror: 'https://tuf.example', rootPath: '/srv/first.json' },
        githubRoot: '/srv/github.json',
        fetchRoots: true,
      },
    );
    assert.equal(request?.cosignRepository, 'registry.example/signatures');
    assert.equal(request.githubRepository, 'northwind/payments-api');
    assert.equal(request.localImage, undefined, 'it is in a registry already');
  });

  it('fetches no root offline, and none unasked', async () => {
    assert.equal((await asked('oci-dir', true, WISH)).roots?.fetchRoots, false);
    assert.equal((await asked('oci-dir', false, WISH)).roots?.fetchRoots, true);
    assert.equal((await asked('registry', false, undefined)).roots?.fetchRoots, false);
  });

  it('looks only images of engines up by what the engine says', async () => {
    for (const scheme of ['docker', 'podman'] as const) {
      const { request } = await asked(scheme, false, WISH);
      assert.deepEqual(request?.localImage, { configDigest: `sha256:${'a'.repeat(64)}` });
      assert.equal((await asked(scheme, false, { ...WISH, localImages: false })).request?.localImage, undefined);
    }
    assert.equal((await asked('oci-archive', false, WISH)).request?.localImage, undefined);
  });
});
