// SPDX-License-Identifier: Apache-2.0
// The hands and eyes of a person for suites in the extension host: keys, clicks and what stands on the screen. A suite
// asks through a file in a folder, as it has no page; the answer is a file beside it.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { Ask } from './host/runner.ts';

/** What our page forbids is told by the browser itself, from within the frame. */
const LISTEN = () => {
  const listen = (): void =>
    addEventListener('securitypolicyviolation', (event) => {
      if (!event.originalPolicy.includes('trusted-types lit-html')) return;
      const report = (globalThis as { waybillViolation?: (text: string) => void }).waybillViolation;
      report?.(`${event.effectiveDirective}: ${event.blockedURI}`);
    });
  listen();
  // A webview's page is written into its frame, and opening a document for writing takes every listener away.
  const { open } = Document.prototype;
  Document.prototype.open = function reopen(this: Document, ...args: Parameters<typeof open>) {
    const opened = open.apply(this, args);
    listen();
    return opened;
  } as typeof open;
};

const STEP_MS = 5_000;

/** The frame that holds our page, of the panel in front. */
async function panelFrame(page: Page): Promise<Frame> {
  const end = Date.now() + STEP_MS;
  for (;;) {
    for (const frame of page.frames()) {
      const shown = frame.locator('waybill-panel');
      if ((await shown.count().catch(() => 0)) > 0 && (await shown.isVisible().catch(() => false))) return frame;
    }
    if (Date.now() > end) throw new Error('There is no page of Waybill on the screen.');
    await page.waitForTimeout(100);
  }
}

/** Serves what the suites ask of the page, until stopped. */
export async function serveDriver(page: Page, folder: string): Promise<() => void> {
  const violations: string[] = [];
  await page.exposeFunction('waybillViolation', (text: string) => void violations.push(text));
  await page.addInitScript(LISTEN);
  const answer = async (ask: Ask): Promise<unknown> => {
    const place = ask.panel === true ? await panelFrame(page) : page;
    const found = place.locator(ask.on ?? 'body');
    switch (ask.action) {
      case 'press':
        return page.keyboard.press(ask.text ?? '');
      case 'type':
        return page.keyboard.insertText(ask.text ?? '');
      case 'click':
        return found.first().click({ timeout: STEP_MS });
      case 'hover':
        return found.first().hover({ timeout: STEP_MS });
      case 'doubleClick':
        return found.first().dblclick({ timeout: STEP_MS, delay: 20 });
      case 'read':
        return found.evaluateAll((all) =>
          all
            .filter((each) => each.checkVisibility())
            .map((each) => each.getAttribute('aria-label') ?? each.textContent.replace(/\s+/g, ' ').trim()),
        );
      case 'aria':
        return found.first().ariaSnapshot({ timeout: STEP_MS });
      case 'resize': {
        const [width = 0, height = 0] = (ask.text ?? '').split('x').map(Number);
        return page.setViewportSize({ width, height });
      }
      case 'outside':
        return (await panelFrame(page)).locator('waybill-panel *').evaluateAll((all) =>
          all
            .filter((each) => {
              const { left, right, width } = each.getBoundingClientRect();
              const { clientWidth } = document.documentElement;
              // What only a screen reader gets stands where nobody sees it.
              return width > 0 && (right > clientWidth + 0.5 || left < -0.5) && each.closest('.heard') === null;
            })
            .map(({ tagName, className }) => `${tagName}.${String(className)}`),
        );
      case 'violations':
        return violations.splice(0);
      case 'violate':
        // What the policy is for: an address that someone else chose.
        return (await panelFrame(page)).evaluate(() => {
          new Image().src = 'https://waybill.invalid/x.png';
        });
    }
  };
  let busy = false;
  const timer = setInterval(() => {
    const name = busy || !existsSync(folder) ? undefined : readdirSync(folder).find((each) => each.endsWith('.ask'));
    if (name === undefined) return;
    busy = true;
    const path = join(folder, name);
    const ask = JSON.parse(readFileSync(path, 'utf8')) as Ask;
    rmSync(path);
    const put = (result: object): void => {
      const target = path.replace(/ask$/, 'answer');
      writeFileSync(`${target}.part`, JSON.stringify(result));
      renameSync(`${target}.part`, target);
      busy = false;
    };
    answer(ask).then(
      (value) => put({ value: value ?? null }),
      (error: unknown) => put({ error: error instanceof Error ? error.message : String(error) }),
    );
  }, 50);
  return () => clearInterval(timer);
}
