// SPDX-License-Identifier: Apache-2.0

/** Labels under which countries register names, such as `co` in `co.uk`: what shares only that shares nothing. */
const SECOND_LEVEL = /^(?:[a-z]{2,3}|info|name)\.[a-z]{2}$/;
const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/;

/**
 * True where a token service may be given the credentials of a registry: it is on the same host, below it, or beside it
 * under a domain of their own (`registry-1.docker.io` and `auth.docker.io`). Any other service is asked without them.
 */
export function sharesCredentials(registry: string, service: string): boolean {
  if (registry === service) return true;
  if (IP.test(registry) || IP.test(service)) return false;
  if (service.endsWith(`.${registry}`)) return registry.includes('.');
  const parent = registry.slice(registry.indexOf('.') + 1);
  if (!registry.includes('.') || !parent.includes('.') || SECOND_LEVEL.test(parent)) return false;
  return service === parent || service.endsWith(`.${parent}`);
}
