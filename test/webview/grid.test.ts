// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { bigReport, paymentsReport } from './fixtures.ts';
import { Harness, type OpenPage } from './harness.ts';

const COUNT = 50_000;
const MAX_ELEMENTS = 600;
const elements = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelectorAll('waybill-grid, waybill-grid *').length);
/** Rows as they are seen: position, name, text of the first cell. */
const visibleRows = (page: Page): Promise<[number, string][]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('waybill-grid .row')]
      .filter((row) => !row.hidden)
      .map((row): [number, string] => [
        Number(row.getAttribute('aria-rowindex')),
        row.firstElementChild?.textContent ?? '',
      ])
      .toSorted((a, b) => a[0] - b[0]),
  );

describe('the grid', function () {
  this.timeout(90_000);
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

  async function openPackages(report = paymentsReport(), size = { width: 1400, height: 800 }): Promise<void> {
    open = await harness.open((session) => void session.show(report), size);
    ({ page } = open);
    await page.getByRole('tab', { name: /Packages/ }).click();
    await page.locator('waybill-grid .row:not([aria-busy])').first().waitFor();
  }

  it(`shows ${COUNT} packages with at most ${MAX_ELEMENTS} elements, wherever it is scrolled`, async () => {
    await openPackages(bigReport(COUNT));
    const counts = [await elements(page)];
    const grid = page.locator('waybill-grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), String(COUNT + 1));
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.999, 1, 0]) {
      await grid.evaluate(async (element, to) => {
        element.scrollTop = to * element.scrollHeight;
        // The scroll event comes with the next frame.
        for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      }, share);
      await page.waitForFunction(() => document.querySelector('waybill-grid .row[aria-busy]:not([hidden])') === null);
      counts.push(await elements(page));
      const rows = await visibleRows(page);
      // Without gaps, and the right ones: what is seen is where it belongs.
      assert.deepEqual(
        rows.map(([index]) => index),
        rows.map((_, at) => (rows[0]?.[0] ?? 0) + at),
      );
      const top = await grid.evaluate((element) => element.scrollTop);
      assert.ok((rows[0]?.[0] ?? 0) - 2 <= Math.floor(top / 22), `${share}`);
      assert.ok((rows.at(-1)?.[0] ?? 0) - 2 >= Math.min(COUNT - 1, Math.floor((top + 500) / 22)), `${share}`);
      assert.ok(rows.every(([, name]) => name !== ''));
    }
    console.log(`      ${Math.max(...counts)} elements`);
    assert.ok(Math.max(...counts) <= MAX_ELEMENTS, String(counts));
    assert.equal((await visibleRows(page))[0]?.[0], 2);
  });

  it('shows the rows of the host in the order of the host, also far down', async () => {
    await openPackages(bigReport(COUNT));
    await page.getByRole('columnheader', { name: 'Name' }).click();
    await page.getByRole('row', { name: /package-000000/ }).waitFor();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('Control+End');
    await page.getByRole('row', { name: /package-049999/ }).waitFor();
    const rows = await visibleRows(page);
    assert.deepEqual(
      rows.map(([index, name]) => [index - 2, name]),
      rows.map(([index]) => [index - 2, `package-0${index - 2}`]),
    );
    assert.equal((await open.state()).tables.packages?.query.sort[0]?.column, 'name');
  });

  it('keeps the focus and names the active row again when it comes back into view', async () => {
    await openPackages(bigReport(5_000));
    const grid = page.locator('waybill-grid');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    const named = () => grid.getAttribute('aria-activedescendant');
    const before = await named();
    assert.ok(before !== null);
    await grid.evaluate((element) => {
      element.scrollTop = 40_000;
    });
    await page.waitForFunction(
      () => document.querySelector('waybill-grid')?.hasAttribute('aria-activedescendant') === false,
    );
    assert.ok(await grid.evaluate((element) => element === document.activeElement));
    await grid.evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.waitForFunction(
      () => document.querySelector('waybill-grid')?.hasAttribute('aria-activedescendant') === true,
    );
    assert.equal(await named(), before);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(
      () => document.querySelector('waybill-grid .row.active')?.getAttribute('aria-rowindex') === '4',
    );
  });

  it('says what it is: grid, rows, heads, sort, selection', async () => {
    await openPackages();
    const grid = page.getByRole('grid', { name: 'Packages' });
    assert.equal(await grid.getAttribute('aria-rowcount'), '188');
    assert.equal(await grid.getAttribute('aria-multiselectable'), 'true');
    assert.equal(await grid.getAttribute('aria-colcount'), '6');
    assert.deepEqual(
      await page
        .getByRole('columnheader')
        .evaluateAll((heads) => heads.map(({ ariaLabel, ariaSort }) => [ariaLabel, ariaSort])),
      [
        ['Name', null],
        ['Version', null],
        ['Type', null],
        ['Licence', null],
        ['Known', 'descending'],
        ['Found in', null],
      ],
    );
    const second = page.locator('[aria-rowindex="3"]');
    await second.click();
    assert.equal(await second.getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('.row[aria-selected=true]').count(), 1);
    assert.equal(await second.getByRole('gridcell').count(), 6);
    assert.equal(await grid.getAttribute('aria-activedescendant'), await second.getAttribute('id'));
  });

  it('selects with the mouse as lists do: Shift extends, Ctrl toggles', async () => {
    await openPackages();
    const row = (index: number) => page.locator(`[aria-rowindex="${index}"]`);
    const count = () => page.locator('.row[aria-selected=true]').count();
    await row(3).click();
    await row(6).click({ modifiers: ['Shift'] });
    assert.equal(await count(), 4);
    await row(4).click({ modifiers: ['Control'] });
    assert.equal(await count(), 3);
    await row(9).click({ modifiers: ['Control'] });
    assert.equal(await count(), 4);
    await row(2).click();
    assert.equal(await count(), 1);
  });

  it('sizes a column with the mouse', async () => {
    await openPackages();
    const head = page.getByRole('columnheader', { name: 'Licence' });
    const box = await head.boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width - 2, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 58, box.y + 10, { steps: 4 });
    await page.mouse.up();
    const after = await head.boundingBox();
    assert.ok(Math.abs((after?.width ?? 0) - box.width - 59) <= 2, `${after?.width} after ${box.width}`);
    // Sizing is not sorting.
    assert.equal(await head.getAttribute('aria-sort'), null);
  });

  it('filters, counts, and says that nothing matches', async () => {
    await openPackages();
    const field = page.locator('vscode-textfield input');
    await field.fill('python northwind');
    await page.locator('vscode-badge').filter({ hasText: '53 of 187' }).waitFor();
    assert.equal(
      await page.locator('.grid-foot span').first().textContent(),
      '53 of 187 shown, the others are hidden by the filter',
    );
    await field.fill('nothing like this');
    await page.getByText('Nothing matches. 187 are hidden by the filter.').waitFor();
    await page.getByRole('button', { name: 'Clear filter', exact: true }).click();
    await page.locator('vscode-badge').filter({ hasText: /^187$/ }).waitFor();
    assert.equal(await field.inputValue(), '');
  });

  it('filters by facets, whose counts know each other', async () => {
    await openPackages();
    await page.getByRole('button', { name: 'Facets' }).click();
    await page.getByRole('checkbox', { name: /^None, / }).click();
    await page.locator('vscode-badge').filter({ hasText: '13 of 187' }).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: 'Go module, 4' }).count(), 1);
    await page.getByRole('checkbox', { name: /^Go module/ }).click({ modifiers: ['Alt'] });
    await page.locator('vscode-badge').filter({ hasText: '4 of 187' }).waitFor();
    assert.equal(
      await page.locator('.grid-foot span').first().textContent(),
      '4 of 187 shown, 74 none, 4 python, 5 debian hidden by the filter',
    );
    await page.getByRole('button', { name: 'Clear filter (Esc)' }).click();
    await page.locator('vscode-badge').filter({ hasText: /^187$/ }).waitFor();
  });

  it('shows the detail of a row, and goes from it to what belongs to it', async () => {
    await openPackages();
    await page.getByRole('row', { name: /golang.org\/x\/net/ }).click();
    await page.getByRole('heading', { name: 'golang.org/x/net v0.14.0' }).waitFor();
    await page.getByRole('button', { name: 'CVE-2023-45288' }).click();
    await page.getByRole('heading', { name: 'CVE-2023-45288 in golang.org/x/net v0.14.0' }).waitFor();
    assert.equal(await page.getByRole('tab', { name: /Vulnerabilities/ }).getAttribute('aria-selected'), 'true');
    assert.match((await page.locator('.row[aria-selected=true]').textContent()) ?? '', /CVE-2023-45288/);
    await page.getByRole('button', { name: 'Close details' }).click();
    assert.equal(await page.locator('.detail').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'WAYBILL-GRID');
  });

  it('goes to a row that the host names, past a filter that hides it', async () => {
    await openPackages();
    await page.locator('vscode-textfield input').fill('zlib');
    await page.locator('vscode-badge').filter({ hasText: '1 of 187' }).waitFor();
    const wanted = paymentsReport().packages.find(({ name }) => name === 'libpart30');
    await open.post(open.session.reveal('packages', wanted?.id ?? ''));
    await page.locator('.row[aria-selected=true]').filter({ hasText: 'libpart30' }).waitFor();
    await page.getByRole('heading', { name: 'libpart30 1.30-2+deb13u1' }).waitFor();
    await open.post(open.session.reveal('vulnerabilities', null, { facet: 'severity', value: 'critical' }));
    await page.locator('vscode-badge').filter({ hasText: '2 of 27' }).waitFor();
  });

  it('shows new rows when the report changes, and the same row where it is still there', async () => {
    await openPackages();
    await page.getByRole('row', { name: /urllib3/ }).click();
    await page.getByRole('heading', { name: 'urllib3 2.5.0' }).waitFor();
    const report = paymentsReport();
    const packages = report.packages.filter(({ name }) => name !== 'stdlib');
    await open.post(open.session.show({ ...report, packages }));
    await page.locator('vscode-badge').filter({ hasText: /^186$/ }).waitFor();
    await page.locator('.row[aria-selected=true]').filter({ hasText: 'urllib3' }).waitFor();
  });
});
