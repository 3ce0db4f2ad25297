// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { fipsIntent } from '../fips-intent.ts';
import { definitionPlaces, nameOf } from '../image-uses.ts';
import { bottomStage } from '../lineage.ts';
import { shippedStages } from '../stage-sources.ts';

export const hostMustBeInFipsMode = defineRule({
  id: 'WB1026',
  slug: 'host-must-be-in-fips-mode',
  title: 'Module only counts on a host in FIPS mode',
  language: 'dockerfile',
  severity: 'info',
  category: 'cryptography',
  since: '0.1.0',
  why: 'Modules of some distributions read the flag of the kernel and go into approved mode only where it is set. The kernel is that of the host: no Dockerfile and no image can set it, so it has to be known where the image runs.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The module is there, the mode is up to the host.',
      },
      {
        text: 'FROM registry.access.redhat.com/ubi9/python-312 AS base\nFROM base\nUSER 1001\n',
        policy: 'fips: preferred\n',
        note: 'Through another stage.',
      },
      {
        text: 'ARG V=9.6\nFROM registry.access.redhat.com/ubi9/ubi:${V}\nLABEL fips=true\nUSER 1000\n',
        note: 'The file itself speaks of FIPS.',
      },
    ],
    good: [
      { text: 'FROM registry.access.redhat.com/ubi9/ubi-minimal:9.6\nUSER 1000\n', note: 'Nobody asks for FIPS.' },
      {
        text: 'FROM registry.access.redhat.com/ubi9/ubi:9.6 AS build\nFROM scratch\nCOPY --from=build /app /app\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'The builder is not what runs.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13\nUSER 1000\n',
        policy: 'fips: required\n',
        note: 'Without a module the mode is no question; another rule speaks of it.',
      },
      {
        text: 'FROM cgr.dev/acme.com/python-fips:3.13\n',
        policy: 'fips: required\n',
        note: 'By its documentation it does not depend on the host.',
      },
    ],
  },
  refs: ['RHEL documentation: FIPS mode in containers', 'src/core/catalogue/data/fips.json: bases'],
  *check(context) {
    if (fipsIntent(context) === null) return;
    const [final] = shippedStages(context);
    if (final === undefined) return;
    const { base } = context.fips.stage(final);
    if (base === null || base.enforced.value !== 'host' || base.module.value !== 'yes') return;
    const bottom = bottomStage(final, context.facts);
    const places = definitionPlaces(bottom);
    yield {
      span: final.baseSpan,
      message: `${nameOf(bottom)} has its module, and only a host in FIPS mode switches it on: no container can. Run it on nodes that were installed in FIPS mode, and say so where it is deployed.`,
      data: { image: bottom.base.kind === 'image' ? bottom.base.resolved : bottom.written },
      ...(places.length === 0 ? {} : { related: places }),
    };
  },
});
