// SPDX-License-Identifier: Apache-2.0
// `goapp`: a FROM-scratch image with two real Go programs on old modules that have published advisories. One is built
// for Go's FIPS 140-3 module. Symbols are kept in the first, as most images ship them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuiltImage, type Entry, buildImage } from '../../../scripts/lib/oci-layout.mjs';
import { goBuild } from '../go.ts';
import { testbedFile } from '../paths.ts';

/** The programs as bytes: plain, stripped, and with GOFIPS140=v1.0.0. */
export interface GoPrograms {
  readonly plain: Uint8Array;
  readonly stripped: Uint8Array;
  readonly fips: Uint8Array;
}

/** Builds the three variants for one architecture. */
export async function goPrograms(architecture: 'amd64' | 'arm64'): Promise<GoPrograms> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-goapp-'));
  const dir = testbedFile('images', 'goapp');
  const env = { GOOS: 'linux', GOARCH: architecture };
  try {
    const build = async (name: string, more: Partial<Parameters<typeof goBuild>[0]>): Promise<Uint8Array> => {
      const out = join(folder, name);
      await goBuild({ dir, out, env, ...more });
      return readFileSync(out);
    };
    return {
      plain: await build('plain', { unstripped: true }),
      stripped: await build('stripped', {}),
      fips: await build('fips', {
        unstripped: true,
        tags: ['netgo', 'osusergo'],
        env: { ...env, GOFIPS140: 'v1.0.0' },
      }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The time of every image here that no other tool dates: what apko and melange get as SOURCE_DATE_EPOCH. */
export const CREATED = '2025-10-09T08:53:20Z';

/** Accounts as the distroless images have them. */
export const accounts: readonly Entry[] = [
  {
    path: 'etc/passwd',
    data: 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  },
  { path: 'etc/group', data: 'root:x:0:\nnonroot:x:65532:\n' },
  { path: 'home/nonroot', mode: 0o700, uid: 65532, gid: 65532 },
  { path: 'tmp', mode: 0o1777 },
];

/** The image for one architecture. */
export async function goappImage(architecture: 'amd64' | 'arm64'): Promise<BuiltImage> {
  const { plain, fips } = await goPrograms(architecture);
  return buildImage({
    platform: { os: 'linux', architecture },
    created: CREATED,
    gzip: true,
    layers: [
      { entries: [...accounts], comment: 'accounts' },
      {
        entries: [
          { path: 'usr/local/bin/goapp', mode: 0o755, data: plain },
          { path: 'usr/local/bin/goapp-fips', mode: 0o755, data: fips },
        ],
        comment: 'COPY goapp goapp-fips /usr/local/bin/',
      },
    ],
    config: {
      User: '65532:65532',
      Env: ['PATH=/usr/local/bin'],
      Entrypoint: ['/usr/local/bin/goapp'],
      Labels: {
        'org.opencontainers.image.title': 'goapp',
        'org.opencontainers.image.source': 'https://example.invalid/waybill/goapp',
      },
    },
  });
}
