// SPDX-License-Identifier: Apache-2.0
// The integration run: suites inside the extension host of a real VS Code, with real Syft, Grype and images.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startTufMirror } from '../support/tuf-mirror.ts';
import { apkRepository } from '../testbed/apk.ts';
import { databaseFolder } from '../testbed/database.ts';
import { startEngine } from '../testbed/engines.ts';
import { imagePaths, type ImageName } from '../testbed/images.ts';
import { projectRoot } from '../testbed/paths.ts';
import { pushImage, startRegistry } from '../testbed/registry.ts';
import { pushSignedImage, saveSignedImage } from '../testbed/signed-image.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';
import { runExtensionTests } from '../testbed/vscode.ts';
import type { VsCodeVersion } from '../testbed/vscode-install.ts';
import { serveDriver } from './driver.ts';
import { runInWebHost } from './web-host.ts';

export interface IntegrationOptions {
  readonly version: VsCodeVersion;
  /** Absolute path of an unpacked extension. */
  readonly extensionPath: string;
  /** `smoke`: activate, lint, fix, audit, tree, panel. `full`: everything. */
  readonly suite: 'full' | 'smoke';
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const DOCKERFILES: Readonly<Record<string, string>> = {
  Dockerfile: [
    '# A service as one meets it: an old builder, a floating runtime, and root at the end.',
    'FROM golang:1.21.1 AS migrate',
    'WORKDIR /src',
    'COPY migrate/ .',
    'RUN CGO_ENABLED=0 go build -o /out/migrate .',
    '',
    'FROM debian:latest',
    'WORKDIR /app',
    'COPY --from=migrate /out/migrate /usr/local/bin/migrate',
    'CMD ["migrate"]',
    '',
  ].join('\n'),
  'api.Containerfile': 'FROM node:18\nCMD ["node"]\n',
  'fix-all.Dockerfile': 'FROM node:18\nFROM gcr.io/distroless/static-debian12\nCMD ["/app"]\n',
  'Dockerfile-prod': 'FROM node:18\nCMD ["node"]\n',
  'notes.txt': 'FROM node:18 is what this note is about.\n',
};

/** A folder of its own for each run: workspace, stored reports, tools on a PATH of their own. */
interface Scene {
  readonly folder: string;
  readonly workspace: string;
  /** What suites ask of the page. */
  readonly driver: string;
  readonly env: Readonly<Record<string, string>>;
  readonly countsFile: string;
}

async function makeScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-integration-'));
  const of = (...names: string[]): string => {
    mkdirSync(join(folder, ...names), { recursive: true });
    return join(folder, ...names);
  };
  const workspace = of('payments');
  // There before VS Code is: what is written at once into new folders within new folders, its watcher may miss.
  of('payments', 'services', 'ledger');
  for (const [name, text] of Object.entries(DOCKERFILES)) writeFileSync(join(workspace, name), text);
  // What a hostile repository would try: its own programs.
  mkdirSync(join(workspace, '.vscode'));
  const planted = {
    'waybill.syft.path': join(workspace, 'syft'),
    'waybill.grype.path': join(workspace, 'grype'),
    'waybill.apko.path': join(workspace, 'apko'),
    // Its own roots, hosts and repositories.
    'waybill.evidence.trustedRoot': join(workspace, 'trusted_root.json'),
    'waybill.evidence.updateTrustedRoot': true,
    'waybill.evidence.tufMirror': 'https://tuf.hostile.invalid',
    'waybill.evidence.tufRoot': join(workspace, 'root.json'),
    'waybill.evidence.githubTufRoot': join(workspace, 'root.json'),
    'waybill.evidence.githubAttestations': true,
    'waybill.evidence.githubRepositories': { '**': 'hostile/everything' },
    'waybill.evidence.cosignRepository': 'registry.hostile.invalid/signatures',
    'waybill.evidence.localImages': true,
    'waybill.registries.insecure': ['127.0.0.2', 'registry.hostile.invalid'],
  };
  writeFileSync(join(workspace, '.vscode', 'settings.json'), JSON.stringify(planted));
  const linked = (target: string, at: string): string => {
    symlinkSync(target, at);
    return at;
  };
  const image = async (name: string, from: ImageName): Promise<string> =>
    linked((await imagePaths(from)).ociDir, join(of('images'), name));
  const countsFile = join(folder, 'counts.jsonl');
  const driver = of('driver');
  // The extension host's PATH is the one of the person's login shell, so that is where the tools are put on it.
  const tools = of('bin');
  const home = of('home');
  for (const name of ['.bash_profile', '.profile', '.zprofile'])
    writeFileSync(join(home, name), `export PATH="${tools}:$PATH"\n`);
  return {
    folder,
    workspace,
    driver,
    countsFile,
    env: {
      ...(quietToolEnv as Record<string, string>),
      HOME: home,
      TMPDIR: of('tmp'),
      GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
      WAYBILL_DATA: of('data'),
      WAYBILL_TEST_SYFT: linked(await toolPath('syft'), join(tools, 'syft')),
      WAYBILL_TEST_GRYPE: linked(await toolPath('grype'), join(tools, 'grype')),
      WAYBILL_TEST_APKO: linked(await toolPath('apko'), join(tools, 'apko')),
      WAYBILL_TEST_COUNTS: countsFile,
      WAYBILL_TEST_DRIVER: driver,
      WAYBILL_TEST_FOLDER: of('scratch'),
      WAYBILL_TEST_REPORTER: join(projectRoot, 'scripts', 'lib', 'reporter.cjs'),
      WAYBILL_TEST_IMAGE: await image('migrate', 'goapp'),
      WAYBILL_TEST_SECOND_IMAGE: await image('payments-api', 'debian-app'),
      WAYBILL_TEST_LARGE_IMAGE: await image('ledger', 'big'),
      WAYBILL_TEST_INDEX: await image('migrate-everywhere', 'goapp-multi'),
      WAYBILL_TEST_MARKER: join(folder, 'reloaded'),
    },
  };
}

/** A window with a second folder beside the workspace. */
function twoFolders({ folder }: Scene): string {
  mkdirSync(join(folder, 'ledger'));
  const file = join(folder, 'two.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'payments' }, { path: 'ledger' }] }));
  return file;
}

/** What one phase needs beside the scene. */
interface Extras {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const NAME = 'northwind/payments-api:4.7.1';

async function makeExtras(phase: string, folder: string): Promise<Extras> {
  const stops: (() => Promise<void>)[] = [];
  const env: Record<string, string> = {};
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    if (phase === 'screenshots' || phase === 'workbench' || phase === 'choices' || phase === 'failures') {
      const { host, stop: close } = await startRegistry();
      stops.push(close);
      env['WAYBILL_TEST_REGISTRY_IMAGE'] = `${host}/${NAME}`;
      await pushImage((await imagePaths('debian-app')).ociDir, `${host}/${NAME}`);
      env['WAYBILL_TEST_LARGE_REGISTRY_IMAGE'] = `${host}/northwind/ledger:2.3.0`;
      await pushImage((await imagePaths('big')).ociDir, `${host}/northwind/ledger:2.3.0`);
    }
    if (phase === 'evidence' || phase === 'restricted') {
      const { host, stop: close } = await startRegistry();
      stops.push(close);
      const image = await pushSignedImage(host, folder);
      const layout = join(folder, 'images', 'payments-api-signed');
      await saveSignedImage(`${host}/northwind/payments-api@${image.digest}`, layout);
      Object.assign(env, {
        WAYBILL_TEST_COSIGN: await toolPath('cosign'),
        WAYBILL_TEST_SIGNED_REGISTRY: host,
        WAYBILL_TEST_SIGNED_NAME: image.name,
        WAYBILL_TEST_SIGNED_DIGEST: image.digest,
        WAYBILL_TEST_SIGNED_LAYOUT: layout,
        WAYBILL_TEST_SIGNING_KEY: image.publicKey,
        WAYBILL_TEST_TRUSTED_ROOT: image.trustedRoot,
      });
    }
    if (phase === 'evidence') {
      const file = env['WAYBILL_TEST_TRUSTED_ROOT'] ?? '';
      const mirror = await startTufMirror(folder, JSON.parse(readFileSync(file, 'utf8')));
      stops.push(async () => mirror.stop());
      Object.assign(env, { WAYBILL_TEST_TUF_MIRROR: mirror.address, WAYBILL_TEST_TUF_ROOT: mirror.rootPath });
    }
    if (phase === 'configs') {
      const { packages, key } = await apkRepository();
      Object.assign(env, { WAYBILL_TEST_APK_PACKAGES: packages, WAYBILL_TEST_APK_KEY: key });
    }
    if (phase === 'failures') {
      const { host, stop: close } = await startRegistry({ auth: { user: 'ada', password: 'lovelace' } });
      stops.push(close);
      env['WAYBILL_TEST_CLOSED_IMAGE'] = `${host}/${NAME}`;
      for (const variant of ['missing', 'stale', 'corrupt'] as const)
        env[`WAYBILL_TEST_DATABASE_${variant.toUpperCase()}`] = await databaseFolder(variant, folder);
    }
    if (phase === 'choices') {
      const engine = await startEngine('podman');
      stops.push(engine.stop);
      const { dockerArchive, reference } = await imagePaths('goapp');
      if (dockerArchive === undefined) throw new Error('The image for the engine has no archive.');
      await engine.load(dockerArchive);
      Object.assign(env, engine.env, { WAYBILL_TEST_ENGINE_IMAGE: reference });
    }
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function bundleTests(): Promise<{ readonly host: string; readonly web: string }> {
  const out = join(projectRoot, 'out', 'integration');
  const host = join(out, 'host.cjs');
  const web = join(out, 'web.js');
  const common = { bundle: true, format: 'cjs', logLevel: 'warning' } as const;
  await build({
    ...common,
    entryPoints: [join(import.meta.dirname, 'host', 'main.ts')],
    outfile: host,
    platform: 'node',
    external: ['vscode', 'mocha'],
  });
  await build({
    ...common,
    entryPoints: [join(import.meta.dirname, 'host', 'web.ts')],
    outfile: web,
    // Mocha's browser build exports itself where it sees a module: the last word has to be the suite's.
    format: 'iife',
    globalName: 'waybillTests',
    footer: { js: 'module.exports = waybillTests;' },
    platform: 'browser',
    external: ['vscode'],
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"test"' },
    alias: {
      'node:assert/strict': join(import.meta.dirname, 'host', 'assert-shim.ts'),
      mocha: join(projectRoot, 'node_modules', 'mocha', 'mocha.js'),
    },
  });
  return { host, web };
}

function readCounts(file: string): Counts {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Counts)
    .reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }));
}

/** One VS Code with one phase of suites. A host that ends without counts has failed. */
export async function runPhase(
  options: IntegrationOptions,
  phase: string,
  testsPath: string,
  more: { readonly trust?: boolean; readonly viewport?: { width: number; height: number } } = {},
): Promise<Counts> {
  const scene = await makeScene();
  const screenshots = join(projectRoot, 'test', '.results', 'screenshots');
  let extras: Extras | undefined;
  try {
    console.log(`-- ${phase}`);
    extras = await makeExtras(phase, scene.folder);
    const { code } = await runExtensionTests({
      version: options.version,
      extensionPath: options.extensionPath,
      workspace: phase === 'folders' ? twoFolders(scene) : scene.workspace,
      testsPath,
      screenshots,
      env: {
        ...scene.env,
        ...extras.env,
        WAYBILL_TEST_PHASE: phase,
        WAYBILL_TEST_EXTENSION: options.extensionPath,
      },
      onPage: (page) => serveDriver(page, scene.driver),
      viewport: { width: 1400, height: 800 },
      ...more,
    });
    const counts = readCounts(scene.countsFile);
    const silent = (code !== 0 && counts.failed === 0) || counts.passed + counts.failed === 0;
    return silent ? { ...counts, failed: counts.failed + 1 } : counts;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    const counts = readCounts(scene.countsFile);
    return { ...counts, failed: counts.failed + 1 };
  } finally {
    await extras?.stop();
    rmSync(scene.folder, { recursive: true, force: true });
  }
}

export async function runWebPhase(options: IntegrationOptions, testsPath: string): Promise<Counts> {
  const { folder, workspace } = await makeScene();
  try {
    console.log('-- browser');
    return await runInWebHost({ ...options, folder, workspace, testsPath });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of what is shipped: a build beside the run must not change what is tested, nor take it away. */
export function stageExtension(from: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-extension-'));
  for (const part of ['package.json', 'dist', 'media', 'docs/schemas'])
    if (existsSync(join(from, part))) cpSync(join(from, part), join(folder, part), { recursive: true });
  return folder;
}

/** Runs the suites and answers their counts; it never throws for a test that failed. */
export async function runIntegration(asked: IntegrationOptions): Promise<Counts> {
  const extensionPath = stageExtension(asked.extensionPath);
  try {
    return await runPhases({ ...asked, extensionPath });
  } finally {
    rmSync(extensionPath, { recursive: true, force: true });
  }
}

async function runPhases(options: IntegrationOptions): Promise<Counts> {
  const { host, web } = await bundleTests();
  const phases = [await runPhase(options, 'smoke', host)];
  if (options.suite === 'full') {
    phases.push(
      await runPhase(options, 'failures', host),
      await runPhase(options, 'choices', host),
      await runPhase(options, 'workbench', host),
      await runPhase(options, 'evidence', host),
      await runPhase(options, 'configs', host),
      await runPhase(options, 'restricted', host, { trust: false }),
      await runPhase(options, 'reload', host),
      await runPhase(options, 'folders', host),
      await runPhase(options, 'screenshots', host),
      await runWebPhase(options, web),
    );
  }
  return phases.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }));
}
