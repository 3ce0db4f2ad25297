// SPDX-License-Identifier: Apache-2.0
// Builds Go programs at exact versions, from the Go module proxy or from a module folder of this repository.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';
import { withLock } from './lock.ts';
import { cacheRoot } from './paths.ts';

interface GoCommon {
  /** Path of the binary to write. */
  readonly out: string;
  /** Package to build; '.' by default for `dir`. */
  readonly pkg?: string;
  /** Added to `-s -w`. */
  readonly ldflags?: string;
  readonly tags?: readonly string[];
  /** For example GOARCH or GOFIPS140; CGO_ENABLED is 0 unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Keep symbols and debug data (Syft then finds the Go symbols that Grype asks about). */
  readonly unstripped?: boolean;
}

export type GoBuild = GoCommon &
  (
    | { readonly dir: string }
    | {
        readonly module: string;
        /** With its leading v. */
        readonly version: string;
        /** `MODULE@VERSION` requirements that raise a dependency. */
        readonly deps?: readonly string[];
      }
  );

const GO_ENV = { GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' };

/** The Go toolchain's version, for example 'go1.26.8'; throws with what to do where there is none. */
export async function goVersion(): Promise<string> {
  try {
    return (await run('go', ['env', 'GOVERSION'], { env: GO_ENV })).trim();
  } catch (error) {
    throw new Error(
      'Go was not found, and the real tools of the test bed are built with it. Install Go 1.26 or later.',
      {
        cause: error,
      },
    );
  }
}

/** Folder of a module's source in Go's module cache, checked against the checksum database. */
export async function moduleSource(module: string, version: string): Promise<string> {
  const answer = await run('go', ['mod', 'download', '-json', `${module}@${version}`], { env: GO_ENV, cwd: tmpdir() });
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}

/** Builds one binary with at most two compilers at once; only one build runs at a time on this machine. */
export async function goBuild(build: GoBuild): Promise<void> {
  await goVersion();
  const { out, ldflags = '', tags = [], env = {}, unstripped = false } = build;
  const strip = unstripped ? '' : '-s -w';
  const flags = ['-p', '2', '-trimpath', `-ldflags=${`${strip} ${ldflags}`.trim()}`, '-o', out];
  if (tags.length > 0) flags.push(`-tags=${tags.join(',')}`);
  const options = { env: { ...GO_ENV, ...env }, timeout: 1_200_000 };
  await withLock(join(cacheRoot(), 'locks', 'go-build.lock'), 'a Go build', async () => {
    if ('dir' in build) {
      await run('go', ['build', '-mod=readonly', ...flags, build.pkg ?? '.'], { ...options, cwd: build.dir });
      return;
    }
    if (build.deps === undefined) {
      // In the module's own source with its own go.sum: the very dependencies of the release, and nothing is resolved.
      const source = await moduleSource(build.module, build.version);
      await run('go', ['build', '-mod=readonly', ...flags, build.pkg ?? '.'], { ...options, cwd: source });
      return;
    }
    // A module of our own with exact requirements: `go install MODULE@VERSION` also asks the proxy for the list of
    // versions, which not every proxy answers. Sums are checked against the checksum database.
    const scratch = mkdtempSync(join(tmpdir(), 'waybill-go-'));
    try {
      // The `go` line matters: without it Go reads the whole graph of modules, and one of them that nothing needs may be
      // missing from the proxy or the checksum database.
      writeFileSync(join(scratch, 'go.mod'), 'module waybill.invalid/build\n\ngo 1.26\n');
      const requirements = [`${build.module}@${build.version}`, ...build.deps];
      await run('go', ['mod', 'edit', ...requirements.map((each) => `-require=${each}`)], { ...options, cwd: scratch });
      await run('go', ['build', '-mod=mod', ...flags, build.pkg ?? build.module], { ...options, cwd: scratch });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}
