// SPDX-License-Identifier: Apache-2.0
// What a person may name for the evidence stage, checked the same in options of the command and in settings.
import { isLoopback } from '../registry/http.ts';

/** True for an address that a mirror of roots may have: encrypted or on this machine, and without credentials. */
export function isMirror(written: string): boolean {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** True for `HOST` or `HOST:PORT`; no pattern, so that nobody opens more than what was named. */
export function isHost(written: string): boolean {
  return /^[a-z0-9.-]+(?::\d{1,5})?$/i.test(written);
}

/** True for `OWNER/NAME` as GitHub has them; dots alone would lead elsewhere in an address. */
export function isGithubRepository(written: string): boolean {
  return /^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/.test(written);
}
