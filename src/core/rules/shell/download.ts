// SPDX-License-Identifier: Apache-2.0
import type { Invocation } from './invocation.ts';
import { readArguments } from './options.ts';

/** Letters of curl and wget whose options take a value. */
export const CURL_VALUED = 'AbcCdDeEFHhKmoPQrtTuUwxXyYz';
export const WGET_VALUED = 'aADeGhiIlOoPQRTtUwX';

/** True for a command that writes what it downloads to its standard output. */
export function downloadsToOutput({ name, args }: Invocation): boolean {
  if (name === 'curl') {
    const { options } = readArguments(args, CURL_VALUED);
    return options.every(
      ({ name: option, value }) =>
        !['-O', '--remote-name', '--remote-name-all'].includes(option) &&
        !((option === '-o' || option === '--output') && value !== null && value !== '-'),
    );
  }
  if (name === 'wget') {
    const { options } = readArguments(args, WGET_VALUED);
    return options.some(
      ({ name: option, value }) =>
        (option === '-O' || option === '--output-document') && (value === '-' || value === '/dev/stdout'),
    );
  }
  return name === 'http' || name === 'https';
}

/** Addresses of the machine itself: nobody stands between. */
export function isLocal(address: string): boolean {
  return /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?:[:/?#]|$)/i.test(address);
}
