// SPDX-License-Identifier: Apache-2.0
import { hostOf, isLocalHost, packagesOf, repositoriesOf, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const image = (repositories: string, packages = 'hello'): string =>
  `contents:\n  repositories: [${repositories}]\n  packages: [${packages}]\n`;
const WOLFI = 'https://packages.wolfi.dev/os';

const isRemote = (address: string): boolean => {
  const host = hostOf(address);
  return host !== null && !isLocalHost(host);
};

export const localRepositoryUntagged = defineRule({
  id: 'WB2020',
  slug: 'local-repository-untagged',
  title: 'Own packages and public ones without a tag between them',
  language: 'apko',
  severity: 'info',
  category: 'build',
  since: '0.2.0',
  why: 'Of packages with the same name apk takes the newest, wherever it comes from. Whoever publishes a higher version of an own package puts theirs into the image, and a local build that is older than the public one is left out without a word.',
  controls: controls('CM-2', 'SR-11'),
  examples: {
    bad: [
      { text: image(`./packages, ${WOLFI}`), note: 'A folder beside a public repository.' },
      { text: image(`${WOLFI}, /data/packages`), note: 'The other way round.' },
      { text: image(`${WOLFI}, http://localhost:8080/os`), note: 'A repository on this machine.' },
    ],
    good: [
      { text: image(`"@local ./packages", ${WOLFI}`, 'hello@local'), note: 'With a tag.', nearMiss: true },
      { text: image('./packages'), note: 'The folder alone.', nearMiss: true },
      { text: image(`./packages, ${WOLFI}`, 'hello=1.2-r0'), note: 'Every package has its version.', nearMiss: true },
      { text: image(`./packages, "@extra ${WOLFI}"`, 'hello, tool@extra'), note: 'The public one has the tag.' },
    ],
  },
  refs: ['apk-tools: tagged repositories', 'apko: contents.repositories'],
  *check({ config }) {
    if (packagesOf(config).every(({ text }) => /[=@]|^!/.test(text))) return;
    const open = repositoriesOf(config).filter(({ text }) => splitTag(text).tag === null);
    const remote = open.find(({ text }) => isRemote(text));
    if (remote === undefined) return;
    for (const { text, span } of open) {
      if (isRemote(text)) continue;
      yield {
        span,
        message: `The newest of two packages of one name is taken, from here or from ${hostOf(remote.text) ?? remote.text}. Write "@local ${text}" and ask for PACKAGE@local.`,
      };
    }
  },
});
