// SPDX-License-Identifier: Apache-2.0
// The two tabs without a mouse, and as a screen reader gets them.
import assert from 'node:assert/strict';
import { chooseStatement, click, openTab, press, WORKFLOW } from './evidence-support.ts';
import { aria, read, readUntil } from './runner.ts';
import { until } from './support.ts';

/** What has the focus in the page, by its label or text. */
const focused = async (): Promise<string> => (await read(':focus', true)).at(-1) ?? '';
const focusBecomes = (like: RegExp): Promise<string> =>
  until(`the focus on ${String(like)}`, async () => {
    const now = await focused();
    return like.test(now) ? now : null;
  });

export function keysSuite(): void {
  describe('evidence by the keyboard', () => {
    it('tabs by arrows, rows by arrows, Enter into the detail, Escape back', async () => {
      await openTab('signatures');
      await chooseStatement('CycloneDX 1.6 SBOM');
      await click('#tab-overview');
      await press('End');
      await focusBecomes(/^Signatures/);
      await press('Enter');
      await readUntil('#tab-signatures[aria-selected="true"]', /./, true);
      // The row that was open before is open again.
      await readUntil('.verdict h2', /CycloneDX 1\.6 SBOM: not verified/, true);
      await press('Tab');
      await focusBecomes(/^CycloneDX/);
      await press('Home');
      await focusBecomes(/^Image signature/);
      await readUntil('.verdict h2', /^Image signature: verified$/, true);
      await press('ArrowDown');
      await press('Enter');
      await until('the focus in the detail', async () => (await read('.evidence-page:focus', true)).length === 1);
      await press('Tab');
      assert.equal((await read('.evidence-page :focus', true)).length, 1, 'the next stop is inside the detail');
      await press('Escape');
      await focusBecomes(/^Image signature/);
      await press('Shift+Tab');
      await focusBecomes(/^Signatures/);
      await press('ArrowLeft');
      await press('Enter');
      await readUntil('.chain', /Source/, true);
      await press('Tab');
      await focusBecomes(/northwind\/payments-api/);
    });

    it('reads its answers by state and question', async () => {
      await openTab('overview');
      const tree = await aria('waybill-panel', true);
      for (const line of [
        'region "Look here. Who signed it?"',
        'region "Answered. Where did it come from?"',
        'heading "Who signed it?" [level=2]',
        'tab "Signatures look here"',
        'button "Provenance"',
      ])
        assert.ok(matches(tree, line), line);
    });

    it('reads statements, verdict, checks and commands by their names', async () => {
      await openTab('signatures');
      await chooseStatement('CycloneDX 1.6 SBOM');
      const tree = await aria('waybill-panel', true);
      for (const line of [
        'tab "Signatures look here" [selected]',
        'listbox "What was found"',
        `option "Image signature verified, ${WORKFLOW}"`,
        'option "CycloneDX 1.6 SBOM not verified: names another image"',
        'heading "Where Waybill looked" [level=2]',
        'heading /Checks/ [level=3]',
        'button "Copy the cosign command"',
      ])
        assert.ok(matches(tree, line), line);
    });

    it('reads the way from source to image, and the level as a sentence', async () => {
      await openTab('provenance');
      await readUntil('.chain', /./, true);
      const tree = await aria('waybill-panel', true);
      for (const line of [
        'img "L1 exists: reached, L2 signed, hosted: reached, L3 isolated: not reached"',
        'link "northwind/payments-api"',
        'table',
        'columnheader "Digest"',
        'button "Copy the gh command"',
      ])
        assert.ok(matches(tree, line), line);
    });
  });
}

/** `/…/` stands for a name that only has to hold that. */
function matches(tree: string, line: string): boolean {
  const [, role, part, rest] = /^(\w+) \/(.*)\/(.*)$/.exec(line) ?? [];
  if (role === undefined) return tree.includes(line);
  return tree
    .split('\n')
    .some((each) => each.includes(`${role} "`) && each.includes(part ?? '') && each.includes((rest ?? '').trim()));
}
