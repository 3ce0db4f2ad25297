// SPDX-License-Identifier: Apache-2.0
// The reader of the Go tools: what it takes that YAML 1.2 does not, what it refuses, and what hostile text costs.
import assert from 'node:assert/strict';
import { decodeInto } from '../../../src/core/yaml/decoder/decode.ts';
import { entryOf, type GoNode } from '../../../src/core/yaml/go/node.ts';
import { MAX_LENGTH, parseGoYaml } from '../../../src/core/yaml/reader/parse.ts';
import { visible } from '../../../src/core/yaml/go/problem.ts';
import { resolvePlain } from '../../../src/core/yaml/reader/resolve.ts';
import { parseDuration, scalarInto } from '../../../src/core/yaml/decoder/scalar-into.ts';
import { closest, distance } from '../../../src/core/yaml/go/spelling.ts';
import { structType } from '../../../src/core/yaml/go/types.ts';

/** The tree as plain values. */
function plain(node: GoNode | null): unknown {
  if (node === null) return null;
  if (node.kind === 'alias') return plain(node.target);
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'scalar') return node.tag === '!!null' ? null : node.value;
  return Object.fromEntries(
    node.items.flatMap((key, i) => (i % 2 === 0 ? [[key.value, plain(node.items[i + 1] ?? null)] as const] : [])),
  );
}

const read = (text: string): unknown => {
  const { root, error } = parseGoYaml(text);
  assert.equal(error, null, error?.message);
  return plain(root);
};
const refused = (text: string): { readonly message: string; readonly at: string } => {
  const { error } = parseGoYaml(text);
  assert.ok(error !== null, text);
  return { message: error.message, at: text.slice(error.start, error.end) };
};

describe('YAML as the Go tools read it', () => {
  it('reads blocks, brackets, quotes and texts over lines', () => {
    assert.deepEqual(read('a: 1\nb:\n- x\n- y: z\n  q: [1, {r: s}]\n'), {
      a: '1',
      b: ['x', { y: 'z', q: ['1', { r: 's' }] }],
    });
    assert.deepEqual(read("a: 'it''s'\nb: \"x\\ty\\u00e9\\\n  z\"\n"), { a: "it's", b: 'x\ty\u00e9z' });
    assert.deepEqual(read('a: one\n  two\n\n  three\nb: |\n  x\n   y\n\nc: >-\n  p\n  q\n\n  r\n'), {
      a: 'one two\nthree',
      b: 'x\n y\n',
      c: 'p q\nr',
    });
    assert.deepEqual(read('? a\n: b\n? c\n'), { a: 'b', c: null });
    assert.deepEqual(read('a: &x {b: c}\nd: *x\n'), { a: { b: 'c' }, d: { b: 'c' } });
    assert.deepEqual(read('\ufeffa: b\r\nc: d\r\n'), { a: 'b', c: 'd' });
    assert.deepEqual(read('---\na: b\n---\n[ not read\n'), { a: 'b' });
    assert.equal(parseGoYaml('# nothing\n').root, null);
  });

  it('keeps the place of everything', () => {
    const text = 'a:\n  key: "value" # why\n  list: [x,  yy]\n';
    const { root } = parseGoYaml(text);
    const inner = entryOf(root, 'a')?.value;
    const entry = entryOf(inner, 'key');
    assert.ok(entry);
    assert.equal(text.slice(entry.key.start, entry.key.end), 'key');
    assert.equal(text.slice(entry.value.start, entry.value.end), '"value"');
    const list = entryOf(inner, 'list')?.value;
    assert.ok(list);
    assert.equal(text.slice(list.start, list.end), '[x,  yy]');
    assert.deepEqual(
      list.items.map(({ start, end }) => text.slice(start, end)),
      ['x', 'yy'],
    );
  });

  it('names what it refuses, and where', () => {
    assert.deepEqual(refused('a:\n\tb: c\n'), { message: 'a tab cannot indent; use spaces', at: '\t' });
    assert.equal(refused('a: b: c\n').at, ':');
    assert.equal(refused('a: [b,\nc: d\n').at, '[');
    assert.equal(refused('a: "open\nb: "c"\n').at, '"');
    assert.equal(refused('a: *gone\n').message, 'no anchor is called "gone"');
    assert.equal(refused('a: b\nc\n').at, 'c');
    assert.equal(refused('a: \u0007\n').message, 'a control character stands here');
    assert.equal(refused('a: [\n- b\n').at, '[');
    assert.match(refused('%YAML 1.2\n---\na: b\n').message, /1\.1/);
  });

  it('names the blocks that a line does not fit into', () => {
    const blocks = (text: string): string[] =>
      (parseGoYaml(text).error?.blocks ?? []).map((at) => text.slice(at).split('\n')[0] ?? '');
    assert.deepEqual(blocks('a:\n  b: 1\n    c: 2\n'), ['a:', 'b: 1']);
    assert.deepEqual(blocks('a:\n  - b: "1"\n      c: 2\n'), ['a:', '- b: "1"', 'b: "1"']);
    assert.deepEqual(blocks('a:\n      b: 1\n  c: 2\n'), ['a:']);
    assert.deepEqual(blocks('a: b: c\n'), []);
  });

  it('takes a tab before a comment behind "?"', () => {
    assert.equal(parseGoYaml('?\t# why\n  a\n:\t# why\n  b\n').error, null);
    assert.equal(refused('?\ta\n').message, 'a tab cannot indent; use spaces');
  });

  it('tells numbers, truth values, dates and texts apart', () => {
    const tags: readonly (readonly [string, string])[] = [
      ['', '!!null'],
      ['~', '!!null'],
      ['true', '!!bool'],
      ['yes', '!!str'],
      ['0755', '!!int'],
      ['0o755', '!!int'],
      ['0x1F', '!!int'],
      ['0b11', '!!int'],
      ['1_000', '!!int'],
      ['089', '!!float'],
      ['1.5', '!!float'],
      ['.inf', '!!float'],
      ['1e400', '!!str'],
      ['2024-01-31', '!!timestamp'],
      ['2024-02-30', '!!str'],
      ['1.2.3', '!!str'],
      ['-', '!!str'],
      ['18446744073709551616', '!!float'],
    ];
    for (const [text, tag] of tags) assert.equal(resolvePlain(text).tag, tag, text);
    const octal = resolvePlain('0755');
    assert.ok(octal.tag === '!!int' && octal.value === 493n);
  });

  it('reads scalars into Go types as the library does', () => {
    assert.equal(scalarInto('bool', 'yes', 'yes'), true);
    assert.equal(scalarInto('bool', 'true', 'true'), null);
    assert.equal(scalarInto('uint32', -1n, '-1'), null);
    assert.equal(scalarInto('uint32', 1.9, '1.9'), 1n);
    assert.equal(scalarInto('string', 10n, '0xA'), '0xA');
    assert.equal(scalarInto('duration', 5n, '5'), null);
    assert.equal(parseDuration('1h30m'), 5_400_000_000_000n);
    assert.equal(parseDuration('1 hour'), null);
    assert.equal(parseDuration('0'), 0n);
  });

  it('merges maps, drops empty items and knows keys', () => {
    const type = structType(
      { 'x.A': { name: 'string', list: '[]string', sub: '*x.A', map: 'map[string]string' } },
      'x.A',
    );
    const decode = (text: string) => {
      const { root } = parseGoYaml(text);
      assert.ok(root);
      return decodeInto(root, type);
    };
    const { value, problems } = decode('sub: &s {name: a, map: {k: v}}\n<<: {name: b, list: [x, ~, y]}\nname: c\n');
    assert.deepEqual(problems, []);
    assert.equal(value.string('name'), 'c');
    assert.deepEqual(
      value.strings('list').map((item) => item.value),
      ['x', 'y'],
    );
    assert.equal(value.struct('sub')?.map('map').get('k')?.value, 'v');
    const kinds = (text: string): string[] => decode(text).problems.map(({ kind }) => kind);
    assert.deepEqual(kinds('nam: x\n'), ['unknown-key']);
    assert.deepEqual(kinds('name: [x]\nlist: y\n'), ['wrong-type', 'wrong-type']);
    assert.deepEqual(kinds('name: a\nname: b\n'), ['duplicate-key']);
    assert.deepEqual(kinds('sub: &s {sub: *s}\n'), ['other']);
    assert.deepEqual(kinds('<<: x\n'), ['other']);
  });

  it('is done with hostile texts, and says where it gives up', () => {
    assert.match(
      parseGoYaml('['.repeat(5000)).error?.message ?? parseGoYaml('['.repeat(5000)).limit ?? '',
      /nested|missing/,
    );
    assert.match(parseGoYaml('['.repeat(20_000)).error?.message ?? '', /nested/);
    assert.match(parseGoYaml(`${'a: '.repeat(3)}${'- '.repeat(20_000)}x`).error?.message ?? '', /./);
    assert.match(parseGoYaml('x'.repeat(MAX_LENGTH + 1)).limit ?? '', /longer/);
    const bomb = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]' : `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`,
    );
    const { root } = parseGoYaml(`${bomb.join('\n')}\nlist: *a29\n`);
    assert.ok(root);
    const lists = `${'[]'.repeat(31)}string`;
    const type = structType({ 'x.B': { list: lists } }, 'x.B');
    const { problems } = decodeInto(root, type);
    assert.ok(problems.some(({ kind }) => kind === 'other'));
    const wide = `{${Array.from({ length: 20_000 }, (_, i) => `k${i}: v`).join(', ')}}`;
    assert.equal(parseGoYaml(wide).root?.items.length, 40_000);
  });

  it('finds a span that can be seen where nothing stands', () => {
    const text = 'a:\n  b:\n\nc: d\n';
    assert.deepEqual(visible(text, { start: 2, end: 2 }), { start: 0, end: 2 });
    assert.deepEqual(visible(text, { start: 8, end: 8 }), { start: 5, end: 7 });
    assert.deepEqual(visible(text, { start: text.length, end: text.length }), { start: 9, end: 13 });
    assert.deepEqual(visible('', { start: 0, end: 0 }), { start: 0, end: 0 });
  });

  it('finds the key that was meant', () => {
    assert.equal(closest('dependancies', ['dependencies', 'description']), 'dependencies');
    assert.equal(closest('run_as', ['run-as', 'users']), 'run-as');
    assert.equal(closest('epcoh', ['epoch', 'version']), 'epoch');
    assert.equal(closest('zzz', ['name', 'url']), null);
    assert.equal(distance('ab', 'ba', 2), 1);
    assert.equal(distance('short', 'much longer', 2), 3);
  });
});
