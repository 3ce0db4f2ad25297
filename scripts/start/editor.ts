// SPDX-License-Identifier: Apache-2.0
// `npm start`: opens a real VS Code with the extension in development and the sample folder.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../lib/node24.mjs';
import { onPath } from '../lib/start-plan.mjs';
import { cacheRoot } from '../../test/testbed/paths.ts';
import { startVsCode } from '../../test/testbed/vscode.ts';
import { vsCodeIsThere } from '../../test/testbed/vscode-install.ts';
import { say, withProgress } from './progress.ts';

export interface EditorRequest {
  /** Folder of the sample image's layout. */
  readonly image: string;
  readonly env: NodeJS.ProcessEnv;
  readonly offline: boolean;
  readonly abort: AbortController;
}

const sample = join(root, 'sample');

/** A desktop VS Code needs a screen; on Linux its absence shows. */
const hasScreen = (env: NodeJS.ProcessEnv): boolean =>
  process.platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;

/** Runs a desktop VS Code until its window is closed; answers whether it could be run. */
function runDesktop(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'inherit', signal });
    child.on('error', (error) => {
      if (!signal.aborted) say('failed', `${program} could not be started: ${error.message}`);
      resolve(signal.aborted);
    });
    child.on('close', (code) => resolve(code === 0 || signal.aborted));
  });
}

/** `code` on PATH, else the VS Code that @vscode/test-electron can download; null where neither can be had. */
async function desktopProgram(offline: boolean): Promise<string | null> {
  const installed = onPath('code');
  if (installed !== null) return installed;
  if (offline) return null;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const cachePath = join(cacheRoot(), 'vscode-desktop');
  mkdirSync(cachePath, { recursive: true });
  try {
    return await withProgress('VS Code, from update.code.visualstudio.com', () =>
      downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: 20_000 }),
    );
  } catch (error) {
    say('failed', `VS Code could not be downloaded: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function openDesktop({ env, offline, abort }: EditorRequest): Promise<boolean> {
  if (!hasScreen(env)) {
    say('skip', 'the desktop VS Code: there is no screen ($DISPLAY and $WAYLAND_DISPLAY are not set)');
    return false;
  }
  const program = await desktopProgram(offline);
  if (program === null) return false;
  const profile = ['--user-data-dir', join(cacheRoot(), 'vscode-profile'), '--skip-welcome', '--wait'];
  // Electron's sandbox refuses root.
  if (process.getuid?.() === 0) profile.push('--no-sandbox');
  say('open', `${program} with the extension and sample/; close its window to end`);
  return runDesktop(
    program,
    [...profile, '--new-window', `--extensionDevelopmentPath=${root}`, sample],
    env,
    abort.signal,
  );
}

/** VS Code's server with its workbench in the person's own browser, until Ctrl+C. */
async function openBrowser({ env, offline, abort }: EditorRequest): Promise<void> {
  if (offline && !vsCodeIsThere('newest'))
    throw new Error('No VS Code is there, and --offline fetches nothing. Run npm start once without --offline.');
  const { service, url, host } = await withProgress("VS Code's server", () =>
    startVsCode({ env, settings: { 'workbench.startupEditor': 'readme', 'chat.disableAIFeatures': true } }),
  );
  const payload = JSON.stringify([['extensionDevelopmentPath', `vscode-remote://${host}${root}`]]);
  const address = `${url}?folder=${encodeURIComponent(sample)}&payload=${encodeURIComponent(payload)}`;
  console.log(`\nVS Code with Waybill is at\n\n  ${address}\n\nIt stays until Ctrl+C.`);
  try {
    while (!abort.signal.aborted) await delay(86_400_000, undefined, { signal: abort.signal }).catch(() => undefined);
  } finally {
    await service.stop();
  }
}

/** Opens the best VS Code that can be had; answers the exit code. */
export async function openEditor(request: EditorRequest): Promise<number> {
  console.log(`Audit the sample image with "Waybill: Audit Image…": oci-dir:${request.image}`);
  if (await openDesktop(request)) return 0;
  await openBrowser(request);
  return 0;
}
