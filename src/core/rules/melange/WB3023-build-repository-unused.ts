// SPDX-License-Identifier: Apache-2.0
import { packagesOf, repositoriesOf, splitPackage, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const file = (repositories: string, packages: string, more = ''): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\nenvironment:\n  contents:\n    repositories: [${repositories}]\n    packages: [${packages}]\n${more}`;

export const buildRepositoryUnused = defineRule({
  id: 'WB3023',
  slug: 'build-repository-unused',
  title: 'Tag of a build repository that is not used, or not there',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Packages come from a tagged repository only where they are asked for by its tag. Without that the public package of the same name is built against; a tag that no repository has is passed over the same way.',
  controls: controls('CM-2', 'SR-11'),
  examples: {
    bad: [
      { text: file('"@local ./packages"', 'busybox, libhello-dev'), note: 'No package has the tag.' },
      { text: file('./packages', 'libhello-dev@local'), note: 'No repository has the tag.' },
      { text: file('"@a ./a", "@b ./b"', 'x@a'), note: 'One of two tags is not used.' },
    ],
    good: [
      {
        text: file('"@local ./packages"', 'libhello-dev@local'),
        note: 'The package asks for the tag.',
        nearMiss: true,
      },
      { text: file('./packages', 'libhello-dev'), note: 'No tags.' },
      {
        text: file(
          '"@local ./packages"',
          'busybox',
          'pipeline:\n  - needs:\n      packages: [libhello-dev@local]\n    runs: make\n',
        ),
        note: 'A step asks for it.',
        nearMiss: true,
      },
    ],
  },
  refs: ['apk-tools: tagged repositories', 'melange: environment.contents'],
  *check({ config, source }) {
    const environment = config.struct('environment');
    const packages = packagesOf(environment);
    const tags = new Set(repositoriesOf(environment).map(({ text }) => splitTag(text).tag));
    for (const { text, span } of packages) {
      const { tag } = splitPackage(text);
      if (tag === '' || tags.has(tag)) continue;
      yield {
        span,
        severity: 'info',
        message: `No repository here has the tag @${tag}, and without one ${text} is taken from any of them. Tag the repository, or remove the tag.`,
      };
    }
    for (const { text, span } of repositoriesOf(environment)) {
      const { tag } = splitTag(text);
      // Steps and dependencies ask for packages as well.
      if (tag === null || RegExp(String.raw`[\w.+-]@${tag}\b`).test(source.text)) continue;
      yield {
        span,
        message: `No package asks for @${tag}, so nothing is taken from this repository. Write PACKAGE@${tag}, or remove the tag.`,
      };
    }
  },
});
