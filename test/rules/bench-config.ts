// SPDX-License-Identifier: Apache-2.0
// How long one keystroke's lint of a melange file takes, and files such as people write: for scripts/bench.mjs.
import { catalogueData } from '../../src/core/catalogue/data.ts';
import { Catalogue } from '../../src/core/catalogue/lookup.ts';
import { lint } from '../../src/core/lint/engine.ts';

const ROUNDS = 150;
/** The first rounds warm the compiler up, as the first keystrokes do. */
const WARM_UP = 30;

const subpackage = (name: string, i: number): string[] => [
  `  - name: ${name}-part${i}`,
  `    description: part ${i} of ${name}, with what it needs`,
  '    dependencies:',
  '      runtime:',
  `        - ${name}`,
  '        - ca-certificates-bundle',
  '    pipeline:',
  '      - uses: split/manpages',
  '      - name: move the files',
  '        runs: |',
  '          mkdir -p "${{targets.subpkgdir}}"/usr/bin',
  `          mv "\${{targets.destdir}}"/usr/bin/part${i} "\${{targets.subpkgdir}}"/usr/bin/`,
  `          # the other half stays where it is: part ${i}`,
  '          find "${{targets.subpkgdir}}" -name "*.la" -delete',
  '    test:',
  '      environment:',
  '        contents:',
  '          packages:',
  '            - busybox',
  '      pipeline:',
  '        - runs: |',
  `            part${i} --version | grep "\${{package.version}}"`,
];

/** A melange file of about `lines` lines: sources, steps, variables, subpackages with tests. */
export function melangeFile(lines: number, serial: number): string {
  const name = `hello${serial}`;
  const commit = serial.toString(16).padStart(40, '0');
  const text = [
    'package:',
    `  name: ${name}`,
    `  version: "1.${serial % 40}.${serial % 7}"`,
    `  epoch: ${serial % 5}`,
    `  description: "Says hello, number ${serial}"`,
    '  copyright:',
    '    - license: Apache-2.0',
    '  dependencies:',
    '    runtime:',
    '      - ca-certificates-bundle',
    '      - openssl',
    'environment:',
    '  contents:',
    '    packages:',
    '      - busybox',
    '      - build-base',
    '      - openssl-dev',
    'vars:',
    `  module: example.com/${name}`,
    'pipeline:',
    '  - uses: git-checkout',
    '    with:',
    `      repository: https://github.com/example/${name}`,
    '      tag: v${{package.version}}',
    `      expected-commit: ${commit}`,
    '  - uses: go/build',
    '    with:',
    '      packages: ./cmd/${{package.name}}',
    '      output: ${{package.name}}',
    '      ldflags: -s -w -X ${{vars.module}}/version.Version=${{package.version}}',
    '  - runs: |',
    '      make -j$(nproc) docs',
    '      make install DESTDIR="${{targets.destdir}}"',
    '  - uses: strip',
    'update:',
    '  enabled: true',
    '  github:',
    `    identifier: example/${name}`,
    '    strip-prefix: v',
    'test:',
    '  pipeline:',
    '    - runs: |',
    `        ${name} --version | grep "\${{package.version}}"`,
  ];
  if (text.length < lines) text.push('subpackages:');
  for (let i = 0; text.length < lines; i++) text.push(...subpackage(name, i));
  return `${text.join('\n')}\n`;
}

/** Milliseconds of a lint of `lines` lines, reading included; every round is another text, so that nothing is reused. */
export function benchConfig(lines: number): { readonly p50: number; readonly p95: number; readonly findings: number } {
  const catalogue = new Catalogue(catalogueData());
  const text = melangeFile(lines, 1);
  const times: number[] = [];
  let findings = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const edited = `${text}# keystroke ${round}\n`;
    const started = performance.now();
    findings = lint(edited, 'melange', { catalogue, today: '2026-11-25' }).findings.length;
    if (round >= WARM_UP) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), findings };
}
