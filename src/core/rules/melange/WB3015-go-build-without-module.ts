// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { askedAt, demandSeverity } from '../demands.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const POLICY = 'fips:\n  builder: required\n';
const build = (more: string, environment = ''): string =>
  `${HEAD}${environment}pipeline:\n  - uses: go/build\n    with:\n      packages: ./cmd/hello\n      output: hello\n${more}`;

export const goBuildWithoutModule = defineRule({
  id: 'WB3015',
  slug: 'go-build-without-module',
  title: 'Go program is built without the module that the policy asks for',
  language: 'melange',
  severity: 'error',
  category: 'cryptography',
  since: '0.2.0',
  why: 'A Go program carries its cryptography with it, and which one is decided when it is built: by GOFIPS140, by a Go toolchain with a FIPS module, or by an experiment. Nothing that is installed later changes it.',
  controls: controls('SC-13', 'CM-6'),
  examples: {
    bad: [
      { text: build(''), note: 'Ordinary cryptography.', policy: POLICY },
      {
        text: build('', 'environment:\n  environment:\n    CGO_ENABLED: "0"\n'),
        note: 'Without cgo, and with nothing in its place.',
        policy: POLICY,
      },
      { text: build('      go-package: go-1.26\n'), note: 'An ordinary toolchain.', policy: POLICY },
    ],
    good: [
      {
        text: build('', 'environment:\n  environment:\n    GOFIPS140: v1.0.0\n'),
        note: "Go's own module.",
        policy: POLICY,
      },
      {
        text: build('      go-package: go-fips\n'),
        note: 'A toolchain with a module.',
        nearMiss: true,
        policy: POLICY,
      },
      { text: build(''), note: 'No policy asks for it.' },
    ],
  },
  refs: ['https://go.dev/doc/security/fips140', 'melange: pipeline go/build'],
  *check({ config, policy }) {
    const wish = policy.fips.builder ?? policy.fips.final;
    const severity = demandSeverity(wish, null);
    if (wish === null || severity === null) return;
    const environment = config.struct('environment');
    const chosen = (name: string, value: string): boolean =>
      (name === 'GOFIPS140' && value !== 'off') ||
      (name === 'GOEXPERIMENT' && /boringcrypto|systemcrypto|opensslcrypto/.test(value));
    const global = [...(environment?.map('environment') ?? [])].some(([name, { value }]) => chosen(name, value));
    const toolchain = (environment?.struct('contents')?.strings('packages') ?? []).some(({ value }) =>
      /^go-.*fips/.test(value),
    );
    if (global || toolchain) return;
    for (const { struct, node, of } of stepsOf(config)) {
      const uses = struct.string('uses');
      if (of === 'test' || !/^go\/(?:build|install)/.test(uses)) continue;
      const given = struct.map('with');
      if (/fips/.test(given.get('go-package')?.value ?? '') || /crypto/.test(given.get('experiments')?.value ?? ''))
        continue;
      if ([...struct.map('environment')].some(([name, { value }]) => chosen(name, value))) continue;
      yield {
        span: spanOf(struct.node('uses') ?? node),
        severity,
        message: `${askedAt(wish)} asks for FIPS, and this program is built with ordinary cryptography. Set GOFIPS140 in the environment, or use a toolchain with a module as go-package.`,
      };
    }
  },
});
