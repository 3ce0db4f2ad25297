// SPDX-License-Identifier: Apache-2.0
// Parts of the page that need no browser.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ago, age, old, utc } from '../../../src/core/protocol/relative-time.ts';
import { visibleText } from '../../../src/core/protocol/visible-text.ts';
import { bytes, number, shortDigest } from '../../../src/core/panel/words.ts';
import { PACKAGES_TABLE } from '../../../src/core/panel/packages.ts';
import { VULNERABILITIES_TABLE } from '../../../src/core/panel/vulnerabilities.ts';
import { columnTemplate, shownColumns } from '../../../webview/grid/columns.ts';
import { commandOf } from '../../../webview/grid/keyboard.ts';
import { Selection } from '../../../webview/grid/selection.ts';
import { nextSort } from '../../../webview/sorting.ts';
import { toggled } from '../../../webview/facets.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('text that cannot pretend', () => {
  it('writes out what hides or turns text, and leaves the rest', () => {
    assert.equal(visibleText('evil\u202egnp.exe'), 'evil[U+202E]gnp.exe');
    assert.equal(visibleText('a\u200bb\u0007c\u2066d\u{e0041}'), 'a[U+200B]b[U+0007]c[U+2066]d[U+E0041]');
    assert.equal(visibleText('line\r\nnext\tcell'), 'line  next cell');
    assert.equal(visibleText('\ud800 alone'), '[U+D800] alone');
    for (const plain of ['libssl3t64', '日本語', 'naïve', 'עברית', '👩‍💻'.replaceAll('\u200d', ''), '<img src=x>']) {
      assert.equal(visibleText(plain), plain);
    }
  });
});

describe('words for times, sizes and digests', () => {
  it('says ages in the largest unit that is not a guess', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    assert.equal(age(59_000), null);
    assert.equal(ago('2026-11-23T11:59:30Z', now), 'just now');
    assert.equal(ago('2026-11-23T11:59:00Z', now), '1 minute ago');
    assert.equal(ago('2026-11-23T03:00:00Z', now), '9 hours ago');
    assert.equal(ago('2026-11-22T11:00:00Z', now), '25 hours ago');
    assert.equal(old('2026-11-14T11:00:00Z', now), '9 days old');
    assert.equal(ago('2026-11-23T12:05:00Z', now), 'just now');
    assert.equal(ago('not a time', now), 'not a time');
    assert.equal(utc('2026-11-23T00:12:34.567Z'), '2026-11-23 00:12 UTC');
    assert.equal(utc('yesterday'), 'yesterday');
  });

  it('writes sizes, counts and digests short', () => {
    assert.deepEqual([0, 999, 84_200_000, 212_000_000, 999_960_000, 1_234_000_000].map(bytes), [
      '0 B',
      '999 B',
      '84.2 MB',
      '212 MB',
      '1.0 GB',
      '1.2 GB',
    ]);
    assert.deepEqual([0, 9_999, 10_000, 1_234_567].map(number), ['0', '9999', '10,000', '1,234,567']);
    assert.equal(shortDigest(`sha256:${'9f2c41d7'.repeat(8)}`), 'sha256:9f2c41d7…');
    assert.equal(shortDigest('latest'), 'latest');
  });
});

describe('selection', () => {
  it('holds ranges, also of rows that are not loaded', () => {
    const selection = new Selection();
    selection.only(5, 2);
    assert.deepEqual(selection.ranges, [[2, 6]]);
    selection.toggle(3);
    assert.deepEqual(selection.ranges, [
      [2, 3],
      [4, 6],
    ]);
    selection.toggle(3);
    assert.deepEqual(selection.ranges, [[2, 6]]);
    selection.toggle(9);
    assert.equal(selection.size, 5);
    assert.deepEqual([selection.has(5), selection.has(6), selection.has(9)], [true, false, true]);
    selection.only(0, 49_999);
    assert.equal(selection.size, 50_000);
    selection.toggle(0);
    assert.deepEqual(selection.ranges, [[1, 50_000]]);
  });
});

describe('keys of the grid', () => {
  const key = (name: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
    commandOf({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });
  it('follows the map of the design', () => {
    assert.deepEqual(key('ArrowDown'), { do: 'move', to: 'down', extend: false });
    assert.deepEqual(key('ArrowUp', { shiftKey: true }), { do: 'move', to: 'up', extend: true });
    assert.deepEqual(key('PageDown'), { do: 'move', to: 'pageDown', extend: false });
    assert.deepEqual(key('Home', { ctrlKey: true }), { do: 'move', to: 'first', extend: false });
    assert.deepEqual(key('End', { metaKey: true, shiftKey: true }), { do: 'move', to: 'last', extend: true });
    assert.deepEqual(key('ArrowRight'), { do: 'cell', by: 1 });
    assert.deepEqual(key('ArrowRight', { altKey: true }), { do: 'resize', by: 10 });
    assert.deepEqual(key('Enter', { shiftKey: true }), { do: 'enter', add: true });
    assert.deepEqual(key(' '), { do: 'select', toggle: false });
    assert.deepEqual(key('a', { ctrlKey: true }), { do: 'all' });
    assert.deepEqual(key('c', { metaKey: true }), { do: 'copy' });
    assert.deepEqual(key('F10', { shiftKey: true }), { do: 'menu' });
    assert.deepEqual(key('ContextMenu'), { do: 'menu' });
    assert.deepEqual(key('/'), { do: 'query' });
    assert.deepEqual(key('l'), { do: 'type', letter: 'l' });
  });
  it("leaves VS Code's own keys alone", () => {
    for (const [name, held] of [
      ['p', { ctrlKey: true }],
      ['P', { ctrlKey: true, shiftKey: true }],
      ['F1', {}],
      ['Tab', {}],
      ['Escape', {}],
      ['c', { ctrlKey: true, shiftKey: true }],
      ['ArrowLeft', { ctrlKey: true }],
      ['x', { altKey: true }],
    ] as const) {
      assert.equal(key(name, held), null, name);
    }
  });
});

describe('sorting and facets', () => {
  const { columns, defaultSort } = VULNERABILITIES_TABLE;
  const table = { columns: columns.map(({ column }) => column), defaultSort: [...defaultSort] };
  it('reverses the same head, adds with Shift, keeps three keys', () => {
    assert.deepEqual(nextSort([], table, 'severity', false), [{ column: 'severity', descending: false }]);
    assert.deepEqual(nextSort([], table, 'package', false), [{ column: 'package', descending: false }]);
    assert.deepEqual(nextSort([], table, 'epss', false), [{ column: 'epss', descending: true }]);
    const two = nextSort([], table, 'package', true);
    assert.deepEqual(
      two.map(({ column }) => column),
      ['severity', 'package'],
    );
    const four = nextSort(nextSort(two, table, 'id', true), table, 'epss', true);
    assert.deepEqual(
      four.map(({ column }) => column),
      ['package', 'id', 'epss'],
    );
    assert.equal(nextSort(two, table, 'package', true)[1]?.descending, true);
  });

  const facet = {
    key: 'severity',
    title: 'Severity',
    values: ['high', 'low', 'unknown'].map((value) => ({ value, label: value, count: 1, tone: null })),
  };
  it('unticks, ticks again, shows only one, and all again', () => {
    const one = toggled({ fix: ['fixed'] }, facet, 'low', false);
    assert.deepEqual(one, { fix: ['fixed'], severity: ['low'] });
    assert.deepEqual(toggled(one, facet, 'low', false), { fix: ['fixed'] });
    const only = toggled(one, facet, 'high', true);
    assert.deepEqual(only, { fix: ['fixed'], severity: ['low', 'unknown'] });
    assert.deepEqual(toggled(only, facet, 'high', true), { fix: ['fixed'] });
  });
});

describe('columns', () => {
  const vulnerabilities = VULNERABILITIES_TABLE.columns.map(({ column }) => column);
  const packages = PACKAGES_TABLE.columns.map(({ column }) => column);
  const shownKeys = (columns: typeof packages, room: number, narrow = false) =>
    shownColumns(columns, {}, room, narrow).map(({ column }) => column.key);

  it('shows all where there is room, and lets the least important go first', () => {
    assert.equal(shownKeys(vulnerabilities, 1_000).length, vulnerabilities.length);
    assert.deepEqual(shownKeys(vulnerabilities, 830), ['severity', 'id', 'package', 'version', 'epss', 'kev', 'cvss']);
    assert.deepEqual(shownKeys(vulnerabilities, 720), ['severity', 'id', 'package', 'version', 'epss', 'kev']);
    assert.deepEqual(shownKeys(vulnerabilities, 400, true), ['severity', 'id', 'package', 'epss']);
    assert.deepEqual(shownKeys(packages, 400, true), ['name', 'version', 'known']);
  });

  it('keeps the width that somebody chose', () => {
    const widths = { id: 333 };
    const shown = shownColumns(vulnerabilities, widths, 1_200, false);
    assert.match(columnTemplate(shown, widths, false), /^96px 333px minmax\(40px, \d+fr\)/);
    const all = Object.fromEntries(vulnerabilities.map(({ key }) => [key, 100]));
    assert.match(columnTemplate(shown, all, false), /100px minmax\(40px, 92fr\)$/);
  });
});

describe('icons', () => {
  it('are those of the codicon package, and each one used is there', () => {
    const ours = readFileSync(join(root, 'webview', 'styles', 'icons.css'), 'utf8');
    const theirs = readFileSync(join(root, 'node_modules', '@vscode', 'codicons', 'dist', 'codicon.css'), 'utf8');
    const pairs = [...ours.matchAll(/\.codicon-([a-z-]+)::before \{\s*content: '\\([0-9a-f]+)'/g)];
    assert.ok(pairs.length >= 25);
    for (const [, name, code] of pairs) {
      assert.match(theirs, new RegExp(`\\.codicon-${name}:before\\s*\\{\\s*content:\\s*"\\\\${code}"`), name);
    }
    const have = new Set(pairs.map(([, name]) => name));
    const severities = [...ours.matchAll(/\.sev-[a-z]+::before \{\s*content: '\\([0-9a-f]+)'/g)].map(
      ([, code]) => code,
    );
    assert.equal(severities.length, 6);
    for (const code of severities)
      assert.ok(
        pairs.some(([, , each]) => each === code),
        code,
      );
    const sources = readdirSync(join(root, 'webview'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'webview', file), 'utf8'))
      .join('\n');
    const used = [...sources.matchAll(/(?:\bicon\(|\btool\(\s*)'([a-z-]+)'/g)].map(([, name]) => name ?? '');
    assert.ok(used.length >= 12);
    for (const name of used) assert.ok(have.has(name), name);
  });
});
