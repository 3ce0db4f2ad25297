// SPDX-License-Identifier: Apache-2.0
// Discovery and verification of an image with twenty attestations, against a registry on this machine that takes 50 ms for
// every answer: for scripts/bench.mjs. The registry logs how deep each request stands in a chain of requests.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Discovery } from '../../src/core/attestations/model.ts';
import { createDiscoverer } from '../../src/node/discovery/discoverer.ts';
import { createRoots, createVerifier } from '../../src/node/verify-entry.ts';
import { closeServers, MemoryRepository, serve, type Answer } from '../support/memory-registry.ts';
import {
  createWorld,
  mainFixtures,
  make,
  statement,
  statementContent,
  type World,
} from '../support/verification/fixtures.ts';

const ATTESTATIONS = 20;
/** Milliseconds that the registry takes for an answer. */
const LATENCY = 50;

/** What the registry is like, and how long a chain of requests may then be. */
export const REGISTRIES = {
  'the referrers API': { api: true, token: false, chain: 5 },
  'token authentication': { api: true, token: true, chain: 7 },
  'no referrers API': { api: false, token: false, chain: 6 },
} as const;
export type RegistryKind = keyof typeof REGISTRIES;

export interface BenchedEvidence {
  /** Longest chain of requests, as the registry saw it. */
  readonly chain: number;
  /** Medians in milliseconds: everything, and the verifications alone with all bytes in memory. */
  readonly wallMs: number;
  readonly memoryMs: number;
  /** `wallMs` less what the chain takes, over `memoryMs`. */
  readonly ratio: number;
}

function signedImage(world: World, api: boolean): MemoryRepository {
  const repository = new MemoryRepository();
  const image = repository.image('1');
  const { rekor1 } = mainFixtures(world);
  for (let i = 0; i < ATTESTATIONS; i++) {
    const subject = [{ name: 'app', digest: { sha256: image.digest.slice('sha256:'.length) } }];
    const content = statementContent(statement({ subject, predicate: { number: i } }));
    const { item } = make(world, { ...rekor1, options: { ...rekor1.options, content } });
    repository.bundle(image, Buffer.from(item.bytes, 'base64').toString());
  }
  if (!api) repository.fallbackTags();
  return repository;
}

/** Starts the registry; `chain` is the depth of the deepest request since the last call. */
async function slowRegistry(repository: MemoryRepository, token: boolean) {
  let done = 0;
  let deepest = 0;
  const { host } = await serve((request, response) => {
    // A request stands behind every answer that was there before it came.
    const depth = done + 1;
    deepest = Math.max(deepest, depth);
    const { status, headers, body } = answer(request.url ?? '', request.headers.authorization);
    setTimeout(() => {
      response.writeHead(status, headers).end(body);
      done = Math.max(done, depth);
    }, LATENCY);
  });
  function answer(url: string, authorization: string | undefined): Answer {
    if (url.startsWith('/token')) return { status: 200, body: '{"token":"abc"}' };
    if (!token || authorization === 'Bearer abc') return repository.answer(url);
    const challenge = `Bearer realm="http://${host}/token",service="r"`;
    return { status: 401, headers: { 'www-authenticate': challenge } };
  }
  const chain = (): number => {
    const seen = deepest;
    [done, deepest] = [0, 0];
    return seen;
  };
  return { host, chain };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const begun = performance.now();
  const value = await work();
  return [value, performance.now() - begun];
}

export async function benchEvidence(kind: RegistryKind, runs: number): Promise<BenchedEvidence> {
  const { api, token, chain: most } = REGISTRIES[kind];
  const world = createWorld(new Date());
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const cancel = new AbortController().signal;
  const file = join(folder, 'trusted_root.json');
  try {
    writeFileSync(file, JSON.stringify(world.authority.trustedRoot));
    const registry = await slowRegistry(signedImage(world, api), token);
    const discover = async (): Promise<Discovery> => {
      const found = await createDiscoverer({ env: { HOME: folder }, log, architecture: 'x64' }).discover(
        {
          source: { scheme: 'registry', target: `${registry.host}/team/app:1` },
          platform: '',
          offline: false,
          cosignRepository: null,
          githubRepository: null,
        },
        cancel,
      );
      assert.ok(found.ok, found.ok ? '' : JSON.stringify(found.error));
      assert.equal(found.value.items.length, ATTESTATIONS);
      return found.value;
    };
    const verifyAll = async ({ items, subjects }: Discovery): Promise<void> => {
      const now = Date.now();
      const verifier = createVerifier(createRoots({ file, tuf: null, offline: true, github: null, folder, now, log }));
      for (const item of items) {
        const judgement = await verifier.verify(
          { item, subjects, expected: { kind: 'anyone' }, keys: [], allowNoLog: false },
          cancel,
        );
        assert.equal(judgement.verdict, 'verified', judgement.reason);
      }
    };
    // Once beforehand: the first verification compiles what all others use.
    await verifyAll(await discover());
    registry.chain();
    const measured: { wall: number; memory: number; chain: number }[] = [];
    for (let run = 0; run < runs; run++) {
      const [found, wall] = await timed(async () => {
        const discovery = await discover();
        await verifyAll(discovery);
        return discovery;
      });
      const chain = registry.chain();
      const [, memory] = await timed(() => verifyAll(found));
      assert.ok(chain <= most, `${chain} requests wait for one another, and ${most} may`);
      measured.push({ wall, memory, chain });
    }
    const ratios = measured.map(({ wall, memory, chain }) => (wall - chain * LATENCY) / memory);
    return {
      chain: Math.max(...measured.map(({ chain }) => chain)),
      wallMs: median(measured.map(({ wall }) => wall)),
      memoryMs: median(measured.map(({ memory }) => memory)),
      ratio: median(ratios),
    };
  } finally {
    closeServers();
    rmSync(folder, { recursive: true, force: true });
  }
}
