// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AttestedSbom } from '../../core/attestations/assemble.ts';
import type { Discoverer, Verifier } from '../../core/attestations/model.ts';
import { ok } from '../../core/model/result.ts';
import type {
  AttestedSbomFile,
  Clock,
  EvidenceCollector,
  EvidenceWish,
  ImageSource,
  Log,
  RootWish,
} from '../../core/ports.ts';
import { collectEvidence } from './collect.ts';
import { keepEvidence } from './keep.ts';

export interface CollectorOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The audit's own folder: what is found is put there. */
  readonly folder: string;
  readonly discoverer: () => Discoverer;
  readonly verifier: (roots: RootWish) => Verifier;
}

/** Nothing was asked for: no policy, Waybill's own roots, and no registry for a local image. */
const NO_WISH: EvidenceWish = {
  policy: null,
  trustedRoot: null,
  tuf: null,
  githubRoot: null,
  fetchRoots: false,
  localImages: false,
  cosignRepository: null,
  githubRepository: null,
  problem: null,
};

const isEngine = ({ scheme }: ImageSource): boolean => scheme === 'docker' || scheme === 'podman';

const pack = promisify(gzip);

/** SBOMs as files of the audit's folder; one that cannot be written is left out and logged, for the report is whole. */
async function writeSboms(
  sboms: readonly AttestedSbom[],
  { folder, log }: CollectorOptions,
): Promise<readonly AttestedSbomFile[]> {
  const written: AttestedSbomFile[] = [];
  for (const [index, { digest, document }] of sboms.entries()) {
    const path = join(folder, `attested-${index}.json.gz`);
    try {
      await writeFile(path, await pack(JSON.stringify(document), { level: 3 }), { flag: 'wx' });
      written.push({ digest, path });
    } catch (error) {
      log.warn(`The attested SBOM ${digest} was not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return written;
}

/** The evidence stage of an audit. */
export function createCollector(options: CollectorOptions): EvidenceCollector {
  const { clock, discoverer, verifier } = options;
  return {
    collect: async (image, request, progress, cancel) => {
      const { source, platform } = image;
      const wish = request.evidence ?? NO_WISH;
      const { policy, cosignRepository, githubRepository } = wish;
      if (source.scheme === 'registry' && request.offline)
        return ok({ skipped: 'The audit is offline, and signatures are in the registry.' });
      const collected = await collectEvidence(
        {
          source,
          platform: platform ?? request.platform ?? '',
          offline: request.offline,
          cosignRepository,
          githubRepository,
          policy,
          now: clock.now(),
          ...(wish.localImages && isEngine(source) ? { localImage: { configDigest: image.configDigest } } : {}),
        },
        {
          discoverer: discoverer(),
          verifier: verifier({ ...wish, fetchRoots: wish.fetchRoots && !request.offline }),
        },
        progress,
        cancel,
      );
      if (!collected.ok) return collected;
      const { evidence, findings, found, sboms } = collected.value;
      const { files, parts } = await keepEvidence(found, options, cancel);
      const items = evidence.items.map((item, index) => ({ ...item, documents: [...(parts[index] ?? [])] }));
      return ok({
        evidence: { ...evidence, items },
        findings,
        sboms: await writeSboms(sboms, options),
        raw: files,
      });
    },
  };
}
