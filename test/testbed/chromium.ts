// SPDX-License-Identifier: Apache-2.0
// The machine's own Chromium, headless, driven by playwright-core and kept off the network as far as it can be told.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { ensureDebianPackages } from './debian.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

const FLAGS = [
  // Chromium refuses its sandbox to root; every page it shows here is our own.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing that a page of ours shows comes from another machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

/** Path of the browser: $CHROMIUM, else where Linux distributions put it, installed first where that may be done. */
export async function chromiumPath(): Promise<string> {
  const { CHROMIUM: own } = process.env;
  if (own !== undefined && own !== '') return own;
  const find = (): string | undefined => PLACES.find((path) => existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  await ensureDebianPackages(['browser']);
  const installed = find();
  if (installed === undefined) throw new Error('Chromium was not found. Install it, or name it in $CHROMIUM.');
  return installed;
}

/** Starts the browser; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: FLAGS, headless: true });
}
