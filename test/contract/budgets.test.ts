// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..', '..');
const bytes = (file: string): number => statSync(join(root, 'dist', file)).size;
const gzipped = (...files: string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(root, 'dist', file)), { level: 9 }).length, 0);

const dataFolder = join(root, 'src', 'core', 'catalogue', 'data');
const data = readdirSync(dataFolder).filter((name) => name.endsWith('.json'));
/** Bytes of the data as it is bundled: esbuild minifies JSON as it does code. */
const dataBytes = data.reduce(
  (sum, name) => sum + JSON.stringify(JSON.parse(readFileSync(join(dataFolder, name), 'utf8'))).length,
  0,
);

describe('bundle budgets of docs/architecture.md', () => {
  for (const [file, limit] of [
    ['extension.js', 300_000],
    ['dockerfile.js', 250_000],
    ['audit.js', 300_000],
    ['apko.js', 200_000],
    ['evidence.js', 300_000],
    ['panel-host.js', 120_000],
    ['verify.js', 250_000],
    ['cli.js', 350_000],
    ['panel.js', 150_000],
    ['tuf.js', 160_000],
  ] as const) {
    it(`${file} is at most ${limit / 1000} kB`, () => assert.ok(bytes(file) <= limit, `${bytes(file)} bytes`));
  }

  it('web/extension.js is at most 300 kB without its inlined data', () => {
    assert.ok(
      bytes('web/extension.js') - dataBytes <= 300_000,
      `${bytes('web/extension.js')} bytes, ${dataBytes} of them data`,
    );
  });

  it('the page is at most 45 kB compressed', () => {
    assert.ok(gzipped('panel.js') <= 45_000, `${gzipped('panel.js')} bytes`);
  });

  it('the catalogue adds at most 450 kB, 90 kB compressed', () => {
    assert.ok(bytes('catalogue.js') <= 450_000, `${bytes('catalogue.js')} bytes`);
    assert.ok(gzipped('catalogue.js') <= 90_000, `${gzipped('catalogue.js')} bytes`);
  });
});
