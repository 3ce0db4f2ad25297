// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { baseHover, type LastAudit } from '../../../src/core/hover/base.ts';
import { parseImageReference, resolvedReference } from '../../../src/core/model/image-reference.ts';

const catalogue = new Catalogue(catalogueData());

function hover(image: string, audit: LastAudit | null = null, resolved?: string): string | null {
  const parsed = parseImageReference(image);
  assert.ok(parsed.ok, image);
  return baseHover({
    reference: parsed.value,
    resolved: resolved ?? resolvedReference(parsed.value),
    catalogue,
    today: '2026-11-25',
    now: Date.parse('2026-11-25T12:00:00Z'),
    audit,
    openReport: 'waybill.openReport',
  });
}

/** As a person reads it: without what only keeps Markdown from reading it otherwise. */
function read(markdown: string | null): string {
  assert.ok(markdown !== null);
  return markdown
    .replaceAll('&#58;', ':')
    .replaceAll('&#64;', '@')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\\([^\w\s])/g, '$1');
}

const audit: LastAudit = { key: 'sha256:ab"c)d', generated: '2026-11-25T11:48:00Z', critical: 2, high: 8 };

describe('the hover on a base', () => {
  it('says what the image is, until when it is supported, and how it runs', () => {
    const text = read(hover('golang:1.21.1'));
    assert.match(text, /^\*\*docker\.io\/library\/golang:1\.21\.1\*\* Docker Official Image\n/);
    assert.match(text, /Go 1\.21 \(ended 2024-08-13\) on Debian\. Runs as `root`\./);
    assert.match(text, /Shell bash and package manager apt: not minimal\./);
    assert.match(text, /\$\(warning\) Go 1\.21 is past end of life\. Supported: 1\.26 and 1\.27\./);
  });

  it('says why an image is minimal', () => {
    assert.match(read(hover('cgr.dev/chainguard/static')), /No shell and no package manager: minimal\./);
    assert.match(read(hover('dhi.io/golang:1-dev')), /Minimal or not is unknown: |Not minimal: /);
    assert.match(
      read(hover('cgr.dev/chainguard/static:latest-dev')),
      /Minimal or not is unknown: its contents are not recorded\./,
    );
  });

  it('gives the three answers in their order, each with its icon', () => {
    const text = read(hover('registry.access.redhat.com/ubi9/ubi-minimal:9.6'));
    const rows = [...text.matchAll(/^\| \*\*(.+?)\*\* \| (\$\([a-z-]+\)) /gm)].map(([, name, icon]) => [name, icon]);
    assert.deepEqual(rows, [
      ['Module present', '$(pass)'],
      ['Certificate active', '$(info)'],
      ['Enforced', '$(info)'],
    ]);
  });

  it('links the certificates to their pages, with the day on which they were seen', () => {
    const text = read(hover('registry.access.redhat.com/ubi9/ubi-minimal:9.6'));
    assert.match(
      text,
      /\[#4857\]\(https:\/\/csrc\.nist\.gov\/projects\/cryptographic-module-validation-program\/certificate\/4857\), FIPS 140-3, is active as last seen 2026-03-29/,
    );
    // Of a number that no judgement rests on there is no link.
    assert.doesNotMatch(read(hover('dhi.io/python:3.13-debian13-fips')), /certificate\/4985/);
  });

  it('takes a name for no evidence', () => {
    const text = read(hover('dhi.io/python:3.13-debian13-fips'));
    assert.match(text, /\*\*Module present\*\* \| \$\(warning\)/);
    assert.match(text, /\$\(warning\) FIPS in the name: a name is no evidence\./);
  });

  it('shows the last audit with a link that only opens its report', () => {
    const markdown = hover('golang:1.21.1', audit);
    assert.match(read(markdown), /\$\(history\) Audited 12 minutes ago: 2 critical and 8 high\. \[Open report\]/);
    const links = [...(markdown ?? '').matchAll(/\]\((?!https:\/\/csrc\.nist\.gov\/)([^ )]+)/g)].map(
      ([, link]) => link,
    );
    assert.equal(links.length, 1);
    const [, command, query] = /^command:([\w.]+)\?(.+)$/.exec(links[0] ?? '') ?? [];
    assert.equal(command, 'waybill.openReport');
    assert.deepEqual(JSON.parse(decodeURIComponent(query ?? '')), [{ key: audit.key }]);
  });

  it('says of what age and strength its sources are', () => {
    assert.match(
      read(hover('golang:1.21.1')),
      /By the catalogue alone, the image was not looked at: 3 recorded sources, as of 2026-03-29 to 2026-08-24; the weakest fact has one source\./,
    );
  });

  it('knows nothing of an unknown image, unless it was audited', () => {
    assert.equal(hover('example.com/nobody/knows:1'), null);
    assert.match(read(hover('example.com/nobody/knows:1', audit)), /Not in the catalogue[\s\S]*Audited 12 minutes ago/);
  });

  it('shows hostile text as text, never as markup', () => {
    const hostile = 'x:1](command:workbench.action.quit) <img src=x> $(zap) `';
    const markdown = hover('golang:1.21.1', null, hostile) ?? '';
    assert.doesNotMatch(markdown, /\]\(command:|[^\\]<img|[^\\]\$\(zap\)/);
  });

  it('never calls an image compliant, secure or safe, whatever the catalogue holds', () => {
    let told = 0;
    for (const { repository } of catalogue.data.images.images) {
      const text = hover(repository);
      if (text === null) continue;
      told++;
      assert.doesNotMatch(text, /\b(?:compliant|secure|safe)\b/i, repository);
      assert.doesNotMatch(text, /<[a-z]|undefined|\[object/i, repository);
    }
    assert.equal(told, catalogue.size);
  });
});
