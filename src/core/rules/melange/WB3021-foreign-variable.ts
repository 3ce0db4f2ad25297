// SPDX-License-Identifier: Apache-2.0
import { scriptLines, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const build = (script: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - runs: |\n      ${script}\n`;

/** Variables of Alpine's abuild, and what melange has for them. */
const INSTEAD: Readonly<Record<string, string>> = {
  pkgname: 'package.name',
  pkgver: 'package.version',
  pkgrel: 'package.epoch',
  pkgdir: 'targets.destdir',
  subpkgdir: 'targets.subpkgdir',
  srcdir: 'package.srcdir',
  builddir: 'package.srcdir',
};
const VARIABLE =
  /\$(?:\{(pkgname|pkgver|pkgrel|pkgdir|subpkgdir|srcdir|builddir)\}|(pkgname|pkgver|pkgrel|pkgdir|subpkgdir|srcdir|builddir)(?![A-Za-z0-9_]))/g;

/** One of these is in every script that this rule speaks of. */
const WORDS = /\$\{?(?:pkg|subpkg|src|build)/;

export const foreignVariable = defineRule({
  id: 'WB3021',
  slug: 'foreign-variable',
  title: "Variable of Alpine's abuild",
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'A script that comes from an APKBUILD uses variables which melange does not set. The shell takes them as empty: "$pkgdir"/usr becomes /usr, and the package stays empty.',
  controls: controls('CM-2', 'SA-10'),
  examples: {
    bad: [
      { text: build('make DESTDIR="$pkgdir" install'), note: 'The folder of the package.' },
      { text: build('tar xf hello-${pkgver}.tar.gz'), note: 'The version, in braces.' },
      { text: build('cd "$srcdir"/hello'), note: 'The folder of the sources.' },
    ],
    good: [
      { text: build('make DESTDIR="${{targets.destdir}}" install'), note: "melange's own.", nearMiss: true },
      { text: build('pkgdir=/tmp/x; make DESTDIR="$pkgdir" install'), note: 'The script sets it.', nearMiss: true },
      { text: build('echo "$pkgdirectory"'), note: 'A longer name.' },
    ],
  },
  refs: ['Alpine: APKBUILD reference', 'melange: docs/BUILD-FILE.md'],
  *check({ config, source }) {
    for (const step of stepsOf(config)) {
      const script = step.struct.string('runs');
      const set = (name: string): boolean =>
        step.struct.map('environment').has(name) ||
        (config.struct('environment')?.map('environment').has(name) ?? false) ||
        RegExp(
          String.raw`(?:^|[\s;&|(])(?:export\s+|local\s+|for\s+|read\s+(?:-r\s+)?)?${name}(?:=|\s+in\s|\s*$)`,
          'm',
        ).test(script);
      for (const { text, start } of scriptLines(step, source, WORDS)) {
        for (const found of text.matchAll(VARIABLE)) {
          const name = found[1] ?? found[2] ?? '';
          const instead = INSTEAD[name] ?? '';
          if (set(name)) continue;
          const span = { start: start + found.index, end: start + found.index + found[0].length };
          const own = `\${{${instead}}}`;
          yield {
            span,
            message: `melange sets no $${name}, so the shell puts nothing here. Write ${own}.`,
            fixes:
              instead === 'targets.subpkgdir' && step.of !== 'subpackage'
                ? []
                : [{ title: `Write ${own}`, edits: [{ span, newText: own }], preferred: true }],
          };
        }
      }
    }
  },
});
