// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createConfigLanguage } from '../../../src/core/config-language/service.ts';
import type { ConfigKind, ConfigSymbol } from '../../../src/core/config-language/model.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import type { Span } from '../../../src/core/text/source-text.ts';
import type { GoNode } from '../../../src/core/yaml/go/node.ts';
import { parseGoYaml } from '../../../src/core/yaml/reader/parse.ts';
import { validFiles } from '../../support/config-corpus.ts';
import { WORKSPACE } from './support.ts';

const FILES = validFiles();

/** Every answer of the services for one place, held against the text. */
function askEverything(text: string, kind: ConfigKind, offsets: Iterable<number>): void {
  const language = createConfigLanguage(kind, text, WORKSPACE);
  const inside = ({ start, end }: Span): boolean => start >= 0 && start <= end && end <= text.length;
  for (const offset of offsets) {
    const found = language.completions(offset);
    if (found !== null) {
      const { span } = found;
      assert.ok(inside(span) && span.start <= offset && offset <= span.end, `completion at ${offset}`);
      assert.doesNotMatch(text.slice(span.start, span.end), /[\r\n]/);
      assert.ok(found.items.length > 0);
    }
    const hover = language.hover(offset);
    if (hover !== null) assert.ok(inside(hover.span) && hover.span.start <= offset && offset <= hover.span.end);
    const definition = language.definition(offset);
    for (const { path, span } of definition?.targets ?? []) assert.ok(path !== null || inside(span));
    for (const span of language.references(offset)) assert.ok(inside(span));
    const prepared = language.prepareRename(offset);
    if (prepared.ok) assert.ok(inside(prepared.value.span));
  }
  const nested = (symbols: readonly ConfigSymbol[], outer: Span): void => {
    for (const { span, selection, children, name } of symbols) {
      assert.ok(name !== '' && inside(span) && span.start >= outer.start);
      assert.ok(selection.start >= span.start && selection.end <= span.end, name);
      nested(children, span);
    }
  };
  nested(language.symbols(), { start: 0, end: text.length });
  for (const { span } of language.links()) assert.ok(inside(span));
}

const every = (text: string, step: number, from = 0): number[] =>
  Array.from({ length: Math.ceil((text.length + 1 - from) / step) }, (_, i) => from + i * step);

const file = fc.constantFrom(...FILES);

describe('language services, whatever the text is', () => {
  it('answers at every place of short files', () => {
    for (const { text, language } of FILES.slice(0, 12)) askEverything(text, language, every(text, 1));
  });

  it('answers at places of every valid file', () => {
    for (const [i, { text, language }] of FILES.entries()) askEverything(text, language, every(text, 499, i % 499));
  });

  it('answers in files that are cut off, changed and mixed', () => {
    const broken = fc
      .tuple(
        file,
        fc.nat(),
        fc.nat(),
        fc.constantFrom(
          '',
          '\t',
          '"',
          "'",
          '[',
          '{',
          ': ',
          '- ',
          '|',
          '&a ',
          '*a',
          '${{',
          '\n',
          '#',
          '\r',
          '}',
          '%',
          '\u0000',
          '‸',
        ),
      )
      .map(([{ text, language }, from, length, inserted]) => {
        const at = from % (text.length + 1);
        return { language, at, text: text.slice(0, at) + inserted + text.slice(at + (length % 30)) };
      });
    fc.assert(
      fc.property(broken, ({ text, language, at }) => {
        const near = [at - 3, at - 1, at, at + 1, at + 2, at + 9].filter((each) => each >= 0 && each <= text.length);
        askEverything(text, language, [...near, ...every(text, 499)]);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('answers in text of any kind', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '#',
      '|',
      '>',
      ',',
      'uses: ',
      'pipeline:\n',
      '${{',
      '}}',
      '\t',
      '\r\n',
      '? ',
      '<<: ',
      '*x',
      '&x',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom<ConfigKind>('apko', 'melange', 'pipeline'),
        (pieces, kind) => {
          const text = pieces.join('');
          askEverything(text, kind, every(text, 1));
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });

  it('is done in time with long hostile text', () => {
    for (const text of [
      '['.repeat(20_000),
      '- '.repeat(5_000),
      `a: ${'{b: '.repeat(5_000)}`,
      `${'"a'.repeat(20_000)}`,
      ' '.repeat(50_000),
      `${'a '.repeat(20_000)}`,
      `x: |\n${'\n'.repeat(3_000)}`,
      'a:\n'.repeat(5_000),
    ]) {
      askEverything(text, 'melange', [0, text.length >> 1, text.length]);
    }
  });
});

/** The kinds, tags and styles of everything in a file, in order: what a new name must not change. */
const shape = ({ kind, tag, style, items }: GoNode): unknown => [kind, tag, style, items.map(shape)];

describe('renaming a variable', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._-]{0,12}$/);
  const withVars = FILES.filter(({ text, language }) => language === 'melange' && /^vars:/m.test(text));

  it('changes the variable and its references, and nothing else', () => {
    let renamed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...withVars), fc.nat(), name, ({ text }, which, wanted) => {
        const language = createConfigLanguage('melange', text, WORKSPACE);
        const vars = language.symbols().find((each) => each.name === 'vars')?.children ?? [];
        const chosen = vars[which % Math.max(vars.length, 1)];
        if (chosen === undefined) return;
        const result = language.rename(chosen.selection.start, wanted);
        if (!result.ok) {
          assert.ok(result.error.message.length > 10);
          return;
        }
        const after = applyEdits(text, result.value);
        const [old, now] = [parseGoYaml(text), parseGoYaml(after)];
        assert.ok(old.root !== null && now.root !== null);
        assert.equal(applyEdits(after, back(result.value, chosen.name)), text);
        assert.deepEqual(shape(now.root), shape(old.root));
        assert.equal(countLeft(after, chosen.name), chosen.name === wanted ? countLeft(text, chosen.name) : 0);
        renamed++;
      }),
      { numRuns: 200, seed: 3 },
    );
    assert.ok(renamed > 100);
  });

  it('is undone by renaming back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...withVars), name, ({ text }, wanted) => {
        const language = createConfigLanguage('melange', text, WORKSPACE);
        const first = language.symbols().find((each) => each.name === 'vars')?.children[0];
        if (first === undefined) return;
        const there = language.rename(first.selection.start, wanted);
        if (!there.ok) return;
        const after = applyEdits(text, there.value);
        const renamed = createConfigLanguage('melange', after, WORKSPACE);
        const place = renamed.symbols().find((each) => each.name === 'vars')?.children[0];
        assert.equal(place?.name, wanted);
        const again = renamed.rename(place.selection.start, first.name);
        // A file may have a name that YAML takes for a truth value; nobody is given one.
        if (!again.ok && /YAML takes/.test(again.error.message)) return;
        assert.ok(again.ok, JSON.stringify(again));
        assert.equal(applyEdits(after, again.value), text);
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

/** The edits that undo edits. */
function back(
  edits: readonly { readonly span: Span; readonly newText: string }[],
  old: string,
): { span: Span; newText: string }[] {
  let moved = 0;
  return edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, newText }) => {
      const start = span.start + moved;
      moved += newText.length - (span.end - span.start);
      return { span: { start, end: start + newText.length }, newText: old };
    });
}

function countLeft(text: string, name: string): number {
  const { root } = parseGoYaml(text);
  let found = 0;
  const look = (node: GoNode): void => {
    if (node.kind === 'scalar') {
      for (const [, each] of node.value.matchAll(/\$\{\{\s*vars\.([A-Za-z0-9._-]+)\s*\}\}/g))
        if (each === name) found++;
    }
    node.items.forEach(look);
  };
  if (root !== null) look(root);
  return found;
}
