// SPDX-License-Identifier: Apache-2.0
// Entry of dist/evidence.js: discovery, understanding and judging of evidence, loaded on first use. What stands on
// sigstore's libraries is one more file, dist/verify.js, loaded when there is something to verify.
import { arch } from 'node:process';
import { join } from 'node:path';
import type { Discoverer, Verifier } from '../core/attestations/model.ts';
import type { Problem } from '../core/model/problem.ts';
import { ok, type Result } from '../core/model/result.ts';
import type { Cancel, Clock, EvidenceCollector, Log, RootWish } from '../core/ports.ts';
import { createDiscoverer } from './discovery/discoverer.ts';
import { inspectImage, type EngineOptions } from './engines/engine.ts';
import type { CollectRequest } from './evidence/collect.ts';
import { createCollector } from './evidence/collector.ts';
import { verifyOne, type VerifiedImage, type VerifyView } from './evidence/verify-image.ts';
import { defaultDataFolder } from './store/folder.ts';
import instances from './trust/data/instances.json' with { type: 'json' };
import { createRoots, createVerifier } from './verify-entry.ts';

export interface EvidenceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  /** Where roots are kept; null takes $WAYBILL_DATA, else the platform's folder for a person's data. */
  readonly dataFolder: string | null;
  /** Engines that are asked under which names of registries they know a local image. */
  readonly engines?: EngineOptions;
  /** `HOST` or `HOST:PORT` that is spoken to in plain HTTP because a person named it. */
  readonly insecureHosts?: readonly string[];
}

/** The verifier that believes one root of the user's, or those that are fetched, kept and shipped. */
function verifierOf(options: EvidenceOptions, { trustedRoot, tuf, githubRoot, fetchRoots }: RootWish): Verifier {
  const folder = join(options.dataFolder ?? defaultDataFolder(options.env), 'trust');
  let made: Verifier | null = null;
  // Made when the first item needs it: an image without signatures loads no cryptography.
  const verifier = (): Verifier =>
    (made ??= createVerifier(
      createRoots({
        file: trustedRoot,
        tuf,
        github: githubRoot === null ? null : { mirror: instances.github.mirror, rootPath: githubRoot },
        offline: !fetchRoots,
        folder,
        now: options.clock.now(),
        log: options.log,
      }),
    ));
  return { verify: async (request, cancel) => verifier().verify(request, cancel) };
}

function discovererOf({ env, log, engines, insecureHosts = [] }: EvidenceOptions): Discoverer {
  const common = { env, log, architecture: arch, insecureHosts };
  if (engines === undefined) return createDiscoverer(common);
  return createDiscoverer({
    ...common,
    repoDigests: async ({ scheme, target }, cancel) => {
      const found = await inspectImage(scheme === 'podman' ? 'podman' : 'docker', target, engines, cancel);
      return found.ok ? ok(found.value.repoDigests) : found;
    },
  });
}

/** The evidence stage of an audit; `folder` is the audit's own. */
export function createEvidenceCollector(options: EvidenceOptions, folder: string): EvidenceCollector {
  return createCollector({
    clock: options.clock,
    log: options.log,
    folder,
    discoverer: () => discovererOf(options),
    verifier: (roots) => verifierOf(options, roots),
  });
}

/** `waybill verify` but for its options. */
export async function verifyImage(
  request: CollectRequest,
  options: EvidenceOptions & { readonly roots: RootWish },
  view: VerifyView,
  cancel: Cancel,
): Promise<Result<VerifiedImage, Problem>> {
  const verifier = verifierOf(options, options.roots);
  return verifyOne(request, { discoverer: discovererOf(options), verifier }, view, cancel);
}

export { evidenceText } from '../core/output/evidence-text.ts';
