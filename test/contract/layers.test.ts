// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Metafile {
  readonly inputs: Record<
    string,
    { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }
  >;
  readonly outputs: Record<
    string,
    { readonly bytes: number; readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }
  >;
}

const root = join(import.meta.dirname, '..', '..');
const metafile = (name: string): Metafile =>
  JSON.parse(readFileSync(join(root, 'out', 'meta', `${name}.json`), 'utf8'));
const inputs = (name: string): string[] => Object.keys(metafile(name).inputs);
const externals = (name: string): string[] =>
  Object.values(metafile(name).outputs).flatMap((output) =>
    output.imports.filter((each) => each.external).map((each) => each.path),
  );
const packageOf = (path: string): string | undefined => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];

/** Who may import whom; the same table stands in docs/architecture.md. */
const LAYERS: Record<
  string,
  { readonly layers: readonly string[]; readonly packages?: readonly string[]; readonly ambient: readonly RegExp[] }
> = {
  'src/core/': { layers: ['src/core/'], packages: ['zod'], ambient: [] },
  'src/node/': { layers: ['src/core/', 'src/node/'], ambient: [/^node:/] },
  'src/editor/': { layers: ['src/core/', 'src/editor/'], ambient: [/^vscode$/] },
  'src/desktop/': {
    layers: ['src/core/', 'src/node/', 'src/editor/', 'src/desktop/'],
    ambient: [/^vscode$/, /^node:/],
  },
  'src/web/': { layers: ['src/core/', 'src/editor/', 'src/web/'], ambient: [/^vscode$/] },
  'src/cli/': { layers: ['src/core/', 'src/node/', 'src/cli/'], ambient: [/^node:/] },
  'webview/': { layers: ['src/core/protocol/', 'src/core/model/', 'webview/'], ambient: [] },
};
const OUTPUTS = ['extension', 'dockerfile', 'web', 'audit', 'catalogue', 'cli', 'panel', 'styles', 'tuf', 'verify'];

describe('layers, by what the bundles really contain', () => {
  it('every import of every layer is one the layer may make', () => {
    const broken: string[] = [];
    let checked = 0;
    for (const name of OUTPUTS) {
      for (const [file, input] of Object.entries(metafile(name).inputs)) {
        const layer = Object.keys(LAYERS).find((prefix) => file.startsWith(prefix));
        if (layer === undefined) continue;
        const rule = LAYERS[layer];
        assert.ok(rule);
        for (const each of input.imports) {
          checked++;
          const target = packageOf(each.path);
          if (each.external === true) {
            if (!rule.ambient.some((pattern) => pattern.test(each.path))) broken.push(`${file} imports ${each.path}`);
          } else if (target !== undefined) {
            if (rule.packages !== undefined && !rule.packages.includes(target))
              broken.push(`${file} imports ${target}`);
          } else if (!each.path.includes(':') && !rule.layers.some((prefix) => each.path.startsWith(prefix))) {
            broken.push(`${file} imports ${each.path}`);
          }
        }
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(checked > 100, `only ${checked} imports were looked at`);
  });

  it('the browser bundle requires vscode and nothing else', () => {
    assert.deepEqual([...new Set(externals('web'))], ['vscode']);
  });

  it('the CLI knows nothing of vscode, the page nothing of Node', () => {
    assert.ok(!externals('cli').includes('vscode'));
    assert.deepEqual(externals('panel'), []);
  });

  it('heavy code stays out of what the editor loads first', () => {
    const heavy = ['execa', 'tar-stream', '@cyclonedx/cyclonedx-library', '@sigstore/verify'];
    const found = inputs('extension')
      .map(packageOf)
      .filter((name) => name !== undefined && heavy.includes(name));
    assert.deepEqual(found, []);
  });

  it('what judges a file is loaded with the first such file, not with the editor', () => {
    const early = inputs('extension').filter((file) =>
      /^src\/core\/(?:rules\/(?:dockerfile|apko|melange|shell)|fips|apko|melange)\//.test(file),
    );
    assert.deepEqual(
      // The keys by which these files are told from other YAML are needed before the first of them.
      early.filter((file) => !/fips\/certificate\.ts$|\/structs\.(?:ts|json)$/.test(file)),
      [],
    );
  });

  it('the page takes only protocol and model from core', () => {
    const others = inputs('panel').filter(
      (file) => file.startsWith('src/') && !/^src\/core\/(protocol|model)\//.test(file),
    );
    assert.deepEqual(others, []);
  });
});
