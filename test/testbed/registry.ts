// SPDX-License-Identifier: Apache-2.0
// A real OCI registry on this machine, plain HTTP, in memory.
import { run } from './command.ts';
import { startService } from './services.ts';
import { toolPath } from './tools.ts';

export interface RegistryOptions {
  /** Serve the referrers API of OCI distribution 1.1; true by default. */
  readonly referrers?: boolean;
  /** Demand basic authentication. */
  readonly auth?: { readonly user: string; readonly password: string };
}

export interface Registry {
  /** `127.0.0.1:PORT`, the first part of every reference in it. */
  readonly host: string;
  readonly stop: () => Promise<void>;
}

const ADDRESS = /^127\.0\.0\.1:\d+$/m;

/** Starts an empty registry on a free port. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { referrers = true, auth } = options;
  const service = await startService({
    name: 'registry',
    command: await toolPath('registry'),
    args: () => [`-referrers=${referrers}`, ...(auth === undefined ? [] : ['-user', auth.user])],
    env: () => (auth === undefined ? {} : { REGISTRY_PASSWORD: auth.password }),
    ready: (output) => ADDRESS.test(output),
  });
  const [host = ''] = ADDRESS.exec(service.output()) ?? [];
  return { host, stop: service.stop };
}

/**
 * Pushes an OCI layout folder (an image or an image index) or a docker-archive as `HOST/REPOSITORY:TAG`; answers the
 * digest of what was pushed. `dockerConfig` is a folder with a config.json, for a registry that demands a password.
 */
export async function pushImage(source: string, reference: string, dockerConfig?: string): Promise<string> {
  const crane = await toolPath('crane');
  const env = dockerConfig === undefined ? {} : { DOCKER_CONFIG: dockerConfig };
  await run(crane, ['--insecure', 'push', source, reference], { env });
  return (await run(crane, ['--insecure', 'digest', reference], { env })).trim();
}
