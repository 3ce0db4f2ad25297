// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { paymentsReport } from './fixtures.ts';
import { Harness, type OpenPage } from './harness.ts';

const SIZES = [
  { width: 400, height: 900 },
  { width: 700, height: 900 },
  { width: 1000, height: 900 },
  { width: 1400, height: 800 },
] as const;

describe('layout by width of the panel', function () {
  this.timeout(60_000);
  let harness: Harness;
  let open: OpenPage;
  let page: Page;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  afterEach(async () => {
    await open.assertClean();
    await open.close();
  });

  const box = async (selector: string) => {
    const found = await page.locator(selector).first().boundingBox();
    assert.ok(found !== null, selector);
    return found;
  };
  const heads = () => page.getByRole('columnheader').evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));

  for (const { width, height } of SIZES) {
    it(`fits ${width} px: nothing sticks out, nothing lies on another`, async () => {
      open = await harness.open((session) => void session.show(paymentsReport()), { width, height });
      ({ page } = open);
      for (const tab of [/Overview/, /Packages/, /Vulnerabilities/]) {
        await page.getByRole('tab', { name: tab }).click();
        if (!tab.test('Overview')) {
          await page.locator('.row:visible').nth(2).click();
          await page.locator('.detail h2').waitFor();
        }
        const wrong = await page.evaluate(() => {
          const found: string[] = [];
          const panel = document.documentElement.clientWidth;
          for (const element of document.querySelectorAll<HTMLElement>('waybill-panel *')) {
            const { left, right, width: wide } = element.getBoundingClientRect();
            if (wide > 0 && (right > panel + 0.5 || left < -0.5) && element.closest('.heard') === null)
              found.push(`${element.tagName}.${element.className}`);
          }
          const boxes = ['.head', '.tabs', '.query', '.facets', '.grid-pane', '.detail-pane'].flatMap((selector) => {
            const rect = document.querySelector(selector)?.getBoundingClientRect();
            return rect === undefined ? [] : [{ selector, rect }];
          });
          for (const [at, a] of boxes.entries()) {
            for (const b of boxes.slice(at + 1)) {
              const x = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
              const y = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
              if (x > 1 && y > 1) found.push(`${a.selector} over ${b.selector}`);
            }
          }
          return found;
        });
        assert.deepEqual(wrong, []);
      }
    });
  }

  async function vulnerabilitiesAt(width: number, height = 900): Promise<void> {
    open = await harness.open((session) => void session.show(paymentsReport()), { width, height });
    ({ page } = open);
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.getByRole('row', { name: /CVE-2023-44487/ }).click();
    await page.locator('.detail h2').waitFor();
  }

  it('puts the detail to the right from 1100 px on, facets to the left', async () => {
    await vulnerabilitiesAt(1_400);
    const [facets, grid, detail] = [await box('.facets'), await box('.grid-pane'), await box('.detail-pane')];
    assert.ok(facets.x + facets.width <= grid.x && grid.x + grid.width <= detail.x);
    assert.equal(detail.width, 368);
    assert.deepEqual(await heads(), ['Severity', 'Id', 'Package', 'Version', 'EPSS', 'KEV', 'CVSS']);
  });

  it('puts it below under 1100 px, 44 % high, in two columns', async () => {
    await vulnerabilitiesAt(1_000);
    const [grid, detail, split] = [await box('.grid-pane'), await box('.detail-pane'), await box('.split')];
    assert.ok(grid.y + grid.height <= detail.y);
    assert.equal(detail.width, 1_000);
    assert.ok(Math.abs(detail.height / split.height - 0.44) < 0.01);
    const [left, right] = await page
      .locator('.detail .columns > div')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().x));
    assert.ok((left ?? 0) < (right ?? 0));
    await page.locator('.facets').waitFor();
  });

  it('puts facets behind the button under 760 px', async () => {
    await vulnerabilitiesAt(700);
    assert.equal(await page.locator('.facets').count(), 0);
    const button = page.getByRole('button', { name: 'Facets' });
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    await button.click();
    const [facets, grid] = [await box('.facets'), await box('.grid-pane')];
    assert.ok(facets.y + facets.height <= grid.y + 1);
    assert.equal(facets.width, 700);
  });

  it('keeps icon, id, package and likelihood under 560 px, the word of the severity for those who listen', async () => {
    await vulnerabilitiesAt(400);
    assert.deepEqual(await heads(), ['Severity', 'Id', 'Package', 'EPSS']);
    const cell = page
      .getByRole('row', { name: /CVE-2023-44487/ })
      .getByRole('gridcell')
      .first();
    assert.equal(await cell.textContent(), 'High');
    assert.ok(((await cell.boundingBox())?.width ?? 99) < 40);
    assert.equal(
      await page
        .locator('.chip:visible dt')
        .allTextContents()
        .then((all) => all.join()),
      'Digest,Platform,Base,Audited',
    );
    assert.match(
      (await page.locator('.chips').innerText()).replaceAll(/\s+/g, ' '),
      /linux\/amd64 ?, 84\.2 MB ?, from registry/,
    );
    assert.equal(await page.getByRole('button', { name: 'Re-audit' }).isVisible(), true);
    const rows = await page.locator('.row:visible').first().boundingBox();
    assert.equal(rows?.height, 22);
  });

  it('drags the border between grid and detail', async () => {
    await vulnerabilitiesAt(1_400);
    const sash = await box('.sash');
    await page.mouse.move(sash.x + 2, sash.y + 100);
    await page.mouse.down();
    await page.mouse.move(sash.x - 98, sash.y + 100, { steps: 3 });
    await page.mouse.up();
    const detail = await box('.detail-pane');
    assert.ok(Math.abs(detail.width - 468) <= 2, String(detail.width));
    assert.equal((await open.state()).detail.width, Math.round(detail.width));
  });

  it('has the heights of the design: rows 22, head 24, tabs 32, fields 26', async () => {
    await vulnerabilitiesAt(1_400);
    assert.equal((await box('.row:not([hidden])')).height, 22);
    assert.equal((await box('.header')).height, 24);
    assert.equal((await box('.tab')).height, 32);
    assert.equal((await box('vscode-textfield')).height, 26);
    assert.equal((await box('.head vscode-button')).height, 26);
    assert.equal((await box('.facet')).height, 22);
    const sizes = await page.evaluate(() => [
      ...new Set(
        [...document.querySelectorAll('waybill-panel *')]
          .filter((each) => !each.classList.contains('codicon'))
          .map((each) => parseFloat(getComputedStyle(each).fontSize)),
      ),
    ]);
    assert.ok(Math.max(...sizes) <= 13, String(sizes));
  });

  it('gives up what stands before the name, not the name', async () => {
    const reference = 'registry:registry.example.com/a-long-namespace/of-a-team/payments-api:4.7.1';
    open = await harness.open((session) => void session.show(paymentsReport()), { width: 400, reference });
    ({ page } = open);
    const [before, name] = [page.locator('h1 .dim'), page.locator('h1 b')];
    const cut = (element: HTMLElement) => element.scrollWidth > element.clientWidth;
    assert.deepEqual([await before.evaluate(cut), await name.evaluate(cut)], [true, false]);
    assert.equal(await page.locator('h1').getAttribute('title'), reference.slice('registry:'.length));
  });
});
