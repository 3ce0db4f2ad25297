// SPDX-License-Identifier: Apache-2.0
// Runs a suite inside the web worker extension host: a staged copy of the extension whose manifest has no `main`.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../testbed/chromium.ts';
import { startVsCode } from '../testbed/vscode.ts';
import type { VsCodeVersion } from '../testbed/vscode-install.ts';

export interface WebRun {
  readonly version: VsCodeVersion;
  readonly extensionPath: string;
  readonly workspace: string;
  /** Folder for the staged copy. */
  readonly folder: string;
  /** A bundle that exports `run()`. */
  readonly testsPath: string;
}

const COUNTS = /WAYBILL_TEST_COUNTS (\{.*\})/;
/** Lines about services that VS Code would like to reach and that no test needs. */
const NOISE =
  /connection token|a socket|gallery|grace|AccountPolicyGate|AgentHost|Service Worker|builtin extensions|search provider|^Canceled/;
const TIMEOUT_MS = 180_000;

function stage({ extensionPath, folder, testsPath }: WebRun): { readonly extension: string; readonly tests: string } {
  const extension = join(folder, 'web-extension');
  mkdirSync(join(extension, 'dist'), { recursive: true });
  // With either of the two, a server like this one takes the host that has Node.
  const {
    main: _main,
    extensionKind: _kind,
    ...manifest
  } = JSON.parse(readFileSync(join(extensionPath, 'package.json'), 'utf8'));
  writeFileSync(join(extension, 'package.json'), JSON.stringify(manifest));
  cpSync(join(extensionPath, 'media'), join(extension, 'media'), { recursive: true });
  cpSync(join(extensionPath, 'dist', 'web'), join(extension, 'dist', 'web'), { recursive: true });
  const tests = join(extension, 'dist', 'web-tests.js');
  cpSync(testsPath, tests);
  return { extension, tests };
}

export async function runInWebHost(run: WebRun): Promise<{ readonly passed: number; readonly failed: number }> {
  const { extension, tests } = stage(run);
  const { service, url, host } = await startVsCode({ version: run.version });
  let browser: Awaited<ReturnType<typeof launchChromium>> | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    browser = await launchChromium();
    const page = await browser.newPage();
    let counts = { passed: 0, failed: 1 };
    const ended = new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('The suite in the web worker did not end.')), TIMEOUT_MS);
      const start = async (): Promise<void> => {
        await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          const text = args.map(String).join(' ');
          const found = COUNTS.exec(text)?.[1];
          if (found === undefined && !NOISE.test(text)) console.log(text);
          if (found !== undefined) counts = JSON.parse(found) as typeof counts;
        });
        await page.exposeFunction('codeAutomationExit', () => resolve());
        const address = (path: string): string => `vscode-remote://${host}${path}`;
        const payload = [
          ['extensionDevelopmentPath', address(extension)],
          ['extensionTestsPath', address(tests)],
          ['skipWelcome', 'true'],
        ];
        const query = `folder=${encodeURIComponent(run.workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
        await page.goto(`${url}?${query}`);
      };
      start().catch(reject);
    });
    await ended;
    return counts;
  } finally {
    clearTimeout(timer);
    await browser?.close();
    await service.stop();
  }
}
