// SPDX-License-Identifier: Apache-2.0
// The real tools, each at the version that this project is tested with, built once with Go.
import { join } from 'node:path';
import { cachedPart, inputKey, isCached } from './cache.ts';
import { goBuild, goVersion } from './go.ts';
import { testbedFile } from './paths.ts';

interface ProxyTool {
  readonly module: string;
  readonly version: string;
  readonly pkg: string;
  readonly ldflags?: string;
  readonly deps?: readonly string[];
}

const FROM_PROXY = {
  syft: {
    module: 'github.com/anchore/syft',
    version: 'v1.54.0',
    pkg: 'github.com/anchore/syft/cmd/syft',
    ldflags: '-X main.version=1.54.0',
  },
  grype: {
    module: 'github.com/anchore/grype',
    version: 'v0.120.0',
    pkg: 'github.com/anchore/grype/cmd/grype',
    ldflags: '-X main.version=0.120.0',
  },
  crane: {
    module: 'github.com/google/go-containerregistry',
    version: 'v0.22.1',
    pkg: 'github.com/google/go-containerregistry/cmd/crane',
    ldflags: '-X github.com/google/go-containerregistry/cmd/crane/cmd.Version=0.22.1',
  },
  cosign: {
    module: 'github.com/sigstore/cosign/v3',
    version: 'v3.1.3',
    pkg: 'github.com/sigstore/cosign/v3/cmd/cosign',
    ldflags: '-X sigs.k8s.io/release-utils/version.gitVersion=v3.1.3',
  },
  // Newer apko needs a module that the Go proxy does not serve; apko's own requirement on the sdk is not served either.
  apko: {
    module: 'chainguard.dev/apko',
    version: 'v1.2.37',
    pkg: 'chainguard.dev/apko',
    ldflags: '-X sigs.k8s.io/release-utils/version.gitVersion=v1.2.37',
    deps: ['chainguard.dev/sdk@v0.1.197'],
  },
  melange: {
    module: 'chainguard.dev/melange',
    version: 'v0.59.1',
    pkg: 'chainguard.dev/melange',
    ldflags: '-X sigs.k8s.io/release-utils/version.gitVersion=v0.59.1',
    deps: ['chainguard.dev/sdk@v0.1.197'],
  },
} satisfies Record<string, ProxyTool>;

/** Programs whose source is in test/testbed/go, by folder. */
const OWN = { registry: 'registry', 'buildkit-parse': 'buildkit-parse', 'config-check': 'config-check' } as const;

export type ToolName = keyof typeof FROM_PROXY | keyof typeof OWN;

/** In the order that fills Go's build cache best: what shares packages stands together. */
export const toolNames: readonly ToolName[] = [
  'syft',
  'grype',
  'crane',
  'registry',
  'apko',
  'melange',
  'cosign',
  'buildkit-parse',
  'config-check',
];

/** The pinned version of a tool without its leading v; '' for the programs of this repository. */
export const toolVersion = (name: ToolName): string =>
  name in FROM_PROXY ? FROM_PROXY[name as keyof typeof FROM_PROXY].version.slice(1) : '';

const platform = `${process.platform}-${process.arch}`;

/** Key of a tool's part in the cache. */
async function partKey(name: ToolName): Promise<string> {
  if (!(name in OWN)) return `tools/${name}-${toolVersion(name)}-${platform}`;
  const dir = testbedFile('go', OWN[name as keyof typeof OWN]);
  return `tools/${name}-${inputKey({ texts: [await goVersion()], paths: [dir] })}-${platform}`;
}

/** True where a tool is built already. */
export const toolIsThere = async (name: ToolName): Promise<boolean> => isCached(await partKey(name));

/** Path of a tool's binary, built now if it is not in the cache. */
export async function toolPath(name: ToolName): Promise<string> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const source =
    name in OWN
      ? { dir: testbedFile('go', OWN[name as keyof typeof OWN]) }
      : (FROM_PROXY[name as keyof typeof FROM_PROXY] satisfies ProxyTool);
  const folder = await cachedPart({
    key: await partKey(name),
    label: `${name} ${toolVersion(name)}`.trim(),
    make: (out) => goBuild({ ...source, out: join(out, file) }),
  });
  return join(folder, file);
}

/** Environment that keeps Syft, Grype and Cosign off the network and out of a person's configuration. */
export const quietToolEnv: NodeJS.ProcessEnv = {
  SYFT_CHECK_FOR_APP_UPDATE: 'false',
  GRYPE_CHECK_FOR_APP_UPDATE: 'false',
  GRYPE_DB_AUTO_UPDATE: 'false',
  COSIGN_PASSWORD: '',
};
