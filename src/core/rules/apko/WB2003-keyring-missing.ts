// SPDX-License-Identifier: Apache-2.0
import { isDiscovered, knownKeyOf } from '../../apko/keyrings.ts';
import { entriesInto } from '../config-edits.ts';
import { hostOf, isLocalHost, keyringOf, repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const PACKAGES = '  packages: [ca-certificates-bundle]\n';

export const keyringMissing = defineRule({
  id: 'WB2003',
  slug: 'keyring-missing',
  title: 'No key for the packages of a repository',
  language: 'apko',
  severity: 'warning',
  category: 'evidence',
  since: '0.2.0',
  why: 'apko checks the signature of a repository by the keys of the keyring. Without one the build ends, or signatures have to be ignored, and then nothing says whose packages are in the image.',
  controls: controls('CM-14', 'SI-7', 'SR-11'),
  examples: {
    bad: [
      {
        text: `contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n${PACKAGES}`,
        note: 'No keyring at all.',
      },
      {
        text: `contents:\n  keyring: []\n  repositories:\n    - https://packages.example.com/os\n${PACKAGES}`,
        note: 'An empty keyring.',
      },
      {
        text: `contents:\n  build_repositories:\n    - https://packages.wolfi.dev/os\n${PACKAGES}`,
        note: 'A repository that is used while building only.',
      },
      {
        text: `contents:\n  repositories:\n    - https://packages.cgr.dev/extras\n${PACKAGES}`,
        note: 'A repository whose keys apko does not find itself.',
      },
    ],
    good: [
      {
        text: `contents:\n  keyring:\n    - https://packages.wolfi.dev/os/wolfi-signing.rsa.pub\n  repositories:\n    - https://packages.wolfi.dev/os\n${PACKAGES}`,
        note: 'The key of the repository.',
        nearMiss: true,
      },
      {
        text: `contents:\n  repositories:\n    - "@local ./packages"\n${PACKAGES}`,
        note: 'A folder, whose key is often given on the command line.',
      },
      {
        text: `contents:\n  repositories:\n    - https://dl-cdn.alpinelinux.org/alpine/v3.24/main\n${PACKAGES}`,
        note: 'A distribution whose keys apko finds itself.',
        nearMiss: true,
      },
    ],
  },
  refs: ['apko: contents.keyring', 'src/core/apko/keyrings.json'],
  *check({ config, source }) {
    const contents = config.struct('contents') ?? null;
    if (contents === null || config.string('include') !== '' || keyringOf(config).length > 0) return;
    const remote = repositoriesOf(config).find(({ text }) => {
      const host = hostOf(splitTag(text).address);
      return host !== null && !isLocalHost(host) && !isDiscovered(host);
    });
    if (remote === undefined) return;
    const host = hostOf(splitTag(remote.text).address) ?? '';
    const known = knownKeyOf(host);
    // An empty keyring that is written down would stand twice.
    const edit =
      known === null || contents.fields.has('keyring')
        ? null
        : entriesInto(config.node('contents'), source, ['keyring:', `  - ${known.key}`]);
    yield {
      span: remote.span,
      message: `The keyring is empty, so nothing proves that packages from ${host} are its own. Add the repository's public key under contents.keyring.`,
      fixes: edit === null ? [] : [{ title: `Add the key of ${host}`, edits: [edit], preferred: true }],
    };
  },
});
