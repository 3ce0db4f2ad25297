// SPDX-License-Identifier: Apache-2.0
// Runs a real VS Code: its server on a free port, its workbench in headless Chromium, and Mocha suites inside its
// extension host.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type Service, startService } from './services.ts';
import { type VsCodeVersion, vsCodeHome } from './vscode-install.ts';

export interface WorkbenchOptions {
  readonly version?: VsCodeVersion;
  /** Absolute path of an unpacked extension. */
  readonly extensionPath: string;
  /** Absolute path of the folder to open, or of a .code-workspace file. */
  readonly workspace: string;
  /** True by default; false opens the folder in Restricted Mode. */
  readonly trust?: boolean;
  /** User settings, for example {'workbench.colorTheme': 'Default Dark Modern'}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server and so of the extension host. */
  readonly env?: NodeJS.ProcessEnv;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Workbench {
  readonly page: Page;
  /** Home of this VS Code: settings, logs, storage. */
  readonly dataFolder: string;
  /** What the server printed. */
  readonly output: () => string;
  readonly close: () => Promise<void>;
}

export interface ExtensionTestOptions extends WorkbenchOptions {
  /** Absolute path of a module that exports `run(): Promise<void>`. */
  readonly testsPath: string;
  /**
   * Folder for screenshots. A test asks for one by writing `NAME.request` into $WAYBILL_SCREENSHOTS and waits until
   * `NAME.png` is there.
   */
  readonly screenshots?: string;
  /** Called with the page before it opens; what it answers is called at the end. */
  readonly onPage?: (page: Page) => Promise<() => void>;
  /** Milliseconds for the whole run; five minutes by default. */
  readonly timeout?: number;
}

export interface ExtensionTestResult {
  /** 0 when the module's run() was fulfilled; VS Code also says 0 when its extension host dies, which is 1 here. */
  readonly code: number;
  /** What the extension host's console showed, without VS Code's own noise about its online services. */
  readonly output: string;
}

const LISTENING = /Web UI available at http:\/\/localhost:(\d+)/;

const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** Starts a VS Code server with its own home and user settings; `url` opens it. */
export async function startVsCode(
  options: Pick<WorkbenchOptions, 'version' | 'trust' | 'settings' | 'env'>,
): Promise<{ readonly service: Service; readonly url: string; readonly host: string; readonly dataFolder: string }> {
  const { version = 'newest', trust = true, settings = {}, env = {} } = options;
  const home = await vsCodeHome(version);
  const dataOf = (folder: string): string => join(folder, 'data');
  const service = await startService({
    name: `VS Code (${version})`,
    command: home.node,
    args: (folder) => {
      const user = join(dataOf(folder), 'data', 'User');
      mkdirSync(user, { recursive: true });
      writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
      return [
        join(home.folder, 'out', 'server-main.js'),
        ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
        ...['--server-data-dir', dataOf(folder), '--telemetry-level', 'off', '--enable-smoke-test-driver'],
        ...(trust ? ['--disable-workspace-trust'] : []),
      ];
    },
    // An empty gallery: nothing asks a marketplace about the extension.
    env: () => ({ EXTENSIONS_GALLERY: '{}', ...env }),
    ready: (output) => LISTENING.test(output),
  });
  const host = `127.0.0.1:${LISTENING.exec(service.output())?.[1] ?? ''}`;
  return { service, url: `http://${host}/`, host, dataFolder: dataOf(service.folder) };
}

interface Opened {
  readonly workbench: Workbench;
  readonly browser: Browser;
  /** Opens the folder, with the extension in development. */
  readonly open: (payload: readonly (readonly [string, string])[]) => Promise<void>;
  readonly host: string;
}

async function prepare(options: WorkbenchOptions): Promise<Opened> {
  const { service, url, host, dataFolder } = await startVsCode(options);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await service.stop();
  };
  try {
    browser = await launchChromium();
    const viewport = options.viewport ?? { width: 1280, height: 800 };
    const page = await browser.newPage({ viewport });
    const open: Opened['open'] = async (payload) => {
      const all = [['extensionDevelopmentPath', `vscode-remote://${host}${options.extensionPath}`], ...payload];
      const kind = options.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
      const query = `${kind}=${encodeURIComponent(options.workspace)}&payload=${encodeURIComponent(JSON.stringify(all))}`;
      await page.goto(`${url}?${query}`);
    };
    return { workbench: { page, dataFolder, output: service.output, close }, browser, open, host };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the workbench with the extension loaded, and waits until it is drawn. The caller closes it. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { workbench, open } = await prepare(options);
  try {
    await open([['skipWelcome', 'true']]);
    await workbench.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    return workbench;
  } catch (error) {
    await workbench.close();
    throw error;
  }
}

/** Lines about services that VS Code would like to reach and that no test needs. */
const NOISE =
  /github\.com|marketplace|open-vsx|\bchat\b|copilot|telemetry|1DS|default-account|punycode|\[AgentHost|from gallery|connection token|Creating a socket|reconnection-grace|builtin extensions cache|\[Service Worker\]|AccountPolicyGate|No default agent/i;

/** A module that runs the tests and leaves a file behind when they are fulfilled. */
function wrapTests(folder: string, testsPath: string): { readonly module: string; readonly done: string } {
  const module = join(folder, 'run-tests.cjs');
  const done = join(folder, 'tests-fulfilled');
  const lines = [
    `exports.run = async () => {`,
    `  const tests = await import(${JSON.stringify(pathToFileURL(testsPath).href)});`,
    `  await (tests.run ?? tests.default.run)();`,
    `  require('node:fs').writeFileSync(${JSON.stringify(done)}, '');`,
    `};`,
  ];
  writeFileSync(module, lines.join('\n'));
  return { module, done };
}

/** Takes the screenshots that the tests ask for, until stopped. */
function serveScreenshots(page: Page, folder: string): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy || !existsSync(folder)) return;
    const request = readdirSync(folder).find((name) => name.endsWith('.request'));
    if (request === undefined) return;
    busy = true;
    const target = join(folder, request.replace(/\.request$/, '.png'));
    rmSync(join(folder, request));
    page
      .screenshot({ path: `${target}.part.png` })
      .then(() => renameSync(`${target}.part.png`, target))
      .catch((error: unknown) => console.error(`No screenshot ${target}: ${String(error)}`))
      .finally(() => {
        busy = false;
      });
  }, 100);
  return () => clearInterval(timer);
}

/** Runs a test module inside the extension host of a real VS Code and answers its exit code. */
export async function runExtensionTests(options: ExtensionTestOptions): Promise<ExtensionTestResult> {
  const { testsPath, screenshots, onPage, timeout = 300_000, env = {} } = options;
  if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true });
  const shots = screenshots === undefined ? {} : { WAYBILL_SCREENSHOTS: screenshots };
  const { workbench, open, host } = await prepare({ ...options, env: { ...env, ...shots } });
  const { page, close } = workbench;
  const stopScreenshots = screenshots === undefined ? () => undefined : serveScreenshots(page, screenshots);
  const { module, done } = wrapTests(workbench.dataFolder, testsPath);
  const lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let leavePage: (() => void) | undefined;
  try {
    leavePage = await onPage?.(page);
    const code = await new Promise<number>((resolve, reject) => {
      timer = setTimeout(() => {
        const tail = [...lines, workbench.output()].join('\n').split('\n').slice(-40).join('\n');
        reject(new Error(`The tests in VS Code did not end within ${timeout / 1000} s.\n${tail}`));
      }, timeout);
      const start = async (): Promise<void> => {
        await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          const text = args.map(String).join(' ');
          if (NOISE.test(text)) return;
          lines.push(text);
          console.log(text);
        });
        await page.exposeFunction('codeAutomationExit', (exit: number) => resolve(exit));
        await open([
          ['extensionTestsPath', `vscode-remote://${host}${module}`],
          ['skipWelcome', 'true'],
        ]);
      };
      start().catch(reject);
    });
    const output = lines.join('\n');
    if (code !== 0 || existsSync(done)) return { code, output };
    return { code: 1, output: `${output}\nThe extension host ended before the tests did.\n${workbench.output()}` };
  } finally {
    clearTimeout(timer);
    stopScreenshots();
    leavePage?.();
    await close();
  }
}
