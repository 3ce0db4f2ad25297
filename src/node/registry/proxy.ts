// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../../core/model/problem.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** True where the environment names a proxy. */
export function namesProxy(env: Environment): boolean {
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => (env[name] ?? '') !== '');
}

/** This very machine is never asked through a proxy, as Go's tools have it. */
const LOCAL = 'localhost,127.0.0.1,[::1]';

/** Node's own switch, there since 24.14 and 25.4; Bun follows proxies by itself, and so does an editor's host. */
function switchOf(): ((env: Environment) => unknown) | null {
  const http: object = process.getBuiltinModule('node:http');
  return 'setGlobalProxyFromEnv' in http && typeof http.setGlobalProxyFromEnv === 'function'
    ? http.setGlobalProxyFromEnv.bind(http)
    : null;
}

/** A registry that is just not there, told to a person behind a proxy that this Node does not ask. */
export function withProxyHint(problem: Problem, env: Environment, canFollow = switchOf() !== null): Problem {
  const unheard = namesProxy(env) && env['NODE_USE_ENV_PROXY'] !== '1' && !canFollow;
  if (!unheard || (problem.code !== 'registry-unreachable' && problem.code !== 'timeout')) return problem;
  return { ...problem, todo: `${problem.todo} HTTPS_PROXY is followed with NODE_USE_ENV_PROXY=1 on Node 24.` };
}

/**
 * Has `fetch` go through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, which Node does only when it is told
 * to. For a process of our own: an editor's host knows its proxies itself. False where this Node cannot.
 */
export function followProxies(env: Environment): boolean {
  if (!namesProxy(env) || env['NODE_USE_ENV_PROXY'] === '1') return true;
  const follow = switchOf();
  if (follow === null) return false;
  const given = (name: string): string | undefined => env[name] ?? env[name.toUpperCase()];
  const except = given('no_proxy') ?? '';
  follow({
    http_proxy: given('http_proxy'),
    https_proxy: given('https_proxy'),
    no_proxy: except === '' ? LOCAL : `${except},${LOCAL}`,
  });
  return true;
}
