// SPDX-License-Identifier: Apache-2.0
// Credentials for a registry, from the files that `docker login` and `podman login` write.
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import type { Cancel, Log } from '../../core/ports.ts';
import { parseJson, readPlainFile } from '../images/files.ts';
import { locateProgram } from '../process/locate.ts';
import { runTool, toolEnvironment } from '../process/run.ts';
import { homeFolder } from '../store/folder.ts';

export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** A refresh token, which only the token service of the registry takes. */
  | { readonly kind: 'identity'; readonly token: string };

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_AUTH_FILE = 1024 * 1024;
/** Names of helpers as Docker builds them into `docker-credential-NAME`; anything else could be a path. */
const HELPER = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** The name under which the tools keep Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

const text = z.catch(z.string(), '');
const entrySchema = z.object({ auth: text, username: text, password: text, identitytoken: text });
const fileSchema = z.object({
  auths: z.catch(z.record(z.string(), z.catch(z.nullable(entrySchema), null)), {}),
  credHelpers: z.catch(z.record(z.string(), z.string()), {}),
  credsStore: text,
});
type AuthFile = z.infer<typeof fileSchema>;
const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** The files in the order in which they are asked: a named one, Docker's, then Podman's. */
export function authFiles(env: Environment): readonly string[] {
  const home = homeFolder(env);
  const set = (name: string): string | null => {
    const value = env[name] ?? '';
    return isAbsolute(value) ? value : null;
  };
  const named = set('REGISTRY_AUTH_FILE');
  const runtime = set('XDG_RUNTIME_DIR');
  return [
    ...(named === null ? [] : [named]),
    join(set('DOCKER_CONFIG') ?? join(home, '.docker'), 'config.json'),
    ...(runtime === null ? [] : [join(runtime, 'containers', 'auth.json')]),
    join(set('XDG_CONFIG_HOME') ?? join(home, '.config'), 'containers', 'auth.json'),
  ];
}

/** Names under which a repository's credentials may stand, the most exact first. */
export function authKeys(host: string, repository: string): readonly string[] {
  const hub = host === 'docker.io' || host === 'index.docker.io' || host === 'registry-1.docker.io';
  const hosts = hub ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [host];
  const parts = repository.split('/');
  const paths = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  return [
    ...hosts.flatMap((each) => paths.map((path) => `${each}/${path}`)),
    ...(hub ? [DOCKER_HUB] : []),
    ...hosts.flatMap((each) => [
      each,
      `https://${each}`,
      `https://${each}/`,
      `https://${each}/v1/`,
      `https://${each}/v2/`,
      `http://${each}`,
    ]),
  ];
}

function fromEntry({ auth, username, password, identitytoken }: z.infer<typeof entrySchema>): Credentials | null {
  if (identitytoken !== '') return { kind: 'identity', token: identitytoken };
  if (username !== '' && password !== '') return { kind: 'basic', username, password };
  const plain = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = plain.indexOf(':');
  return colon < 1 ? null : { kind: 'basic', username: plain.slice(0, colon), password: plain.slice(colon + 1) };
}

async function fromHelper(
  helper: string,
  key: string,
  env: Environment,
  log: Log,
  cancel: Cancel,
): Promise<Credentials | null> {
  if (!HELPER.test(helper)) {
    log.warn(`The credential helper ${JSON.stringify(helper)} has no name that Docker would take; it is not run.`);
    return null;
  }
  const program = locateProgram(`docker-credential-${helper}`, null, env);
  if (program === null) {
    log.warn(`The credential helper docker-credential-${helper} is not on PATH.`);
    return null;
  }
  const result = await runTool(program, ['get'], {
    name: `docker-credential-${helper}`,
    cwd: homeFolder(env),
    env: { ...toolEnvironment(env), ...sessionOf(env) },
    cancel,
    timeout: 20_000,
    maxStdout: 64 * 1024,
    input: key,
  });
  // The helper's output may hold the secret: none of it goes to the log.
  if (!result.ok || result.value.exitCode !== 0) {
    log.debug(`docker-credential-${helper} has no credentials for ${key}.`);
    return null;
  }
  const json = parseJson(Buffer.from(result.value.stdout));
  const answer = json.ok ? answerSchema.safeParse(json.value) : null;
  if (answer?.success !== true) {
    log.warn(`docker-credential-${helper} gave an answer that is none.`);
    return null;
  }
  const { Username: username, Secret: secret } = answer.data;
  return username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'basic', username, password: secret };
}

/** What a helper needs to reach the keyring of the session, which no other tool gets. */
function sessionOf(env: Environment): Environment {
  return {
    DBUS_SESSION_BUS_ADDRESS: env['DBUS_SESSION_BUS_ADDRESS'],
    DISPLAY: env['DISPLAY'],
    GNUPGHOME: env['GNUPGHOME'],
  };
}

async function fromFile(
  file: AuthFile,
  keys: readonly string[],
  env: Environment,
  log: Log,
  cancel: Cancel,
): Promise<Credentials | null> {
  for (const key of keys) {
    const helper = Object.hasOwn(file.credHelpers, key) ? (file.credHelpers[key] ?? '') : '';
    if (helper !== '') return fromHelper(helper, key, env, log, cancel);
  }
  for (const key of keys) {
    const entry = Object.hasOwn(file.auths, key) ? file.auths[key] : undefined;
    const found = entry === undefined || entry === null ? null : fromEntry(entry);
    if (found !== null) return found;
    // An empty entry says that the store has the credentials under this very name.
    if (entry !== undefined && file.credsStore !== '') return fromHelper(file.credsStore, key, env, log, cancel);
  }
  return null;
}

/** Credentials for a repository, null where no file has any. */
export async function findCredentials(
  host: string,
  repository: string,
  env: Environment,
  log: Log,
  cancel: Cancel,
): Promise<Credentials | null> {
  const keys = authKeys(host, repository);
  for (const path of authFiles(env)) {
    const bytes = await readPlainFile(path, MAX_AUTH_FILE);
    if (!bytes.ok) {
      if (bytes.error.code !== 'image-missing') log.warn(`${path} could not be read: ${bytes.error.why}.`);
      continue;
    }
    const json = parseJson(bytes.value);
    const parsed = json.ok ? fileSchema.safeParse(json.value) : null;
    if (parsed?.success !== true) {
      log.warn(`${path} is no file of credentials; it is left out.`);
      continue;
    }
    const found = await fromFile(parsed.data, keys, env, log, cancel);
    if (found !== null) {
      log.debug(`Credentials for ${host} come from ${path}.`);
      return found;
    }
  }
  return null;
}
