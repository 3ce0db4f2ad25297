// SPDX-License-Identifier: Apache-2.0
// Builds every output from one table. Flags: --minify, --watch. Metafiles go to out/meta for the contract tests.
const { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');

const minify = process.argv.includes('--minify');
const watch = process.argv.includes('--watch');
const root = __dirname;

/**
 * Keeps a module out of a bundle and requires the output of its own when it is first called:
 * `functions` are the module's exports, all of them functions.
 */
function lazyOutput(module, output, functions) {
  return {
    name: `lazy ${output}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`(^|/)${module}$`) }, () => ({ path: output, namespace: `lazy-${output}` }));
      build.onLoad({ filter: /.*/, namespace: `lazy-${output}` }, () => ({
        contents: functions
          .map((name) => `exports.${name} = (...args) => require(${JSON.stringify(output)}).${name}(...args);`)
          .join('\n'),
        loader: 'js',
      }));
      build.onResolve({ filter: new RegExp(`^${output.replace(/[./]/g, '\\$&')}$`) }, () => ({
        path: output,
        external: true,
      }));
    },
  };
}

const catalogue = lazyOutput('data\\.ts', './catalogue.js', ['catalogueData']);
const policy = lazyOutput('loader\\.ts', './policy.js', ['loadPolicy']);
const embedded = lazyOutput('extract\\.ts', './embedded.js', ['embeddedParts']);
const yaml = lazyOutput('config-services\\.ts', './yaml.js', [
  'configBases',
  'createConfigLanguage',
  'lintConfig',
  'parseApkIndex',
]);
const dockerfile = lazyOutput('dockerfile-services\\.ts', './dockerfile.js', [
  'baseHover',
  'imageNames',
  'imageUses',
  'lintDockerfile',
  'lintEmbedded',
  'parseDockerfile',
  'pinEdit',
  'pinOf',
  'suggest',
]);
const rules = lazyOutput('summaries\\.gen\\.ts', './rules.js', ['ruleSummaries']);
const apko = lazyOutput('apko-entry\\.ts', './apko.js', ['createApko']);
const evidence = lazyOutput('evidence-entry\\.ts', './evidence.js', [
  'createEvidenceCollector',
  'evidenceText',
  'verifyImage',
]);
const audit = lazyOutput('audit-entry\\.ts', './audit.js', ['createAuditor', 'installManaged', 'toolsStatus']);
/** What runs programs is large and rarely needed for evidence: it is taken from the audits, which have it anyway. */
const run = lazyOutput('process/run\\.ts', './audit.js', ['runTool', 'toolEnvironment']);

const tuf = lazyOutput('tuf\\.ts', './tuf.js', ['fetchTrustedRoot']);
const panelHost = lazyOutput('panel/open\\.ts', './panel-host.js', ['createPanelSession', 'readPanelState']);
const verify = lazyOutput('verify-entry\\.ts', './verify.js', [
  'checkBundle',
  'createRoots',
  'createVerifier',
  'rawDocument',
]);

/**
 * What a rule says of itself is docs and tests, and what lists and SARIF need of it stands in summaries.gen.ts: the
 * bundles keep only what judges.
 */
const withoutProse = {
  name: 'rules without prose',
  setup(build) {
    build.onLoad({ filter: /[\\/]core[\\/]rules[\\/]\w+[\\/]WB\d{4}-[^\\/]*\.ts$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [property, empty] of [
        ['examples', '{ bad: [], good: [] }'],
        ['why', "''"],
        ['controls', '[]'],
        ['refs', '[]'],
      ]) {
        // The formatter sets a rule's properties at two blanks, and everything inside them further in.
        const pattern = new RegExp(`^ {2}${property}:[\\s\\S]*?(?=^ {2}[\\w*])`, 'm');
        if (!pattern.test(contents)) return { errors: [{ text: `${path}: its ${property} were not found` }] };
        contents = contents.replace(pattern, () => `  ${property}: ${empty},\n`);
      }
      return { contents, loader: 'ts' };
    });
  },
};

const node = { platform: 'node', format: 'cjs', target: 'node22.15' };
/** Every file that is shipped; docs/architecture.md lists the same. */
const outputs = {
  extension: {
    ...node,
    entryPoints: ['src/desktop/main.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [catalogue, policy, dockerfile, yaml, audit, panelHost, apko, withoutProse],
  },
  web: {
    platform: 'browser',
    format: 'cjs',
    target: 'chrome132',
    entryPoints: ['src/web/main.ts'],
    outfile: 'dist/web/extension.js',
    external: ['vscode'],
    plugins: [withoutProse],
  },
  apko: { ...node, entryPoints: ['src/node/apko-entry.ts'], outfile: 'dist/apko.js' },
  audit: { ...node, entryPoints: ['src/node/audit-entry.ts'], outfile: 'dist/audit.js', plugins: [evidence, verify] },
  evidence: {
    ...node,
    entryPoints: ['src/node/evidence-entry.ts'],
    outfile: 'dist/evidence.js',
    plugins: [run, verify, withoutProse],
  },
  'panel-host': { ...node, entryPoints: ['src/core/panel/open.ts'], outfile: 'dist/panel-host.js' },
  verify: { ...node, entryPoints: ['src/node/verify-entry.ts'], outfile: 'dist/verify.js', plugins: [tuf] },
  tuf: { ...node, entryPoints: ['src/node/trust/tuf.ts'], outfile: 'dist/tuf.js' },
  catalogue: { ...node, entryPoints: ['src/core/catalogue/data.ts'], outfile: 'dist/catalogue.js' },
  dockerfile: {
    ...node,
    entryPoints: ['src/core/dockerfile-services.ts'],
    outfile: 'dist/dockerfile.js',
    plugins: [embedded, withoutProse],
  },
  rules: { ...node, entryPoints: ['src/core/rules/summaries.gen.ts'], outfile: 'dist/rules.js' },
  policy: { ...node, entryPoints: ['src/core/policy/loader.ts'], outfile: 'dist/policy.js' },
  embedded: { ...node, entryPoints: ['src/core/embedded/extract.ts'], outfile: 'dist/embedded.js' },
  yaml: { ...node, entryPoints: ['src/core/config-services.ts'], outfile: 'dist/yaml.js', plugins: [withoutProse] },
  cli: {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [catalogue, policy, embedded, yaml, rules, audit, evidence, verify, withoutProse],
  },
  panel: {
    platform: 'browser',
    format: 'iife',
    target: 'chrome132',
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/panel.js',
  },
  styles: {
    platform: 'browser',
    target: 'chrome132',
    entryPoints: ['webview/styles/panel.css'],
    outfile: 'dist/panel.css',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
};

async function main() {
  if (!watch) rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'out', 'meta'), { recursive: true });
  for (const [name, options] of Object.entries(outputs)) {
    const full = {
      absWorkingDir: root,
      bundle: true,
      minify,
      sourcemap: minify ? false : 'linked',
      legalComments: 'none',
      charset: 'utf8',
      metafile: true,
      logLevel: 'warning',
      ...options,
    };
    if (watch) {
      const context = await esbuild.context(full);
      await context.watch();
      continue;
    }
    const { metafile } = await esbuild.build(full);
    writeFileSync(join(root, 'out', 'meta', `${name}.json`), JSON.stringify(metafile));
    const file = options.outfile;
    console.log(`${file}  ${(metafile.outputs[file].bytes / 1000).toFixed(1)} kB`);
  }
  if (existsSync(join(root, 'dist', 'cli.js'))) chmodSync(join(root, 'dist', 'cli.js'), 0o755);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
