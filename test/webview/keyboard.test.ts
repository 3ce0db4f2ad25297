// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { paymentsReport } from './fixtures.ts';
import { Harness, type OpenPage } from './harness.ts';

/** What holds the focus, in a word. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    const regions = ['head', 'tabs', 'query', 'facets', 'detail', 'menu'];
    const region = regions.find((name) => element?.closest(`.${name}`) !== null) ?? '';
    return element === null ? '' : `${region} ${element.tagName.toLowerCase()}`.trim();
  });
const activeText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    return (id === null || id === undefined ? null : document.getElementById(id)?.textContent) ?? '';
  });
const selected = (page: Page): Promise<number> => page.locator('waybill-grid .row[aria-selected=true]:visible').count();

describe('the page by keyboard', function () {
  this.timeout(60_000);
  let harness: Harness;
  let open: OpenPage;
  let page: Page;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  beforeEach(async () => {
    open = await harness.open((session) => void session.show(paymentsReport()));
    ({ page } = open);
  });
  afterEach(async () => {
    await open.assertClean();
    await open.close();
  });

  async function vulnerabilities(): Promise<void> {
    await page.getByRole('tab', { name: /Vulnerabilities/ }).click();
    await page.getByRole('row', { name: /CVE-2024-45337/ }).waitFor();
  }

  it('gives each region one stop: header, tabs, filter, facets, grid, detail', async () => {
    await vulnerabilities();
    await page.getByRole('row', { name: /CVE-2023-44487/ }).click();
    await page.locator('.detail h2').waitFor();
    await page.locator('.head vscode-button').focus();
    const stops = [await focused(page)];
    for (let step = 0; step < 9; step++) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      if (stops.at(-1) !== now) stops.push(now);
      if (now.startsWith('detail')) break;
    }
    assert.deepEqual(stops, [
      'head vscode-button',
      'tabs button',
      'query vscode-textfield',
      'query button',
      'facets button',
      'waybill-grid',
      'detail aside',
    ]);
  });

  it('moves between tabs with arrows, opens with Enter or Space', async () => {
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('tab', { name: /Packages/ }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    assert.equal(await page.getByRole('tab', { name: /Signatures/ }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('tab', { name: 'Overview' }).getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('.tabs [tabindex="0"]').count(), 1);
  });

  it('goes to the filter with Ctrl+F and with a slash; Escape clears, then goes to the grid', async () => {
    await vulnerabilities();
    await page.keyboard.press('Control+f');
    assert.equal(await focused(page), 'query vscode-textfield');
    await page.keyboard.type('urllib3/');
    await page.locator('vscode-badge').filter({ hasText: '0 of 27' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.locator('vscode-badge').filter({ hasText: '2 of 27' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('vscode-badge').filter({ hasText: /^27$/ }).waitFor();
    assert.equal(await focused(page), 'query vscode-textfield');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'waybill-grid');
    await page.keyboard.press('/');
    assert.equal(await focused(page), 'query vscode-textfield');
  });

  it('moves through rows, pages and ends', async () => {
    await vulnerabilities();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('ArrowDown');
    assert.match(await activeText(page), /CVE-2024-24790/);
    await page.keyboard.press('Control+End');
    assert.match(await activeText(page), /Negligible/);
    await page.keyboard.press('Control+Home');
    assert.match(await activeText(page), /CVE-2024-45337/);
    await page.keyboard.press('PageDown');
    assert.match(await activeText(page), /Low|Negligible|Medium/);
    await page.keyboard.press('PageUp');
    assert.match(await activeText(page), /CVE-2024-45337/);
    assert.equal(await selected(page), 1);
  });

  it('moves through cells, and says the cell as the active one', async () => {
    await vulnerabilities();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('ArrowDown');
    // The detail opens beside the grid, which then has fewer columns.
    await page.locator('.detail h2').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await activeText(page), 'CVE-2024-24790');
    await page.keyboard.press('End');
    assert.match(await activeText(page), /^\d\.\d$|Go module/);
    await page.keyboard.press('Home');
    assert.equal(await activeText(page), 'Critical');
  });

  it('selects with Shift, Space and Ctrl+A, and copies', async () => {
    await vulnerabilities();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    assert.equal(await selected(page), 3);
    await page.keyboard.press('Control+c');
    await assertEventually(() => open.effects.length === 1);
    const [copied] = open.effects;
    assert.ok(copied?.type === 'copy');
    assert.deepEqual(
      copied.text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[1]),
      ['Id', 'CVE-2024-24790', 'CVE-2023-44487', 'CVE-2023-45288'],
    );
    await page.keyboard.press('Control+a');
    await page.getByText('27 of 27 shown, 27 selected').waitFor();
    await page.keyboard.press('Control+c');
    await assertEventually(() => open.effects.length === 2);
    const all = open.effects[1];
    assert.ok(all?.type === 'copy');
    assert.equal(all.text.trimEnd().split('\n').length, 28);
    await page.keyboard.press('Control+Space');
    await page.keyboard.press('Space');
    assert.equal(await selected(page), 1);
  });

  it('finds as you type in the sorted column', async () => {
    await page.getByRole('tab', { name: /Packages/ }).click();
    await page.getByRole('columnheader', { name: 'Name' }).click();
    await page.getByRole('row', { name: /^ca-certificates/ }).waitFor();
    await page.locator('waybill-grid').focus();
    await page.keyboard.type('libss');
    await page.waitForFunction(() => {
      const id = document.activeElement?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.textContent?.startsWith('libssl3t64') === true;
    });
    assert.match(await activeText(page), /^libssl3t64/);
  });

  it('opens the detail with Enter and comes back with Escape', async () => {
    await vulnerabilities();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.classList.contains('detail'));
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), 'detail button');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'waybill-grid');
    assert.match(await activeText(page), /CVE-2024-24790/);
  });

  it('sorts from the head: Enter, again for the reverse, Shift for a second key', async () => {
    await vulnerabilities();
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('row').nth(1).filter({ hasText: 'CVE-2010-4756' }).waitFor();
    const idHead = page.getByRole('columnheader', { name: 'Id' });
    assert.equal(await idHead.getAttribute('aria-sort'), 'ascending');
    await page.keyboard.press('Enter');
    await page.locator('[aria-sort=descending]').filter({ hasText: 'Id' }).waitFor();
    await page.getByRole('columnheader', { name: 'Package' }).click();
    await page.getByRole('columnheader', { name: 'EPSS' }).click({ modifiers: ['Shift'] });
    await page.locator('[aria-sort]').nth(1).waitFor();
    assert.deepEqual(
      await page.locator('[aria-sort]').evaluateAll((heads) => heads.map((head) => [head.ariaLabel, head.ariaSort])),
      [
        ['Package', 'ascending'],
        ['EPSS', 'descending'],
      ],
    );
  });

  it('resizes the column of the active cell with Alt and arrows, and keeps it', async () => {
    await vulnerabilities();
    const head = page.getByRole('columnheader', { name: 'Id' });
    const before = (await head.boundingBox())?.width ?? 0;
    await page.locator('waybill-grid').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await page.waitForFunction(
      (width) => (document.querySelectorAll('[role=columnheader]')[1]?.getBoundingClientRect().width ?? 0) > width + 15,
      before,
    );
    assert.equal((await head.boundingBox())?.width, before + 20);
    assert.equal((await open.state()).tables.vulnerabilities?.widths['id'], before + 20);
  });

  it('opens the row menu with Shift+F10: copy id, copy purl, open advisory', async () => {
    await vulnerabilities();
    await page.getByRole('row', { name: /CVE-2023-44487/ }).click();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['Copy id', 'Copy purl', 'Open advisory']);
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'waybill-grid');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('menu').count(), 0);
    assert.equal(await focused(page), 'waybill-grid');
    await assertEventually(() => open.effects.length === 2);
    assert.deepEqual(open.effects, [
      { type: 'copy', text: 'CVE-2023-44487' },
      { type: 'open', url: 'https://nvd.nist.gov/vuln/detail/CVE-2023-44487' },
    ]);
  });

  it('ticks facets with Space, moves between them with arrows', async () => {
    await vulnerabilities();
    await page.locator('.facets button:not([tabindex="-1"])').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.locator('vscode-badge').filter({ hasText: '19 of 27' }).waitFor();
    assert.equal(await page.getByRole('checkbox', { name: /^High/ }).getAttribute('aria-checked'), 'false');
    assert.equal(await focused(page), 'facets button');
    await page.keyboard.press('Alt+Enter');
    await page.locator('vscode-badge').filter({ hasText: '8 of 27' }).waitFor();
  });
});

async function assertEventually(test: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !test(); attempt++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(test());
}
