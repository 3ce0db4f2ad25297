// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { PanelState } from '../../src/core/protocol/panel.ts';
import { BIDI_NAME, HOSTILE_NAME, hostileReport, paymentsReport } from './fixtures.ts';
import { Harness, type OpenOptions, type OpenPage } from './harness.ts';
import { THEMES, type ThemeName } from './themes.ts';

const KEY = 'sha256:11aa41d7a5e04bb1c7f1f0c3d9b8a7e65d4c3b2a190807060504030201ff00ee';

describe('the page', function () {
  this.timeout(90_000);
  let harness: Harness;
  let open: OpenPage;
  let page: Page;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  afterEach(() => open.close());

  async function show(report = paymentsReport(), options: OpenOptions = {}): Promise<void> {
    open = await harness.open((session) => void session.show(report), options);
    ({ page } = open);
  }

  it('shows the Overview: answers with their state in words, bars with theirs', async () => {
    await show();
    assert.equal(await page.getByRole('region', { name: 'Act here. What is known against it?' }).count(), 1);
    assert.equal(await page.getByRole('region', { name: 'Not checked yet. Who signed it?' }).count(), 1);
    assert.deepEqual(await page.getByRole('heading', { level: 2 }).allTextContents(), [
      'What is in it?',
      'What is known against it?',
      'Where did it come from?',
      'Who signed it?',
      'Is its cryptography validated?',
      'Does the scan match the build-time SBOM?',
      'What is due when?',
    ]);
    const bars = await page.getByRole('img').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    assert.equal(bars[0], 'Components by type: 78 Go modules, 63 Python, 41 Debian, 5 binaries');
    assert.match(bars[1] ?? '', /^Known vulnerabilities by severity: 2 Critical, 2 of 2 have a fix; 8 High/);
    // The parts are as long as their counts say.
    const widths = await page
      .locator('.bar')
      .first()
      .locator('i')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width));
    assert.ok(Math.abs((widths[0] ?? 0) / (widths[2] ?? 1) - 78 / 41) < 0.02, String(widths));
    assert.deepEqual(
      await page
        .locator('.legend')
        .nth(1)
        .locator('li')
        .allTextContents()
        .then((all) => all.map((each) => each.trim())),
      ['2 Critical', '8 High', '8 Medium', '3 Low', '6 Negligible'],
    );
    await page.getByRole('button', { name: 'Vulnerabilities', exact: true }).click();
    await page.getByRole('grid', { name: 'Vulnerabilities' }).waitFor();
    await open.assertClean();
  });

  it('asks the host for what only it can do', async () => {
    await show();
    await page.getByRole('button', { name: 'Re-audit' }).click();
    await page.getByRole('button', { name: 'Save SBOM…' }).click();
    await page.getByRole('button', { name: 'Open report as JSON' }).click();
    await page.getByRole('button', { name: 'Show log' }).click();
    await page.getByRole('button', { name: 'Copy digest' }).click();
    await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === 'Copied.');
    assert.deepEqual(open.effects, [
      { type: 'action', action: 'audit' },
      { type: 'action', action: 'saveSbom' },
      { type: 'action', action: 'openReport' },
      { type: 'action', action: 'showLog' },
      { type: 'copy', text: paymentsReport().image.manifestDigest },
    ]);
    await open.assertClean();
  });

  it('shows a running audit, fills in what ended, and offers to cancel', async () => {
    open = await harness.open((session) => void session.start());
    ({ page } = open);
    assert.equal(await page.getByRole('progressbar', { name: 'Audit running' }).count(), 1);
    await page.getByText('Waits for the image.').first().waitFor();
    const post = async (...event: Parameters<OpenPage['session']['stage']>) => open.post(open.session.stage(...event));
    await post({ stage: 'resolve', state: 'ok', message: null, code: null });
    await post({ stage: 'sbom', state: 'running', message: 'Cataloguing packages', code: null });
    await page.getByRole('region', { name: 'Running. What is in it?' }).locator('vscode-progress-ring').waitFor();
    await post({
      stage: 'sbom',
      state: 'ok',
      message: null,
      code: null,
      soFar: { ...paymentsReport(), vulnerabilities: [] },
    });
    await post({ stage: 'matching', state: 'running', message: 'Matching 187 components', code: null });
    await page.getByText('187 components in 12 layers').waitFor();
    await page.getByText('Matching 187 components.').waitFor();
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.getByText('Vulnerabilities were not matched yet.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await open.post(open.session.show(paymentsReport()));
    await page.getByRole('row', { name: /CVE-2023-44487/ }).waitFor();
    assert.equal(await page.getByRole('progressbar').count(), 0);
    assert.deepEqual(open.effects, [{ type: 'action', action: 'cancel' }]);
    await open.assertClean();
  });

  it('changes only the row of a failed stage', async () => {
    const report = paymentsReport();
    const failed = {
      state: 'failed' as const,
      reason: 'Grype stopped with exit code 1: no space left on device. Free space, then try again.',
      code: 'disk-full',
      durationMs: 1,
    };
    await show({ ...report, vulnerabilities: [], stages: { ...report.stages, matching: failed } });
    const row = page.getByRole('region', { name: 'Could not check. What is known against it?' });
    assert.match(
      (await row.textContent()) ?? '',
      /Could not check: Grype stopped with exit code 1: no space left on device\.\s*Free space, then try again\.\s*Try again\s*Log/,
    );
    assert.match(
      (await page.getByRole('region', { name: 'Answered. What is in it?' }).textContent()) ?? '',
      /187 components/,
    );
    await row.getByRole('button', { name: 'Log' }).click();
    await row.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.getByText('Vulnerabilities were not matched: Grype stopped').waitFor();
    assert.deepEqual(
      open.effects.map((effect) => (effect.type === 'action' ? effect.action : '')),
      ['showLog', 'audit'],
    );
    await open.assertClean();
  });

  it('drops messages that do not parse, says so in the console, and goes on', async () => {
    await show();
    const before = await page.locator('.body').innerHTML();
    await open.post([
      null,
      'state',
      { v: 1, type: 'state' },
      { v: 2, type: 'announce', text: 'from the future' },
      { v: 1, type: 'rowsPage', id: 99, revision: 0, matching: 0, total: 0, from: 0, rows: [], facets: [] },
      { v: 1, type: 'reveal', tab: 'secrets', row: null, only: null },
      { v: 1, type: 'announce', text: 5 },
    ]);
    await page.waitForTimeout(100);
    assert.equal(open.console.filter((line) => line.startsWith('warning: Waybill:')).length, 7);
    assert.equal(await page.locator('.body').innerHTML(), before);
    await page.getByRole('tab', { name: /Packages/ }).click();
    await page.getByRole('row', { name: /golang.org\/x\/net/ }).waitFor();
  });

  it('shows hostile text as text', async () => {
    await show(hostileReport());
    await page.getByRole('tab', { name: /Packages/ }).click();
    await page.getByRole('row').filter({ hasText: '<img src=x onerror' }).first().waitFor();
    const all = async () => (await page.locator('waybill-panel').textContent()) ?? '';
    assert.ok((await all()).includes(HOSTILE_NAME));
    assert.ok((await all()).includes('evil[U+202E]gnp.exe[U+2066]x[U+0007]'));
    assert.ok(!(await all()).includes(BIDI_NAME));
    for (const row of await page.locator('.row:visible').all()) {
      await row.click();
      await page.locator('.detail h2').waitFor();
      assert.ok((await row.boundingBox())?.height === 22);
    }
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.locator('.row:visible').first().click();
    await page.getByRole('heading', { name: /CVE-2026-0<script>/ }).waitFor();
    // A name of 20,000 letters bends nothing.
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0);
    assert.equal(await page.evaluate(() => 'hacked' in window), false);
    assert.equal(await page.locator('img, script:not([nonce]), a[href]').count(), 0);
    const inline = await page.evaluate(
      () =>
        [...document.querySelectorAll('waybill-panel *')].filter((each) =>
          [...each.attributes].some(({ name }) => name.startsWith('on')),
        ).length,
    );
    assert.equal(inline, 0);
    await open.assertClean();
  });

  it('keeps tab, query, row and widths, and comes back to them', async () => {
    await show();
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.getByRole('checkbox', { name: /^Negligible/ }).click();
    await page.locator('vscode-badge').filter({ hasText: '21 of 27' }).waitFor();
    await page.locator('vscode-textfield input').fill('go');
    await page.locator('vscode-badge').filter({ hasText: '11 of 27' }).waitFor();
    await page.getByRole('row', { name: /CVE-2023-45288/ }).click();
    await page.getByRole('heading', { name: /CVE-2023-45288/ }).waitFor();
    await page.locator('.detail').press('Alt+ArrowLeft');
    await page.waitForFunction(() => document.querySelector('.detail-pane')?.getBoundingClientRect().width === 388);
    const kept = await open.state();
    assert.deepEqual(
      [kept.key, kept.tab, kept.reference],
      [KEY, 'vulnerabilities', 'registry:ghcr.io/northwind/payments-api:4.7.1'],
    );
    await open.close();

    open = await harness.open((session) => void session.show(paymentsReport()), { state: kept });
    ({ page } = open);
    await page.getByRole('heading', { name: /CVE-2023-45288/ }).waitFor();
    assert.equal(await page.locator('vscode-badge').textContent(), '11 of 27');
    assert.equal(await page.locator('vscode-textfield input').inputValue(), 'go');
    assert.match((await page.locator('.row[aria-selected=true]').textContent()) ?? '', /CVE-2023-45288/);
    assert.equal((await page.locator('.detail-pane').boundingBox())?.width, 388);
    await open.assertClean();
  });

  it('starts afresh where the kept state cannot be read', async () => {
    open = await harness.open((session) => void session.show(paymentsReport()), {
      state: { v: 7, tab: 'secrets' } as unknown as PanelState,
    });
    assert.equal(await open.page.getByRole('tab', { name: 'Overview' }).getAttribute('aria-selected'), 'true');
    await open.assertClean();
  });

  it('speaks in one polite region, at most once a second', async () => {
    await show();
    await page.evaluate(() => {
      const heard: [number, string][] = [];
      Object.assign(window, { heard });
      const region = document.querySelector('[role=status]');
      if (region !== null)
        new MutationObserver(() => heard.push([performance.now(), region.textContent ?? ''])).observe(region, {
          childList: true,
          characterData: true,
          subtree: true,
        });
    });
    for (let step = 1; step <= 5; step++) await open.post([{ v: 1, type: 'announce', text: `Step ${step}.` }]);
    await page.waitForFunction(() => (window as unknown as { heard: [number, string][] }).heard.length === 2);
    await page.waitForTimeout(1_200);
    const heard = await page.evaluate(() => (window as unknown as { heard: [number, string][] }).heard);
    assert.deepEqual(
      heard.map(([, text]) => text),
      ['Step 1.', 'Step 5.'],
    );
    assert.equal(await page.locator('[aria-live]').count(), 1);
  });

  it('stands still where motion is reduced', async () => {
    open = await harness.open((session) => void session.start(), { reducedMotion: true });
    await open.post(open.session.stage({ stage: 'resolve', state: 'running', message: 'Looking', code: null }));
    await open.page.getByText('Looking.').first().waitFor();
    assert.equal(await open.page.locator('vscode-progress-ring').first().isVisible(), false);
    assert.equal(await open.page.locator('.still').first().isVisible(), true);
    const moving = await open.page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    );
    assert.equal(moving, 0);
    await open.assertClean();
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`is readable in ${THEMES[theme].name}: text 4.5:1, icons 3:1`, async () => {
      await show(paymentsReport(), { theme });
      const overview = await contrasts(page);
      await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
      await page.getByRole('row', { name: /CVE-2023-44487/ }).click();
      await page.locator('.detail h2').waitFor();
      const table = await contrasts(page);
      const low = [...overview, ...table].filter(({ ratio, least }) => ratio < least);
      assert.deepEqual(low, []);
      assert.ok(overview.length + table.length > 100);
      await open.assertClean();
    });
  }
});

interface Contrast {
  readonly text: string;
  readonly ratio: number;
  readonly least: number;
}

/** Contrast of everything that is seen as text or icon, against what lies behind it. */
function contrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(() => {
    type Rgba = [number, number, number, number];
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    const parse = (colour: string): Rgba => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Rgba, bottom: Rgba): Rgba => [
      top[0] * top[3] + bottom[0] * (1 - top[3]),
      top[1] * top[3] + bottom[1] * (1 - top[3]),
      top[2] * top[3] + bottom[2] * (1 - top[3]),
      1,
    ];
    const behind = (element: Element | null): Rgba => {
      if (element === null) return [255, 255, 255, 1];
      const own = parse(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, behind(element.parentElement));
    };
    const luminance = ([r, g, b]: Rgba): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ratio = (element: Element, colour: string): number => {
      const back = behind(element);
      const [a, b] = [luminance(over(parse(colour), back)), luminance(back)].toSorted((x, y) => y - x) as [
        number,
        number,
      ];
      return Math.round(((a + 0.05) / (b + 0.05)) * 100) / 100;
    };
    const found: { text: string; ratio: number; least: number }[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('waybill-panel *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || element.closest('.heard') !== null) continue;
      const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      );
      const isIcon = element.classList.contains('codicon');
      if (own || isIcon) {
        found.push({
          text: isIcon
            ? element.className
            : `${element.tagName.toLowerCase()}.${element.className} ${(element.textContent ?? '').trim().slice(0, 40)}`,
          ratio: ratio(element, getComputedStyle(element).color),
          least: isIcon ? 3 : 4.5,
        });
      }
      if (element.classList.contains('sev')) {
        found.push({
          text: element.className,
          ratio: ratio(element, getComputedStyle(element, '::before').color),
          least: 3,
        });
      }
    }
    return found;
  });
}
