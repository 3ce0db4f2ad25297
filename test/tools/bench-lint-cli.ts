// SPDX-License-Identifier: Apache-2.0
// `waybill lint` over a thousand Dockerfiles, start-up included, against hadolint over the same ones: for scripts/bench.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { longDockerfile } from '../rules/bench-lint.ts';
import { handMade } from '../support/cases.ts';
import { lintText } from '../support/linting.ts';
import { hadolintPath } from '../testbed/hadolint.ts';
import { projectRoot } from '../testbed/paths.ts';

const FILES = 1000;

export interface LintedCli {
  /** Medians of wall times in milliseconds. */
  readonly waybillMs: number;
  readonly hadolintMs: number;
  /** Of Waybill, in MB of 10^6 bytes. */
  readonly peak: number;
}

/**
 * A quarter of them hand-made and short, the others such as people write, of 20 to 40 lines; each another text. Without heredocs, at many
 * of which hadolint gives up the file.
 */
function texts(): readonly string[] {
  const made = handMade().filter(({ text }) => !text.includes('<<') && lintText(text).error === null);
  return Array.from({ length: FILES }, (_, i) => {
    const text =
      i % 4 === 0
        ? (made[(i / 4) % made.length]?.text ?? '')
        : longDockerfile(20 + ((i >> 1) % 20)).replaceAll(
            /RUN <<EOF\n(.*)\n(.*)\n(.*)\nEOF/g,
            'RUN $1 && \\\n    $2 && \\\n    $3',
          );
    return `${text.replace(/\n?$/, '\n')}# file ${i}\n`;
  });
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

export async function benchLintCli(pairs: number, cli = join(projectRoot, 'dist', 'cli.js')): Promise<LintedCli> {
  const hadolint = await hadolintPath();
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    const files = texts().map((text, i) => {
      const below = join(folder, 'files', `service-${i}`);
      mkdirSync(below, { recursive: true });
      writeFileSync(join(below, 'Dockerfile'), text);
      return join('files', `service-${i}`, 'Dockerfile');
    });
    const watch = join(folder, 'peak.mjs');
    const peakFile = join(folder, 'peak');
    writeFileSync(
      watch,
      `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)));\n`,
    );
    const timed = (program: string, args: readonly string[], codes: readonly number[]): [number, string] => {
      const started = performance.now();
      const { status, stdout, stderr } = spawnSync(program, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 29,
      });
      const took = performance.now() - started;
      assert.ok(codes.includes(status ?? -1), `${program} ended with ${status}: ${stderr.slice(-1000)}`);
      return [took, stdout];
    };
    const waybill: number[] = [];
    const theirs: number[] = [];
    let peak = 0;
    for (let pair = 0; pair < pairs; pair++) {
      const lint = [
        '--import',
        pathToFileURL(watch).href,
        cli,
        'lint',
        '--format',
        'json',
        '--fail-on',
        'never',
        'files',
      ];
      const [took, stdout] = timed(process.execPath, lint, [0]);
      const { summary } = JSON.parse(stdout) as { summary: { files: number } };
      assert.equal(summary.files, files.length, 'Both have to judge the same files.');
      waybill.push(took);
      peak = Math.max(peak, Number(readFileSync(peakFile, 'utf8')) * 1024);
      const [their, found] = timed(hadolint, ['--no-fail', '--format', 'json', ...files], [0]);
      // A file that it cannot read costs it nothing.
      const unread = (JSON.parse(found) as { code: string }[]).filter(({ code }) => code === 'DL1000').length;
      assert.ok(unread <= FILES / 20, `hadolint could not read ${unread} of ${FILES} files.`);
      theirs.push(their);
    }
    return { waybillMs: median(waybill), hadolintMs: median(theirs), peak: peak / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
