// SPDX-License-Identifier: Apache-2.0
import { resolve as absolutePath } from 'node:path';
import { MAX_ITEMS } from '../../core/attestations/assemble.ts';
import type { Discoverer, Discovery, DiscoveryRequest, EvidencePlace } from '../../core/attestations/model.ts';
import { PLACE_KINDS } from '../../core/attestations/model.ts';
import { chooseSubjects } from '../../core/attestations/subjects.ts';
import { readImageDocument } from '../../core/evidence/manifest.ts';
import { hostPlatform, readPlatform } from '../../core/evidence/platform.ts';
import { parseImageReference } from '../../core/model/image-reference.ts';
import { problemText, type Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Cancel, ImageSource } from '../../core/ports.ts';
import { folderBlobs, folderReader, withTar } from '../images/disk-image.ts';
import { withProxyHint } from '../registry/proxy.ts';
import { askGithub, GITHUB_API } from './github.ts';
import { openLayout } from './layout.ts';
import { deadlineOf, limiter, PARALLEL } from './limits.ts';
import type { DiscovererOptions } from './options.ts';
import { openRegistry } from './registry.ts';
import { search } from './search.ts';
import type { OpenedImage, Shown } from './source.ts';

const DEADLINE = 120_000;

const cancelled: Problem = { code: 'cancelled', what: 'Cancelled', why: 'it was asked to stop', todo: '' };

/** An image that is in no registry and has no manifest: nothing can stand beside it. */
function nowhere({ target }: ImageSource, reason: string): Discovery {
  const place = (kind: EvidencePlace['kind']): EvidencePlace => ({
    kind,
    subject: '',
    address: target,
    state: 'skipped',
    reason,
  });
  return { subjects: [], places: PLACE_KINDS.map(place), items: [] };
}

/** How one discovery goes about it. */
interface Run {
  readonly request: DiscoveryRequest;
  readonly options: DiscovererOptions;
  readonly cancel: Cancel;
  readonly reason: (problem: Problem) => string;
}

async function within(opened: OpenedImage, cosign: Shown | null, run: Run): Promise<Result<Discovery, Problem>> {
  const { request, options, cancel, reason } = run;
  const { image, digest, entries } = opened;
  const read = async ({ digest: named }: { readonly digest: string }): Promise<Result<unknown, Problem>> => {
    const found = await image.source.findManifest(named);
    if (!found.ok) return found;
    return found.value === null
      ? err({ code: 'image-missing', what: `There is no ${named}`, why: 'it is named and not there', todo: '' })
      : ok(found.value.document);
  };
  const asked = request.platform === '' ? null : readPlatform(request.platform);
  const chosen = await chooseSubjects(entries, digest, asked, hostPlatform(options.architecture), read);
  if (!chosen.ok) return chosen;
  const { index, platform } = chosen.value;
  const limited = limiter(PARALLEL);
  const [other, found, github] = await Promise.all([
    otherThanLocal(opened, platform, request),
    search(chosen.value, { image, cosign, reason, limited }),
    askGithub(index === null ? [platform] : [index, platform], {
      repository: request.githubRepository,
      offline: request.offline,
      api: options.githubApi ?? GITHUB_API,
      timeout: options.timeout ?? 30_000,
      cancel,
      reason,
      limited,
    }),
  ]);
  if (other !== null) return err(other);
  const items = [...found.items, ...github.items];
  const cut = { state: 'failed', reason: `Only ${MAX_ITEMS} items are read for one image.` } as const;
  return ok({
    subjects: found.subjects,
    places: [...found.places, ...github.places.map((each) => (items.length > MAX_ITEMS ? { ...each, ...cut } : each))],
    items: items.slice(0, MAX_ITEMS),
  });
}

async function inRegistry(target: string, run: Run): Promise<Result<Discovery, Problem>> {
  const { request, options, cancel } = run;
  if (request.offline) {
    return err({
      code: 'offline',
      what: `${target} was not looked up`,
      why: 'it is in a registry, and no network may be asked',
      todo: 'Name a layout or an archive on disk, or allow the network.',
    });
  }
  const opened = await openRegistry(target, request.cosignRepository, options, cancel);
  return opened.ok ? within(opened.value, opened.value.cosign, run) : opened;
}

/** Names of one image that are asked one after the other. */
const MAX_NAMES = 4;

/**
 * An engine's image has no registry address. A name that the engine has for it is only told, unless it was asked for:
 * Podman has one for what was built here, too, and whoever looks at a local image asked for no network.
 */
async function ofEngine(run: Run): Promise<Result<Discovery, Problem>> {
  const { request, options, cancel } = run;
  const { source, localImage, offline } = request;
  const known = await options.repoDigests?.(source, cancel);
  const names = known?.ok === true ? registryDigests(known.value, source.target) : [];
  if (localImage !== undefined && !offline) {
    for (const name of names.slice(0, MAX_NAMES)) {
      const found = await inRegistry(name, run);
      if (found.ok || found.error.code !== 'image-missing') return found;
    }
    if (names.length > 0)
      return ok(nowhere(source, `${source.scheme} knows it as ${names.join(', ')}, and it is not there (any more).`));
  }
  const [name] = names;
  const hint =
    name === undefined ? '' : ` ${source.scheme} knows it as ${name}: look there with waybill verify ${name}.`;
  return ok(nowhere(source, `A local image has no registry address.${hint}`));
}

/** Names with digests that a registry could know, those of the repository that was asked for first. */
function registryDigests(names: readonly string[], target: string): readonly string[] {
  const asked = parseImageReference(target);
  const found = names.flatMap((name) => {
    const reference = parseImageReference(name);
    if (!reference.ok || reference.value.digest === null || reference.value.registry === 'localhost') return [];
    const { registry, repository } = reference.value;
    return [{ name, same: asked.ok && asked.value.registry === registry && asked.value.repository === repository }];
  });
  return found.toSorted((a, b) => Number(b.same) - Number(a.same)).map(({ name }) => name);
}

/**
 * Why what a registry has is not the image of the engine, null where it is or cannot be told: what was scanned has to be
 * what the signatures are about.
 */
async function otherThanLocal(
  { image }: OpenedImage,
  platform: string,
  { localImage, source }: DiscoveryRequest,
): Promise<Problem | null> {
  const expected = localImage?.configDigest ?? null;
  if (expected === null) return null;
  const found = await image.source.findManifest(platform);
  if (!found.ok) return found.error;
  const read = found.value === null ? null : readImageDocument(found.value.document);
  if (read?.ok === true && read.value.kind === 'manifest' && read.value.config.digest === expected) return null;
  return {
    code: 'bad-input',
    what: `Nothing was looked up about ${source.target}`,
    why: `its registry has another image under the name that ${source.scheme} knows`,
    todo: 'Pull it again, or audit it as registry:.',
  };
}

function inSource(run: Run): Promise<Result<Discovery, Problem>> {
  const { source } = run.request;
  const { scheme, target } = source;
  if (scheme === 'registry') return inRegistry(target, run);
  if (scheme === 'docker' || scheme === 'podman') return ofEngine(run);
  const path = absolutePath(target);
  const layout = async (
    read: ReturnType<typeof folderReader>,
    names: () => Promise<Iterable<string>>,
  ): Promise<Result<Discovery, Problem>> => {
    const opened = await openLayout(path, read, names);
    return opened.ok ? within(opened.value, null, run) : opened;
  };
  if (scheme === 'oci-dir') return layout(folderReader(path), () => folderBlobs(path));
  return withTar(path, async (tar) => {
    // Newer engines save a layout and the older list in one archive; the layout has the digests.
    const whole = scheme === 'oci-archive' || [...tar.names()].includes('index.json');
    if (whole) return layout(tar.read, async () => tar.names());
    return ok(nowhere(source, 'A docker-archive keeps no manifest, so nothing can be about its digest.'));
  });
}

/** Finds what is beside an image, in its registry or on disk; asks a network only for what the request names. */
export function createDiscoverer(options: DiscovererOptions): Discoverer {
  return {
    discover: async (request, cancel) => {
      const milliseconds = options.deadline ?? DEADLINE;
      const deadline = deadlineOf(cancel, milliseconds);
      const late = `it took longer than ${Math.round(milliseconds / 1_000)} s altogether`;
      const inTime = (problem: Problem): Problem =>
        problem.code === 'cancelled' && deadline.passed()
          ? { code: 'timeout', what: 'It was not looked at', why: late, todo: 'Try again later.' }
          : problem;
      const reason = (problem: Problem): string => problemText(inTime(problem));
      try {
        const found = await inSource({ request, options, cancel: deadline.cancel, reason });
        if (cancel.aborted) return err(cancelled);
        return found.ok ? found : err(withProxyHint(inTime(found.error), options.env));
      } finally {
        deadline.clear();
      }
    },
  };
}
