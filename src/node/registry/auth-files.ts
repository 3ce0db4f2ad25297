// SPDX-License-Identifier: Apache-2.0
// Credentials for a registry, from the files that `docker login` and `podman login` write.
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import type { Cancel, Log } from '../../core/ports.ts';
import { parseJson, readPlainFile } from '../images/files.ts';
import { locateProgram } from '../process/locate.ts';
import { runTool } from '../process/run.ts';
import { homeFolder } from '../store/folder.ts';

export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** A refresh token, which only the token service of the registry takes. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A helper is to have them and did not give them; `why` is a sentence without its end. */
  | { readonly kind: 'missing'; readonly why: string };

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_AUTH_FILE = 1024 * 1024;
/** Names of helpers as Docker builds them into `docker-credential-NAME`; anything else could be a path. */
const HELPER = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** The name under which the tools keep Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
/** Milliseconds; some helpers ask a cloud. */
const HELPER_TIMEOUT = 20_000;
/** What helpers write where they have nothing, by Docker's protocol for them. */
const NOT_FOUND = /credentials not found/i;

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
  const name = `docker-credential-${helper}`;
  const missing = (what: string): Credentials => {
    const why = `${JSON.stringify(name)} ${what}`;
    log.warn(`${why}.`);
    return { kind: 'missing', why };
  };
  if (!HELPER.test(helper)) return missing('has no name that Docker would take, and is not run');
  const program = locateProgram(name, null, env);
  if (program === null) return missing('is not on PATH');
  const result = await runTool(program, ['get'], {
    name,
    cwd: homeFolder(env),
    // All of it, as Docker gives it: the helpers of clouds, keyrings and password stores read their own variables.
    env,
    cancel,
    timeout: HELPER_TIMEOUT,
    maxStdout: 64 * 1024,
    input: key,
  });
  // The helper's output may hold the secret: none of it goes to the log.
  if (!result.ok) return missing(`gave nothing: ${result.error.why}`);
  const { exitCode, stdout } = result.value;
  if (exitCode !== 0) return NOT_FOUND.test(stdout) ? null : missing(`stopped with exit code ${exitCode}`);
  const json = parseJson(Buffer.from(stdout));
  const answer = json.ok ? answerSchema.safeParse(json.value) : null;
  if (answer?.success !== true) return missing('gave an answer that is none');
  const { Username: username, Secret: secret } = answer.data;
  if (secret === '') return null;
  return username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'basic', username, password: secret };
}

async function fromFile(
  file: AuthFile,
  keys: readonly string[],
  stored: string,
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
  // Those of clouds keep no entries: they are asked for every registry.
  return file.credsStore === '' ? null : fromHelper(file.credsStore, stored, env, log, cancel);
}

/** Credentials for a repository, null where no file has any; the first file that has some counts. */
export async function findCredentials(
  host: string,
  repository: string,
  env: Environment,
  log: Log,
  cancel: Cancel,
): Promise<Credentials | null> {
  const keys = authKeys(host, repository);
  const stored = keys.includes(DOCKER_HUB) ? DOCKER_HUB : host;
  for (const name of ['REGISTRY_AUTH_FILE', 'DOCKER_CONFIG'])
    if (!isAbsolute(env[name] || '/')) log.warn(`${name} is left out: it is no absolute path.`);
  let missing: Credentials | null = null;
  for (const path of authFiles(env)) {
    const bytes = await readPlainFile(path, MAX_AUTH_FILE);
    if (!bytes.ok) {
      if (bytes.error.code !== 'image-missing' || path === env['REGISTRY_AUTH_FILE'])
        log.warn(`${path} could not be read: ${bytes.error.why}.`);
      continue;
    }
    const json = parseJson(bytes.value);
    const parsed = json.ok ? fileSchema.safeParse(json.value) : null;
    if (parsed?.success !== true) {
      log.warn(`${path} is no file of credentials; it is left out.`);
      continue;
    }
    const found = await fromFile(parsed.data, keys, stored, env, log, cancel);
    if (found?.kind === 'missing') missing ??= found;
    else if (found !== null) {
      log.debug(`Credentials for ${host} come from ${path}.`);
      return found;
    }
  }
  return missing;
}
