// SPDX-License-Identifier: Apache-2.0
import { packagesOf, repositoriesOf, splitPackage, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

export const taggedRepositoryUnused = defineRule({
  id: 'WB2005',
  slug: 'tagged-repository-unused',
  title: 'Tag of a repository that is not used, or not there',
  language: 'apko',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'Packages come from a tagged repository only where they are asked for by its tag. Without that, a package that was built locally is taken from the public repository instead, and nobody is told. The same happens where no repository has the tag.',
  controls: controls('CM-2', 'SR-11'),
  examples: {
    bad: [
      {
        text: 'contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n    - "@local ./packages"\n  packages: [hello]\n',
        note: 'The package lacks the tag.',
      },
      {
        text: 'contents:\n  repositories: ["@edge https://packages.example.com/edge"]\n  packages: [hello, tool]\n',
        note: 'No package has a tag.',
      },
      {
        text: 'contents:\n  repositories: ["@a ./a", "@b ./b"]\n  packages: [hello@a]\n',
        note: 'One of two tags is not used.',
      },
      {
        text: 'contents:\n  repositories: [./packages]\n  packages: [hello@local]\n',
        note: 'No repository has the tag.',
      },
    ],
    good: [
      {
        text: 'contents:\n  repositories: ["@local ./packages"]\n  packages: [hello@local]\n',
        note: 'The package asks for the tag.',
      },
      { text: 'contents:\n  repositories: [./packages]\n  packages: [hello]\n', note: 'A repository without a tag.' },
      {
        text: 'contents:\n  runtime_repositories: ["@extra https://packages.example.com/os"]\n  packages: [hello]\n',
        note: 'A repository for use at run time.',
        nearMiss: true,
      },
    ],
  },
  refs: ['apk-tools: tagged repositories', 'apko: contents.repositories'],
  *check({ config }) {
    if (config.string('include') !== '') return;
    const tags = new Set(repositoriesOf(config).map(({ text }) => splitTag(text).tag));
    for (const { text, span } of packagesOf(config)) {
      const { tag } = splitPackage(text);
      if (tag === '' || tags.has(tag)) continue;
      yield {
        span,
        severity: 'info',
        message: `No repository here has the tag @${tag}, and without one apko takes ${text} from any of them. Tag the repository, or remove the tag.`,
      };
    }
    const used = new Set(packagesOf(config).map(({ text }) => splitPackage(text).tag));
    const atRuntime = new Set(
      (config.struct('contents')?.strings('runtime_repositories') ?? []).map(({ node }) => node),
    );
    for (const { text, span, node } of repositoriesOf(config)) {
      const { tag } = splitTag(text);
      if (tag === null || used.has(tag) || atRuntime.has(node)) continue;
      yield {
        span,
        message: `No package asks for @${tag}, so nothing is taken from this repository. Write PACKAGE@${tag}, or remove the tag.`,
      };
    }
  },
});
