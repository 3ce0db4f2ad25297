// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { askedAt, demandSeverity } from '../demands.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';
const POLICY = 'fips:\n  builder: required\n';
const build = (more: string, environment = ''): string =>
  `${HEAD}${environment}pipeline:\n  - uses: go/build\n    with:\n      packages: ./cmd/hello\n      output: hello\n${more}`;

/** Go experiments that put a module in, each by way of cgo. */
const EXPERIMENT = /boringcrypto|systemcrypto|opensslcrypto/;

const valuesOf = (struct: GoStruct | null): Map<string, string> =>
  new Map([...(struct?.map('environment') ?? [])].map(([name, { value }]) => [name, value]));

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
      {
        text: build('', 'environment:\n  environment:\n    GOEXPERIMENT: boringcrypto\n    CGO_ENABLED: "0"\n'),
        note: 'An experiment that needs cgo, without it.',
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
    const outer = valuesOf(environment);
    const toolchain = (environment?.struct('contents')?.strings('packages') ?? []).some(({ value }) =>
      /^go-.*fips/.test(value),
    );
    if (toolchain) return;
    for (const { struct, node, of } of stepsOf(config)) {
      if (of === 'test' || !/^go\/(?:build|install)/.test(struct.string('uses'))) continue;
      const given = struct.map('with');
      if (/fips/.test(given.get('go-package')?.value ?? '')) continue;
      const values = new Map([...outer, ...valuesOf(struct)]);
      const experiment = `${values.get('GOEXPERIMENT') ?? ''} ${given.get('experiments')?.value ?? ''}`;
      if (!['', 'off'].includes(values.get('GOFIPS140') ?? '')) continue;
      const module = EXPERIMENT.test(experiment);
      const withoutCgo = values.get('CGO_ENABLED') === '0';
      if (module && !withoutCgo) continue;
      yield {
        span: spanOf(struct.node('uses') ?? node),
        severity,
        message: module
          ? `${askedAt(wish)} asks for FIPS, and the module of this experiment is left out where CGO_ENABLED is 0. Remove CGO_ENABLED, or set GOFIPS140.`
          : `${askedAt(wish)} asks for FIPS, and this program is built with ordinary cryptography. Set GOFIPS140 in the environment, or use a toolchain with a module as go-package.`,
      };
    }
  },
});
