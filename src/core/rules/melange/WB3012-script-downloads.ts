// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../../text/source-text.ts';
import { scriptLines, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const build = (script: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - runs: |\n${script
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('')}`;

/** Behind the start of a command: of a line, or after what joins commands. */
const COMMAND = String.raw`(?:^|[;&|(]|\bthen|\bdo|\belse)\s*`;
const PIPED = RegExp(String.raw`${COMMAND}((?:curl|wget)\b[^|\n#;]*\|\s*(?:sudo\s+)?(?:ba|da|a|z)?sh\b)`);
const DOWNLOAD = RegExp(String.raw`${COMMAND}((?:curl|wget)\s[^#\n]*?\b(?:https?|ftp)://[^\s"'|;]+)`);
const CLONE = RegExp(String.raw`${COMMAND}(git\s+clone\s[^\n;#|&]+)`);
const SUDO = RegExp(String.raw`${COMMAND}(sudo)\s`);
const VERIFIED = /\b(?:sha\d+sum|shasum|b2sum|cksum|gpg|gpgv|cosign|minisign|signify)\b/;
const LOCAL = /:\/\/(?:localhost|127\.0\.0\.1|\[::1\])/;

/** One of these is in every script that this rule speaks of. */
const WORDS = /curl|wget|git|sudo/;

export const scriptDownloads = defineRule({
  id: 'WB3012',
  slug: 'script-downloads',
  title: 'Script downloads what nothing checks, or asks for root',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'What a script downloads by itself is in no checksum, no SBOM and no cache: the build is another one each time, and nobody sees what came in. Root is not needed in a build and is often missing.',
  controls: controls('SI-7', 'SI-7(1)', 'SR-11', 'SA-10'),
  examples: {
    bad: [
      { text: build('curl -fsSL https://example.com/install.sh | sh'), note: 'A download that is run at once.' },
      {
        text: build('wget https://example.com/data.tar.gz\ntar xf data.tar.gz'),
        note: 'A download that nothing checks.',
      },
      { text: build('git clone https://example.com/extra'), note: 'A checkout without its commit.' },
      { text: build('sudo make install'), note: 'Root is asked for.' },
    ],
    good: [
      {
        text: build('wget https://example.com/data.tar.gz\necho "$SUM data.tar.gz" | sha256sum -c'),
        note: 'The download is checked.',
      },
      { text: build('# curl https://example.com | sh\nmake'), note: 'A comment.', nearMiss: true },
      {
        text: `${build('make')}test:\n  pipeline:\n    - runs: |\n        curl -f http://localhost:8080/health\n`,
        note: 'A test asks the program itself.',
      },
    ],
  },
  refs: ['melange: pipelines fetch and git-checkout'],
  *check({ config, source }) {
    for (const step of stepsOf(config)) {
      const { struct, of } = step;
      const verified = VERIFIED.test(struct.string('runs'));
      for (const { text, start } of scriptLines(step, source, WORDS)) {
        const at = (found: RegExpExecArray): Span => {
          const from = start + found.index + found[0].length - (found[1] ?? '').length;
          return { start: from, end: from + (found[1] ?? '').trimEnd().length };
        };
        const piped = PIPED.exec(text);
        const download = piped === null && !verified && of !== 'test' ? DOWNLOAD.exec(text) : null;
        const clone = of === 'test' ? null : CLONE.exec(text);
        const sudo = SUDO.exec(text);
        if (piped !== null) {
          yield {
            span: at(piped),
            message:
              'This runs what a server answers, whatever it is. Fetch it with the pipeline fetch and its checksum, and run the file.',
          };
        } else if (download !== null && !LOCAL.test(download[0])) {
          yield {
            span: at(download),
            message:
              'Nothing checks this download. Use the pipeline fetch with expected-sha256, or check it with sha256sum -c.',
          };
        }
        if (clone !== null) {
          yield {
            span: at(clone),
            message: 'Nothing says which commit this is. Use the pipeline git-checkout with expected-commit.',
          };
        }
        if (sudo !== null) {
          yield {
            span: { start: start + sudo.index + sudo[0].length - 5, end: start + sudo.index + sudo[0].length - 1 },
            message: 'A build step needs no sudo, and the build environment may have none. Remove it.',
          };
        }
      }
    }
  },
});
