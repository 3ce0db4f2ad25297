// SPDX-License-Identifier: Apache-2.0
// Signatures and Provenance in the real page.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { AuditReport } from '../../src/core/evidence/report.ts';
import { RAW_PARTS } from '../../src/core/model/raw-part.ts';
import { exampleEvidence } from '../support/evidence-examples.ts';
import * as from from '../unit/attestations/statements.ts';
import { paymentsReport } from './fixtures.ts';
import { Harness, type OpenOptions, type OpenPage } from './harness.ts';

const SIGNER = `signer: '${from.WORKFLOW}'`;
const FOUND = `items:
  - {what: signature, ${SIGNER}}
  - {what: provenance, ${SIGNER}}
  - {what: spdx, ${SIGNER}}
  - {what: cyclonedx, about: another, verdict: invalid, code: subject-mismatch, reason: 'It is about another digest. (it names sha256:bbbb)'}
  - {what: signature, verdict: unsupported, code: key-type-unsupported, reason: 'Its key is of a type that cannot be checked here; P-256 and RSA can.'}
`;
const POLICY = `trust:
  - images: ghcr.io/northwind/**
    signers:
      - {issuer: https://token.actions.githubusercontent.com, identity: '${from.WORKFLOW}'}
`;
const HOSTILE = `<img src=x onerror="document.title='owned'">\u202E`;

async function withEvidence(text: string, policy?: string): Promise<AuditReport> {
  const { evidence } = await exampleEvidence(text, policy);
  return { ...paymentsReport(), evidence };
}

/** As an audit keeps it: what was signed has all parts, the rest what it is. */
function withDocuments(report: AuditReport): AuditReport {
  const { evidence } = report;
  assert.ok(evidence !== null);
  const items = evidence.items.map((item) => ({
    ...item,
    documents: item.verdict === 'unsigned' ? ['statement' as const] : [...RAW_PARTS],
  }));
  return { ...report, evidence: { ...evidence, items } };
}

const SHOTS = process.env['WAYBILL_SHOTS'];

describe('evidence in the page', function () {
  this.timeout(60_000);
  let harness: Harness;
  let open: OpenPage;
  before(async () => {
    harness = await Harness.start();
  });
  after(() => harness.stop());
  afterEach(async () => {
    await open.assertClean();
    await open.close();
  });

  const show = async (report: AuditReport, options: OpenOptions = {}) => {
    open = await harness.open((session) => void session.show(report), options);
    return open.page;
  };
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await open.page.screenshot({ path: join(SHOTS, `evidence-${name}.png`) });
  };

  it('answers on the Overview and marks the tab that deserves a look', async () => {
    const page = await show(await withEvidence(FOUND, POLICY));
    const signed = page.locator('[data-answer="signature"]');
    assert.match((await signed.textContent()) ?? '', /Signed by release\.yml@refs\/tags\/v4\.7\.1/);
    assert.equal(await signed.getAttribute('data-state'), 'attention');
    assert.equal(await page.locator('#tab-signatures .codicon-warning').count(), 1);
    assert.equal(await page.getByRole('tab', { name: 'Signatures look here', exact: true }).count(), 1);
    await shot('overview');
    await page.locator('[data-answer="origin"]').getByRole('button', { name: 'Provenance' }).click();
    await page.locator('.chain').waitFor();
    assert.equal(await page.locator('#tab-provenance').getAttribute('aria-selected'), 'true');
  });

  it('lists what was found and where it looked, and opens what does not hold first', async () => {
    const page = await show(await withEvidence(FOUND, POLICY));
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    assert.match((await page.locator('.verdict h2').textContent()) ?? '', /CycloneDX.*not verified/);
    assert.equal(await page.getByRole('option').count(), 5);
    assert.ok((await page.locator('.looked li').count()) >= 1);
    await shot('signatures');
    await page.getByRole('option').first().click();
    await page.locator('.verdict h2', { hasText: 'Image signature' }).waitFor();
    assert.ok((await page.locator('.steps li').count()) > 0);
  });

  it('moves through the statements with the arrows, and copies one as JSON', async () => {
    const page = await show(await withEvidence(FOUND, POLICY));
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    await page.locator('[role="option"][aria-selected="true"]').focus();
    await page.keyboard.press('Home');
    await page.locator('.verdict h2', { hasText: 'Image signature' }).waitFor();
    await page.keyboard.press('ArrowDown');
    // The states of these two are words of the report, too.
    const state = await page.getByRole('option').nth(1).getAttribute('data-state');
    await page.locator('.verdict h2', { hasText: `Image signature: ${state}` }).waitFor();
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await page.waitForFunction(() => document.querySelector('.heard')?.textContent === 'Copied.');
    const [copied] = open.effects;
    assert.ok(copied?.type === 'copy');
    assert.equal((JSON.parse(copied.text) as { verdict: string }).verdict, state);
  });

  it('goes from a row into what it opened with Enter, and back with Escape', async () => {
    const page = await show(await withEvidence(FOUND, POLICY));
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    const focus = () => page.evaluate(() => document.activeElement?.className ?? '');
    await page.getByRole('option').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.verdict h2', { hasText: 'Image signature' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.className === 'evidence-page');
    await page.keyboard.press('Tab');
    assert.notEqual(await focus(), 'evidence-page');
    await page.keyboard.press('Escape');
    assert.equal(await focus(), 'found-row');
    assert.equal(await page.locator(':focus').getAttribute('data-row'), '0');
  });

  it('has the chosen row open again when the page comes back', async () => {
    const report = await withEvidence(FOUND, POLICY);
    const first = await show(report);
    await first.getByRole('tab', { name: /Signatures/ }).click();
    await first.getByRole('option').nth(3).click();
    await first.locator('.verdict h2', { hasText: 'SPDX' }).waitFor();
    await first.getByRole('tab', { name: /Overview/ }).click();
    await first.getByRole('tab', { name: /Signatures/ }).click();
    await first.locator('.verdict h2', { hasText: 'SPDX' }).waitFor();
    const state = await open.state();
    await open.close();
    const page = await show(report, { state });
    await page.locator('.verdict h2', { hasText: 'SPDX' }).waitFor();
    assert.equal(await page.getByRole('option').nth(3).getAttribute('aria-selected'), 'true');
  });

  it('puts the detail under the rows of a narrow panel, and brings it there where it is seen', async () => {
    const page = await show(await withEvidence(FOUND, POLICY), { width: 400, height: 560 });
    await page.getByRole('button', { name: 'More views' }).click();
    await page.getByRole('menuitem', { name: 'Signatures' }).click();
    await page.locator('.verdict h2').waitFor();
    const top = async (selector: string): Promise<number> =>
      (await page.locator(selector).first().boundingBox())?.y ?? 0;
    const order = [await top('.found'), await top('.verdict'), await top('.looked')];
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
    await page.getByRole('option').first().click();
    await page.locator('.verdict h2', { hasText: 'Image signature' }).waitFor();
    await page.waitForFunction(() => (document.querySelector('.verdict')?.getBoundingClientRect().top ?? 999) < 400);
  });

  it('opens of a statement what there is of it, by mouse and by keyboard', async () => {
    const page = await show(withDocuments(await withEvidence(FOUND, POLICY)));
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    const links = page.locator('.raw-links button');
    await page.getByRole('option').first().click();
    await page.locator('.verdict h2', { hasText: 'Image signature' }).waitFor();
    assert.deepEqual(await links.allTextContents().then((all) => all.map((each) => each.trim())), [
      'Open bundle',
      'Open statement',
      'Open certificate',
      'Copy as JSON',
    ]);
    await page.getByRole('button', { name: 'Open statement' }).click();
    // One tab stop for the detail; from there the arrows.
    await page.getByRole('option').first().focus();
    await page.keyboard.press('Tab');
    while (!((await page.locator(':focus').textContent()) ?? '').includes('Open certificate')) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.waitForTimeout(50);
    const row = await page.getByRole('option').first().getAttribute('data-row');
    assert.deepEqual(
      open.effects.map((effect) => (effect.type === 'document' ? [effect.item, effect.part] : effect)),
      [
        [Number(row), 'statement'],
        [Number(row), 'certificate'],
      ],
    );
  });

  it('opens the row that the tree asks for, and asks the host for its detail alone', async () => {
    const page = await show(withDocuments(await withEvidence(FOUND, POLICY)));
    const asked = await page.evaluateHandle(() => {
      const types: string[] = [];
      const { toHost } = window as unknown as { toHost: (message: { type: string }) => void };
      Object.assign(window, { toHost: (message: { type: string }) => (types.push(message.type), toHost(message)) });
      return types;
    });
    await open.post(open.session.reveal('signatures', '2'));
    await page.locator('[data-row="2"][aria-selected="true"]').waitFor();
    await page.locator('.verdict h2').waitFor();
    const title = (await page.locator('[data-row="2"] .cut').textContent()) ?? '-';
    await page.locator('.verdict h2', { hasText: title }).waitFor();
    await page.locator('[data-row="1"]').click();
    await page.locator('[data-row="1"][aria-selected="true"]').waitFor();
    await page.waitForTimeout(50);
    const types = await asked.jsonValue();
    assert.equal(types.filter((type) => type === 'evidence').length, 1);
    assert.ok(types.filter((type) => type === 'evidenceItem').length >= 2);
  });

  it('opens the statement of the provenance, and leaves no column empty where nobody signed', async () => {
    const bare = `items:\n  - {what: provenance, verdict: unsigned}\n`;
    const page = await show(withDocuments(await withEvidence(bare)));
    await page.getByRole('tab', { name: /Provenance/ }).click();
    await page.locator('.chain').waitFor();
    for (const part of await page.locator('.chain-part').all()) assert.ok((await part.locator('li').count()) > 0);
    await page.getByRole('button', { name: 'Open statement' }).click();
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    assert.deepEqual(
      await page.locator('.pair > div').evaluateAll((columns) => columns.map(({ children }) => children.length > 0)),
      [true, true],
    );
    assert.deepEqual(
      open.effects.map(({ type }) => type),
      ['document'],
    );
  });

  it('shows the way from source to image, the level by its steps, and opens only its own addresses', async () => {
    const page = await show(await withEvidence(FOUND, POLICY));
    await page.getByRole('tab', { name: /Provenance/ }).click();
    await page.locator('.chain').waitFor();
    assert.equal(await page.locator('.chain-part').count(), 4);
    assert.match((await page.locator('.levels').getAttribute('aria-label')) ?? '', /L1 exists: reached/);
    await shot('provenance');
    await page.locator('.node button').first().click();
    await page.waitForTimeout(50);
    assert.deepEqual(
      open.effects.map(({ type }) => type),
      ['open'],
    );
  });

  it('says why where nothing was looked for', async () => {
    const report = paymentsReport();
    const reason = 'The audit is offline, and signatures are in the registry.';
    const page = await show({
      ...report,
      evidence: null,
      stages: { ...report.stages, evidence: { state: 'skipped', reason, code: null, durationMs: null } },
    });
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.getByText('Signatures and provenance were not looked for: The audit is offline').waitFor();
    assert.equal(await page.locator('[data-answer]').count(), 0);
  });

  it('makes no markup of what strangers wrote', async () => {
    const report = await withEvidence(FOUND, POLICY);
    const evidence = report.evidence;
    assert.ok(evidence !== null && evidence !== undefined);
    const [first, ...rest] = evidence.items;
    assert.ok(first !== undefined);
    const page = await show({
      ...report,
      evidence: { ...evidence, items: [{ ...first, label: HOSTILE, reason: HOSTILE, verdict: 'invalid' }, ...rest] },
    });
    await page.getByRole('tab', { name: /Signatures/ }).click();
    await page.locator('.verdict h2').waitFor();
    assert.equal(await page.locator('waybill-panel img').count(), 0);
    assert.ok(!((await page.locator('.verdict').textContent()) ?? '').includes('\u202E'));
    assert.notEqual(await page.title(), 'owned');
  });

  for (const [theme, width] of [
    ['light', 1000],
    ['hcDark', 1400],
    ['dark', 400],
    ['dark', 700],
  ] as const) {
    it(`fits ${width} px, ${theme}`, async () => {
      const page = await show(await withEvidence(FOUND, POLICY), { theme, width, height: 900 });
      for (const name of ['Signatures', 'Provenance']) {
        const tab = page.getByRole('tab', { name: new RegExp(name) });
        if ((await tab.count()) === 0) {
          await page.getByRole('button', { name: 'More views' }).click();
          await page.getByRole('menuitem', { name }).click();
        } else await tab.click();
        await page.locator(name === 'Signatures' ? '.verdict h2' : '.chain').waitFor();
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('waybill-panel *')]
            .filter((each) => {
              const { left, right, width: own } = each.getBoundingClientRect();
              const out = right > document.documentElement.clientWidth + 0.5 || left < -0.5;
              return own > 0 && out && each.closest('.heard') === null;
            })
            .map(({ tagName, className }) => `${tagName}.${className}`),
        );
        assert.deepEqual(wide, []);
        await shot(`${name.toLowerCase()}-${theme}-${width}`);
      }
    });
  }
});
