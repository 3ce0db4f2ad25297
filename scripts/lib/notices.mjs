// SPDX-License-Identifier: Apache-2.0
// The licences of everything that the bundles contain, read from esbuild's metafiles: a bundle hides its parts otherwise.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

/** Folders of the npm packages whose files went into some output, sorted. */
export function bundledPackages() {
  const meta = join(root, 'out', 'meta');
  const folders = new Set();
  for (const file of readdirSync(meta)) {
    const { inputs } = JSON.parse(readFileSync(join(meta, file), 'utf8'));
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match !== null) folders.add(match[1]);
    }
  }
  return [...folders].toSorted();
}

/** The text of THIRD-PARTY-NOTICES.txt; a bundled package without a licence text is an error. */
export function noticesText() {
  const parts = ['Waybill contains the following packages. Their licences follow.\n'];
  for (const folder of bundledPackages()) {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder))
      .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
      .toSorted();
    const texts = files.map((name) =>
      readFileSync(join(root, folder, name), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    );
    if (texts.length === 0 && existsSync(join(root, folder, 'README.md'))) {
      texts.push(`${manifest.license}, as its package.json says; the package carries no licence file.`);
    }
    parts.push(
      `${'-'.repeat(80)}\n${manifest.name} ${manifest.version} (${manifest.license})\n\n${texts.join('\n\n')}\n`,
    );
  }
  return parts.join('\n');
}
