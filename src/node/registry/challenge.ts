// SPDX-License-Identifier: Apache-2.0

/** What a registry answers 401 with: how it wants to be asked (RFC 9110, section 11). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | null };

const MAX_HEADER = 8 * 1024;
const PARAMETER = /\s*([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/iy;

/** The first challenge that is understood; null where there is none. Bearer comes before Basic. */
export function parseChallenge(header: string | null): Challenge | null {
  if (header === null || header.length > MAX_HEADER) return null;
  const bearer = /(?:^|,)\s*bearer\s+/i.exec(header);
  if (bearer !== null) {
    const parameters = new Map<string, string>();
    PARAMETER.lastIndex = bearer.index + bearer[0].length;
    for (let found = PARAMETER.exec(header); found !== null; found = PARAMETER.exec(header)) {
      const [, name = '', quoted, plain = ''] = found;
      parameters.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'));
    }
    const realm = parameters.get('realm');
    if (realm !== undefined) return { scheme: 'bearer', realm, service: parameters.get('service') ?? null };
  }
  return /(?:^|,)\s*basic(?:\s|$)/i.test(header) ? { scheme: 'basic' } : null;
}
