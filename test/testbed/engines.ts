// SPDX-License-Identifier: Apache-2.0
// Real container engines with private storage, each behind its API socket: nothing of the machine's own is touched.
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { run } from './command.ts';
import { ensureDebianPackages } from './debian.ts';
import { type Service, startService } from './services.ts';

export type EngineKind = 'podman' | 'docker';

export interface Engine {
  readonly kind: EngineKind;
  /** `unix:///…`, for DOCKER_HOST and CONTAINER_HOST. */
  readonly host: string;
  /** What a client of this engine (its command line, Syft) needs in its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Loads a docker-archive. */
  readonly load: (archive: string) => Promise<void>;
  /** Standard output of the engine's own command line, for example `cli(['images'])`. */
  readonly cli: (args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const socketOf = (folder: string): string => join(folder, 'engine.sock');

/** True once the engine answers its API's ping on the socket. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: socket, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('error', () => resolve(false));
    ping.on('timeout', () => ping.destroy());
    ping.end();
  });
}

function podmanEnv(folder: string): NodeJS.ProcessEnv {
  return {
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
    REGISTRIES_CONFIG_PATH: join(folder, 'registries.conf'),
  };
}

/** Podman's configuration: its own storage, no registry to search, no cgroup manager that needs an init system. */
function writePodmanConfig(folder: string): void {
  const storage = `driver = "vfs"\nrunroot = "${join(folder, 'run')}"\ngraphroot = "${join(folder, 'graph')}"\n`;
  writeFileSync(join(folder, 'storage.conf'), `[storage]\n${storage}`);
  writeFileSync(join(folder, 'containers.conf'), '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n');
  writeFileSync(join(folder, 'registries.conf'), 'unqualified-search-registries = []\n');
}

const podmanService = (): Promise<Service> =>
  startService({
    name: 'Podman',
    command: 'podman',
    args: (folder) => {
      writePodmanConfig(folder);
      return ['system', 'service', '--time=0', `unix://${socketOf(folder)}`];
    },
    env: podmanEnv,
    ready: (_output, folder) => answers(socketOf(folder)),
  });

const dockerService = (): Promise<Service> =>
  startService({
    name: 'Docker',
    command: 'dockerd',
    args: (folder) => {
      const own = (name: string): string => join(folder, name);
      mkdirSync(own('config'));
      writeFileSync(own('daemon.json'), '{}');
      return [
        ...['--config-file', own('daemon.json'), '--data-root', own('data'), '--exec-root', own('exec')],
        ...['--pidfile', own('dockerd.pid'), '-H', `unix://${socketOf(folder)}`],
        ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
      ];
    },
    ready: (_output, folder) => answers(socketOf(folder)),
    readyTimeout: 60_000,
  });

/** Starts an engine and waits until it answers. dockerd needs root, as Docker itself does. */
export async function startEngine(kind: EngineKind): Promise<Engine> {
  await ensureDebianPackages(['engines']);
  if (kind === 'docker' && process.getuid?.() !== 0)
    throw new Error(
      'The test bed starts its own Docker daemon, which needs root. Run the tests as root or in a container.',
    );
  const service = kind === 'podman' ? await podmanService() : await dockerService();
  const host = `unix://${socketOf(service.folder)}`;
  const env: NodeJS.ProcessEnv =
    kind === 'podman'
      ? { ...podmanEnv(service.folder), CONTAINER_HOST: host }
      : { DOCKER_HOST: host, DOCKER_CONFIG: join(service.folder, 'config') };
  const cli = (args: readonly string[]): Promise<string> => run(kind, args, { env });
  return {
    kind,
    host,
    env,
    cli,
    load: async (archive) => {
      await cli(['load', '--quiet', '--input', archive]);
    },
    stop: service.stop,
  };
}
