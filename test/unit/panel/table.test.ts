// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { compareCodes, versionKey } from '../../../src/core/panel/natural-order.ts';
import { fixedIn, PACKAGES_TABLE } from '../../../src/core/panel/packages.ts';
import { panelRows } from '../../../src/core/panel/rows.ts';
import { cellText, Table } from '../../../src/core/panel/table.ts';
import { VULNERABILITIES_TABLE } from '../../../src/core/panel/vulnerabilities.ts';
import type { PanelSort, TableQuery } from '../../../src/core/protocol/panel.ts';
import { bigReport, hostileReport, paymentsReport } from '../../webview/fixtures.ts';

const { packages, vulnerabilities } = panelRows(paymentsReport());
const packs = new Table(PACKAGES_TABLE, packages);
const vulns = new Table(VULNERABILITIES_TABLE, vulnerabilities);
const query = (table: TableQuery['table'], more: Partial<TableQuery> = {}): TableQuery => ({
  table,
  sort: [],
  filter: '',
  hidden: {},
  ...more,
});
const column = (rows: { cells: Parameters<typeof cellText>[0][] }[], at: number): string[] =>
  rows.map(({ cells }) => cellText(cells[at] ?? ''));
const by = (...keys: string[]): PanelSort[] =>
  keys.map((key) => ({ column: key.replace('-', ''), descending: key.startsWith('-') }));

describe('order of versions', () => {
  const ascending = [
    ['1.2', '1.10'],
    ['v1.9.0', 'v1.10.0'],
    ['go1.21.1', 'go1.21.11'],
    ['2.0~rc1', '2.0'],
    ['3.5.4-1~deb13u1', '3.5.4-1'],
    ['1.0-alpha', '1.0'],
    ['1.0-alpha', '1.0-beta'],
    ['1.0', '1.0a'],
    ['1.0', '1.0.0'],
    ['', '0'],
    ['1.9', '1.10'],
    ['1.09', '1.10'],
    ['1.99999999999999999998', '1.99999999999999999999'],
  ] as const;
  for (const [less, more] of ascending) {
    it(`${less === '' ? 'nothing' : less} before ${more}`, () => {
      assert.ok(compareCodes(versionKey(less), versionKey(more)) < 0);
      assert.ok(compareCodes(versionKey(more), versionKey(less)) > 0);
      assert.equal(compareCodes(versionKey(less), versionKey(less)), 0);
    });
  }
});

describe('the fixed version that is shown', () => {
  it('is the nearest one above what is installed', () => {
    assert.equal(fixedIn(['0.2.4', '1.2.6'], '1.2.5'), '1.2.6');
    assert.equal(fixedIn(['1.2.6', '2.0.0', '0.2.4'], '1.2.5'), '1.2.6');
    assert.equal(fixedIn(['1.20.10', '1.21.3'], 'go1.21.1'), '1.21.3');
    assert.equal(fixedIn(['1.0'], '2.0'), '1.0');
    assert.equal(fixedIn([], '2.0'), null);
  });
});

describe('tables', () => {
  it('puts the most severe first, then the exploited, then the likely', () => {
    const { rows, matching } = vulns.window(query('vulnerabilities'), 0, 5);
    assert.equal(matching, 27);
    assert.deepEqual(column(rows, 1), [
      'CVE-2024-45337',
      'CVE-2024-24790',
      'CVE-2023-44487',
      'CVE-2023-45288',
      'CVE-2025-15467',
    ]);
  });

  it('sorts by up to three keys, each in its own direction', () => {
    const { rows } = vulns.window(
      query('vulnerabilities', { sort: by('package', '-epss'), filter: 'golang.org/x' }),
      0,
      4,
    );
    assert.deepEqual(column(rows, 1), ['CVE-2023-48795', 'CVE-2024-45337', 'CVE-2025-58181', 'CVE-2023-44487']);
    assert.deepEqual(column(rows, 4), ['57.9 %', '38.7 %', '0.1 %', '94.4 %']);
  });

  it('sorts versions by their parts', () => {
    const { rows } = packs.window(query('packages', { sort: by('version'), filter: 'northwind/module' }), 0, 500);
    const versions = column(rows, 1);
    assert.equal(versions.length, 71);
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1])),
    );
  });

  it('keeps the order of the report where the keys are equal, and ignores an unknown column', () => {
    const { rows } = packs.window(query('packages', { sort: by('nosuch') }), 0, 3);
    assert.deepEqual(
      rows.map(({ id }) => id),
      packages.slice(0, 3).map(({ id }) => id),
    );
  });

  it('filters by all words, in any column and any case', () => {
    const { matching } = vulns.window(query('vulnerabilities', { filter: '  HIGH go module ' }), 0, 1);
    assert.equal(matching, 4);
    assert.equal(vulns.window(query('vulnerabilities', { filter: 'high nonsense' }), 0, 1).matching, 0);
  });

  it('counts each facet among what the others leave', () => {
    const { matching, facets } = vulns.window(
      query('vulnerabilities', { hidden: { severity: ['negligible'], type: ['deb'] } }),
      0,
      1,
    );
    assert.equal(matching, 16);
    const counts = (key: string) =>
      Object.fromEntries(
        facets.find((each) => each.key === key)?.values.map(({ value, count }) => [value, count]) ?? [],
      );
    // Severity does not know its own ticks, but does know that Debian is hidden.
    assert.deepEqual(counts('severity'), { critical: 2, high: 7, medium: 7, low: 0, negligible: 0, unknown: 0 });
    // Type does not know its own ticks, but does know that negligible is hidden.
    assert.deepEqual(counts('type'), { deb: 5, 'go-module': 11, python: 5 });
    assert.deepEqual(counts('fix'), { fixed: 16, 'not-fixed': 0, 'wont-fix': 0, unknown: 0 });
  });

  it('hides everything where everything is unticked', () => {
    assert.equal(vulns.window(query('vulnerabilities', { hidden: { kev: ['yes', 'no'] } }), 0, 10).matching, 0);
  });

  it('finds a row again, and none where the filter hides it', () => {
    const [, second] = vulns.window(query('vulnerabilities'), 0, 2).rows;
    assert.ok(second !== undefined);
    assert.equal(vulns.indexOf(query('vulnerabilities'), second.id), 1);
    assert.equal(vulns.indexOf(query('vulnerabilities', { hidden: { severity: ['critical'] } }), second.id), null);
    assert.equal(vulns.indexOf(query('vulnerabilities'), 'no such row'), null);
  });

  it('finds as you type in the sorted column, from the current row on and around the end', () => {
    const sorted = query('packages', { sort: by('name') });
    const first = packs.indexOfPrefix(sorted, 'LIBP', 0);
    assert.ok(first !== null);
    assert.match(column(packs.window(sorted, first, first + 1).rows, 0)[0] ?? '', /^libp/);
    const next = packs.indexOfPrefix(sorted, 'libp', first + 1);
    assert.equal(next, first + 1);
    assert.equal(packs.indexOfPrefix(sorted, 'libp', packages.length - 1), first);
    assert.equal(packs.indexOfPrefix(sorted, 'zzz', 0), null);
  });

  it('copies rows as lines of cells that no text can break', () => {
    const hostile = new Table(PACKAGES_TABLE, panelRows(hostileReport()).packages);
    const { text, rows } = hostile.copy(query('packages'), [[0, 1_000]]);
    const lines = text.trimEnd().split('\n');
    assert.equal(rows, 7);
    assert.equal(lines.length, 8);
    for (const line of lines) assert.equal(line.split('\t').length, 6);
    for (const hidden of ['\u202e', '\u2066', '\u0007']) assert.ok(!text.includes(hidden));
    assert.equal(lines[0], 'Name\tVersion\tType\tLicence\tKnown\tFound in');
  });

  it('answers no more than a window', () => {
    const big = new Table(PACKAGES_TABLE, panelRows(bigReport(2_000)).packages);
    assert.equal(big.window(query('packages'), 0, 2_000).rows.length, 500);
    assert.equal(big.window(query('packages'), 1_990, 5_000).rows.length, 10);
    assert.equal(big.window(query('packages'), 9_999_999, 10_000_000).rows.length, 0);
  });

  it('sorts a table once for one query, however many windows are asked for', () => {
    const { packages: many } = panelRows(bigReport(3_000));
    let asked = 0;
    const [nameColumn, ...others] = PACKAGES_TABLE.columns;
    assert.ok(nameColumn !== undefined && nameColumn.sort.by === 'text');
    const { of } = nameColumn.sort;
    const counting = {
      ...PACKAGES_TABLE,
      columns: [
        { ...nameColumn, sort: { by: 'text' as const, of: (row: Parameters<typeof of>[0]) => (asked++, of(row)) } },
        ...others,
      ],
    };
    const table = new Table(counting, many);
    for (let from = 0; from < 3_000; from += 100)
      table.window(query('packages', { sort: by('name') }), from, from + 100);
    assert.equal(asked, 3_000);
  });
});
