// SPDX-License-Identifier: Apache-2.0
import { itemInto } from '../config-edits.ts';
import { hostOf, packagesOf, repositoriesOf, splitPackage, splitTag } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { askedAt, demandSeverity } from '../demands.ts';

const FIPS = /(?:^|-)fips(?:-|$)|fipshardened/;
const MODULE = ['openssl-provider-fips', 'openssl-config-fipshardened'];
const POLICY = 'fips:\n  final: required\n';
const image = (repository: string, packages: string): string =>
  `contents:\n  repositories: [${repository}]\n  packages: [${packages}]\n`;
const ALPINE = 'https://dl-cdn.alpinelinux.org/alpine/v3.24/main';
const PRIVATE = 'https://packages.example.com/os';

export const fipsPolicyUnmet = defineRule({
  id: 'WB2018',
  slug: 'fips-policy-unmet',
  title: 'Image cannot use a validated module that the policy asks for',
  language: 'apko',
  severity: 'error',
  category: 'cryptography',
  since: '0.2.0',
  why: 'A policy that asks for FIPS is met only where a package brings a validated module. Alpine has none, and an image without such a package encrypts with what was never validated.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      { text: image(ALPINE, 'alpine-base, openssl'), note: 'Alpine has no validated module.', policy: POLICY },
      { text: image(PRIVATE, 'wolfi-baselayout, openssl'), note: 'No package brings one.', policy: POLICY },
      { text: image(PRIVATE, 'python-3.13'), note: 'A runtime without one.', policy: POLICY },
    ],
    good: [
      {
        text: image(PRIVATE, 'openssl-provider-fips, openssl-config-fipshardened'),
        note: 'A module and what activates it.',
        policy: POLICY,
      },
      { text: image(ALPINE, 'alpine-base, openssl'), note: 'No policy asks for it.' },
      {
        text: image(PRIVATE, 'openssl'),
        note: 'The policy leaves it off.',
        nearMiss: true,
        policy: POLICY.replace('required', '"off"'),
      },
    ],
  },
  refs: ['NIST CMVP: https://csrc.nist.gov/projects/cryptographic-module-validation-program'],
  *check({ config, policy, source }) {
    const wish = policy.fips.final;
    const severity = demandSeverity(wish, null);
    if (wish === null || severity === null || config.string('include') !== '') return;
    const alpine = repositoriesOf(config).find(({ text }) =>
      /(?:^|\.)alpinelinux\.org$/.test(hostOf(splitTag(text).address) ?? ''),
    );
    if (alpine !== undefined) {
      yield {
        severity,
        span: alpine.span,
        message: `${askedAt(wish)} asks for FIPS, and no Alpine package is a validated module. Take the packages from a distribution that has one.`,
      };
      return;
    }
    const packages = packagesOf(config);
    const [first] = packages;
    if (first === undefined || packages.some(({ text }) => FIPS.test(splitPackage(text).name))) return;
    const edit = itemInto(config.struct('contents')?.node('packages') ?? null, source, ...MODULE);
    yield {
      severity,
      span: first.span,
      message: `${askedAt(wish)} asks for FIPS, and no package of this list brings a validated module. Add one with its configuration, for example openssl-provider-fips and openssl-config-fipshardened.`,
      fixes:
        edit === null
          ? []
          : [{ title: `Add ${MODULE.join(' and ')}`, edits: [edit], caveat: 'a repository has to have them' }],
    };
  },
});
