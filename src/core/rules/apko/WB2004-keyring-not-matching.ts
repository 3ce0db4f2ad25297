// SPDX-License-Identifier: Apache-2.0
import { isDiscovered, knownKeyOf, ownerOfKey } from '../../apko/keyrings.ts';
import { itemInto } from '../config-edits.ts';
import { hostOf, keyringOf, repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const WOLFI = 'https://packages.wolfi.dev/os';
const EXTRAS = 'https://packages.cgr.dev/extras';
const WOLFI_KEY = `${WOLFI}/wolfi-signing.rsa.pub`;
const EXTRAS_KEY = `${EXTRAS}/chainguard-extras.rsa.pub`;
const image = (repositories: string, keys: string): string =>
  `contents:\n  keyring: [${keys}]\n  repositories: [${repositories}]\n  packages: [ca-certificates-bundle]\n`;

export const keyringNotMatching = defineRule({
  id: 'WB2004',
  slug: 'keyring-not-matching',
  title: 'Keyring without the key of a repository',
  language: 'apko',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'apko takes an index only where a key of the keyring has signed it. With the keys of other repositories the build ends, and the next hand reaches for --ignore-signatures.',
  controls: controls('CM-14', 'SI-7', 'SR-11'),
  examples: {
    bad: [
      { text: image(EXTRAS, WOLFI_KEY), note: "Another repository's key." },
      { text: image(`${WOLFI}, ${EXTRAS}`, WOLFI_KEY), note: 'The key of one repository out of two.' },
      {
        text: `contents:\n  keyring:\n    - ${EXTRAS_KEY}\n  build_repositories:\n    - ${WOLFI}\n  packages: [a]\n`,
        note: 'A repository that is used while building only.',
      },
    ],
    good: [
      { text: image(`${WOLFI}, ${EXTRAS}`, `${WOLFI_KEY}, ${EXTRAS_KEY}`), note: 'A key for each.', nearMiss: true },
      { text: image(WOLFI, './keys/wolfi-signing.rsa.pub'), note: 'The same key from a folder.', nearMiss: true },
      { text: image(`${WOLFI}, ${EXTRAS}`, `${WOLFI_KEY}, ./our.rsa.pub`), note: 'A key that may be for any of them.' },
      {
        text: image(`${WOLFI}, https://dl-cdn.alpinelinux.org/alpine/v3.24/main`, WOLFI_KEY),
        note: 'apko finds the keys of Alpine itself.',
      },
    ],
  },
  refs: ['apko: contents.keyring', 'src/core/apko/keyrings.json'],
  *check({ config, source }) {
    const keys = keyringOf(config);
    if (config.string('include') !== '' || keys.length === 0) return;
    const owners = keys.map(({ text }) => ownerOfKey(text));
    // A key that nobody knows may be for any repository.
    if (owners.includes(null)) return;
    const said = new Set<string>();
    for (const { text, span } of repositoriesOf(config)) {
      const host = hostOf(splitTag(text).address);
      const known = host === null ? null : knownKeyOf(host);
      if (known === null || isDiscovered(known.host) || owners.includes(known) || said.has(known.host)) continue;
      said.add(known.host);
      const edit = itemInto(config.struct('contents')?.node('keyring') ?? null, source, known.key);
      yield {
        span,
        message: `No key of the keyring is that of ${known.host}, so apko cannot check its packages. Add ${known.key}.`,
        fixes: edit === null ? [] : [{ title: `Add the key of ${known.host}`, edits: [edit], preferred: true }],
      };
    }
  },
});
