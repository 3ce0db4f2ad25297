// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import { itemInto, withoutItem } from '../config-edits.ts';
import { packagesOf, splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const PROVIDER = /^openssl-provider-fips(?:-[\d.]+)?$/;
const CONFIG = /^openssl-config-fipshardened/;
const image = (packages: string): string =>
  `contents:\n  repositories: [https://packages.example.com/os]\n  packages: [${packages}]\n`;

export const fipsPackagesIncomplete = defineRule({
  id: 'WB2010',
  slug: 'fips-packages-incomplete',
  title: 'FIPS packages that are incomplete or contradict each other',
  language: 'apko',
  severity: 'warning',
  category: 'cryptography',
  since: '0.2.0',
  why: "A FIPS provider that no configuration activates is never used, and a program's ordinary build beside its FIPS build leaves open which of the two runs. Such an image looks like FIPS by its package list only.",
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      { text: image('openssl-provider-fips'), note: 'A provider that nothing activates.' },
      { text: image('openssl-config-fipshardened'), note: 'A configuration for a provider that is not there.' },
      { text: image('python-3.13, python-3.13-fips'), note: 'Both builds of one program.' },
      { text: image('go-fips-1.26, go-1.26'), note: 'Both, with the version behind.' },
      {
        text: 'contents:\n  packages:\n    - go-fips\n    - go\n    - git\n',
        note: 'Both in a list of lines.',
      },
    ],
    good: [
      { text: image('openssl-provider-fips, openssl-config-fipshardened'), note: 'Provider and configuration.' },
      { text: image('go-fips'), note: 'The FIPS build alone.', nearMiss: true },
      { text: image('wolfi-base'), note: 'No FIPS packages.' },
    ],
  },
  refs: ['OpenSSL: fips_module(7)', 'Chainguard: FIPS images'],
  *check({ config, source }) {
    const list = config.struct('contents')?.node('packages') ?? null;
    const add = (name: string): Fix[] => {
      const edit = itemInto(list, source, name);
      const caveat = 'a repository has to have it';
      return edit === null ? [] : [{ title: `Add ${name}`, edits: [edit], caveat }];
    };
    const packages = packagesOf(config).map((each) => ({ ...each, name: splitPackage(each.text).name }));
    const includes = config.string('include') !== '';
    const provider = packages.find(({ name }) => PROVIDER.test(name));
    const settings = packages.find(({ name }) => CONFIG.test(name));
    if (provider !== undefined && settings === undefined && !includes) {
      yield {
        span: provider.span,
        message: `${provider.name} is installed, and no package configures OpenSSL to use it. Add openssl-config-fipshardened.`,
        fixes: add('openssl-config-fipshardened'),
      };
    }
    if (settings !== undefined && provider === undefined && !includes) {
      yield {
        span: settings.span,
        message: `${settings.name} asks OpenSSL for the FIPS provider, which is not installed. Add openssl-provider-fips.`,
        fixes: add('openssl-provider-fips'),
      };
    }
    for (const { name, span } of packages) {
      const plain = name.replace(/-fips(?=-|$)/, '');
      const twin =
        plain === name ? undefined : packages.find((each) => each.name === plain && !each.text.startsWith('!'));
      if (twin === undefined) continue;
      const edit = withoutItem(list, twin.node, source);
      yield {
        span,
        message: `${name} and ${plain} are both installed, and which of them runs is left open. Remove ${plain}.`,
        related: [{ span: twin.span, message: `${plain} stands here` }],
        fixes: edit === null ? [] : [{ title: `Remove ${plain}`, edits: [edit], preferred: true }],
      };
    }
  },
});
