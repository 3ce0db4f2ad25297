// SPDX-License-Identifier: Apache-2.0
// The built page in a real browser, under the policy that VS Code's panel has, with the real host side behind it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { PanelEffect } from '../../src/core/panel/session.ts';
import { PanelSession } from '../../src/core/panel/session.ts';
import type { PanelState } from '../../src/core/protocol/panel.ts';
import { launchChromium } from '../testbed/chromium.ts';
import { NOW } from './fixtures.ts';
import { THEMES, type ThemeName } from './themes.ts';

const dist = process.env['WAYBILL_DIST'] ?? join(import.meta.dirname, '..', '..', 'dist');
const REFERENCE = 'registry:ghcr.io/northwind/payments-api:4.7.1';
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** What VS Code puts into every page before the page's own styles; parts of it get in the way if nobody resets them. */
const VSCODE_STYLES = `
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
  font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
a, a code { color: var(--vscode-textLink-foreground); }
code { font-family: var(--vscode-editor-font-family); color: var(--vscode-textPreformat-foreground);
  background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
`;

/** Stands in for what VS Code runs in the frame before the page: the theme, and the one function that the page gets. */
function prelude(theme: ThemeName, state: PanelState | null): string {
  const { bodyClass, variables } = THEMES[theme];
  const values = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`--vscode-${name}`, value]));
  return `
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
    for (const [name, value] of Object.entries(${JSON.stringify(values)})) document.documentElement.style.setProperty(name, value);
    document.body.className = ${JSON.stringify(bodyClass)};
    let state = ${JSON.stringify(state ?? undefined)};
    let taken = false;
    window.acquireVsCodeApi = () => {
      if (taken) throw new Error('An instance of the VS Code API has already been acquired');
      taken = true;
      return {
        postMessage: (message) => { window.toHost(message); },
        getState: () => state,
        setState: (next) => { state = next; window.lastState = next; return next; },
      };
    };`;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly state?: PanelState | null;
  readonly reducedMotion?: boolean;
  /** As the host was asked for it, with its scheme. */
  readonly reference?: string;
  /** Milliseconds since the epoch, for host and page; the fixtures' by default. */
  readonly now?: number;
}

/** One open page with its host side. */
export interface OpenPage {
  readonly page: Page;
  readonly session: PanelSession;
  readonly effects: PanelEffect[];
  /** Why messages of the page were dropped. */
  readonly rejected: string[];
  /** What the page wrote to its console. */
  readonly console: string[];
  /** Post to the page as the host does. */
  post(messages: readonly unknown[]): Promise<void>;
  state(): Promise<PanelState>;
  /** No violation of the policy, no error, no dropped message. */
  assertClean(): Promise<void>;
  close(): Promise<void>;
}

export class Harness {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #origin: string;
  #document = '';

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
    this.#origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<Harness> {
    assert.ok(existsSync(join(dist, 'panel.js')), `${dist}/panel.js is missing: build first with npm run build`);
    const browser = await launchChromium();
    let harness: Harness | null = null;
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const extension = path.slice(path.lastIndexOf('.'));
      if (path === '/') response.setHeader('content-type', 'text/html').end(harness === null ? '' : harness.#document);
      else if (TYPES[extension] !== undefined && existsSync(join(dist, path.slice(1)))) {
        response.setHeader('content-type', TYPES[extension]).end(readFileSync(join(dist, path.slice(1))));
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    harness = new Harness(browser, server);
    return harness;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Open the page; `prepare` gives the session its report or starts its audit before the page says that it is ready. */
  async open(prepare: (session: PanelSession) => void, options: OpenOptions = {}): Promise<OpenPage> {
    const {
      theme = 'dark',
      width = 1400,
      height = 800,
      state = null,
      reducedMotion = false,
      now = NOW,
      reference = REFERENCE,
    } = options;
    const context: BrowserContext = await this.#browser.newContext({
      viewport: { width, height },
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      deviceScaleFactor: 1,
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(now);
    const session = new PanelSession(reference, { now: () => now });
    prepare(session);
    const effects: PanelEffect[] = [];
    const rejected: string[] = [];
    const lines: string[] = [];
    page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`pageerror: ${error.message}`));
    const post = async (messages: readonly unknown[]): Promise<void> => {
      await page.evaluate((all) => {
        for (const message of all) window.postMessage(message, '*');
      }, messages);
    };
    await page.exposeFunction('toHost', async (raw: unknown) => {
      const outcome = session.receive(raw);
      effects.push(...outcome.effects);
      if (outcome.rejected !== null) rejected.push(outcome.rejected);
      if (!page.isClosed()) await post(outcome.messages).catch(() => undefined);
    });
    this.#document = documentOf(this.#origin, prelude(theme, state));
    await page.goto(this.#origin);
    await page.locator('.head').waitFor();
    return {
      page,
      session,
      effects,
      rejected,
      console: lines,
      post,
      state: () => page.evaluate(() => (window as unknown as { lastState: PanelState }).lastState),
      assertClean: async () => {
        const violations = await page.evaluate(() => (window as unknown as { violations: string[] }).violations);
        assert.deepEqual(violations, []);
        assert.deepEqual(
          lines.filter((line) => /^(?:error|pageerror|warning):/.test(line)),
          [],
        );
        assert.deepEqual(rejected, []);
      },
      close: () => context.close(),
    };
  }
}

function documentOf(origin: string, script: string): string {
  const nonce = randomBytes(16).toString('hex');
  const styleNonce = randomBytes(16).toString('hex');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The nonce is for VS Code's own styles, which it adds past the page's policy.
    `style-src ${origin} 'nonce-${styleNonce}'`,
    `font-src ${origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><style nonce="${styleNonce}">${VSCODE_STYLES}</style>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${origin}/panel.css">
<title>Waybill</title></head><body>
<script nonce="${nonce}">${script.replaceAll('<', '\\u003c')}</script>
<script nonce="${nonce}" src="${origin}/panel.js"></script>
</body></html>`;
}
