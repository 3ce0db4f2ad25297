// SPDX-License-Identifier: Apache-2.0
// Corners of the reader and of expressions that mutants seldom reach, asked of the real libraries one by one.
import assert from 'node:assert/strict';
import { askLibraries, ownProblems } from '../support/config-judge.ts';
import type { ConfigFile } from '../support/config-corpus.ts';
import { toolPath } from '../testbed/tools.ts';

const HEAD = 'package:\n  name: a\n  version: "1"\n  epoch: 0\n';

/** Tabs and comments behind the signs of a block, in front of everything that may follow them. */
function tabbed(): string[] {
  const heads = ['', 'vars:\n  ? x\n  ', 'vars: # c\n  ', 'vars:\t# c\n\t# d\n  ', 'vars:\n  a: b\t# c\n\t# d\n  '];
  const more = ['vars:\n  a:\t# c\n\t# d\n  ', 'vars:\n  ', 'pipeline:\n  ', 'pipeline:\n  - '];
  const signs = [
    '?\t# c',
    '? \t# c',
    '?\t#',
    '? # c',
    '?\t',
    ':\t# c',
    '-\t# c',
    '- \t# c',
    '? x\n  :\t# c',
    'k:\t# c',
  ];
  const rests = ['', '\n    a', '\n    a\n  : b', '\n  : b', '\n  \t', '\n    \ta', '\n  # d\n  : b', '\n\t# d\n  : b'];
  return [...heads, ...more].flatMap((head) =>
    signs.flatMap((sign) => rests.map((rest) => `${head === '' ? '' : HEAD}${head}${sign}${rest}\n`)),
  );
}

/** Every character escaped, in classes, repeated, and as what a group or class may be called. */
function expressions(): string[] {
  const all = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).flatMap((char) =>
    [
      `\\${char}`,
      `[\\${char}]`,
      `[a\\${char}-z]`,
      `(\\${char})+`,
      `\\${char}7`,
      `(?${char}:a)`,
      `[[:${char}:]]`,
    ].concat(`a{${char}}`),
  );
  const known =
    '\\Q.*\\E \\Q( \\E \\pL \\p{Greek} \\p{^Greek} \\PZ \\p{Nope} \\C \\Z (?P<n>a)(?P<n>b) (?<n>a) (?=a) a** a++ a{1001} ' +
    'a{1000}{1000} a{2,1} a{,2} x{1 (?i)(?s (?-i)a (?i-s:a) (?i-)a (?--i) [[:word:]] [[:foo:]] [z-a] [a-\\d] [\\d-z] [a-] ' +
    '[-a] []a] [] [^] [^]] | a||b () (|) ^* $+ \\b+ (?:)*';
  return [...all, ...known.split(' ')];
}

const ascii = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u007f-\u00ff]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

/** `least` of both answers come up, or nothing would be compared. */
async function sameAnswers(texts: readonly string[], least: number): Promise<void> {
  const files = texts.map((text): ConfigFile => ({ language: 'melange', name: 'a.yaml', text, files: {} }));
  const judged = askLibraries(await toolPath('config-check'), files);
  let taken = 0;
  files.forEach((file, i) => {
    const theirs = judged[i]?.error ?? null;
    if (theirs === null) taken++;
    const [own] = ownProblems(file);
    assert.equal(own === undefined, theirs === null, `${JSON.stringify(file.text)}\n${theirs}\n${own?.message}`);
  });
  assert.ok(taken >= least && taken <= files.length - least, `${taken} of ${files.length}`);
}

describe('corners of the reader, as the real libraries have them', function () {
  this.timeout(600_000);

  it('takes tabs and comments where they do', () => sameAnswers(tabbed(), 50));

  it('takes the expressions that Go takes', () =>
    sameAnswers(
      expressions().map(
        (each) => `${HEAD}var-transforms:\n  - from: x\n    match: ${ascii(each)}\n    replace: ""\n    to: y\n`,
      ),
      300,
    ));
});
