// SPDX-License-Identifier: Apache-2.0
// Entry of dist/tuf.js: a trusted root by The Update Framework, signed, versioned, and never older than one that was seen before.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initTUF } from '@sigstore/tuf';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import github from './data/github-tuf-root.json' with { type: 'json' };
import instances from './data/instances.json' with { type: 'json' };

/** Milliseconds for one request. */
const TIMEOUT = 10_000;

export interface TufSource {
  readonly mirror: string;
  /** Path of the mirror's first root.json; null for the public-good instance and GitHub's, whose first roots are shipped. */
  readonly rootPath: string | null;
}

/** Text of the target trusted_root.json; `cache` is this mirror's own folder. */
export async function fetchTrustedRoot(source: TufSource, cache: string): Promise<Result<string, Problem>> {
  const { mirror } = source;
  try {
    await mkdir(cache, { recursive: true });
    const rootPath = source.rootPath ?? (mirror === instances.github.mirror ? await githubRoot(cache) : null);
    const tuf = await initTUF({
      cachePath: cache,
      mirrorURL: mirror,
      ...(rootPath === null ? {} : { rootPath }),
      retry: 0,
      timeout: TIMEOUT,
    });
    return ok(await tuf.getTarget('trusted_root.json'));
  } catch (error) {
    return err({
      code: 'download-failed',
      what: `No trusted root could be had of ${mirror}`,
      why: innermost(error),
      todo: 'Check the network, or give a file with --trusted-root.',
    });
  }
}

/** The first root of GitHub's instance as a file, which is how the library takes one that it does not bring itself. */
async function githubRoot(cache: string): Promise<string> {
  const path = join(cache, 'first-root.json');
  await writeFile(path, JSON.stringify(github.root));
  return path;
}

function innermost(error: unknown): string {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause;
  return cause instanceof Error ? cause.message : String(cause);
}
