// SPDX-License-Identifier: Apache-2.0
// Every fix for apko and melange files, in every example and in the corpus: the real libraries take the file afterwards,
// and the same fix is not offered again.
import assert from 'node:assert/strict';
import { lint, type LintOptions } from '../../src/core/lint/engine.ts';
import type { Fix } from '../../src/core/model/finding.ts';
import { apkoRules, melangeRules } from '../../src/core/rules/config-index.gen.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { askLibraries } from '../support/config-judge.ts';
import { validFiles, type ConfigFile, type ConfigLanguage } from '../support/config-corpus.ts';
import { mutants } from '../support/config-mutants.ts';
import { Random } from '../support/dockerfile-grammar.ts';
import { catalogue, TODAY, underPolicy } from '../support/linting.ts';
import { neighboursOf } from '../support/neighbours.ts';
import { toolPath } from '../testbed/tools.ts';

const rules = [...apkoRules, ...melangeRules];
const severities = Object.fromEntries(
  rules.filter(({ offByDefault }) => offByDefault === true).map(({ slug, severity }) => [slug, severity]),
);

interface Judged {
  readonly language: ConfigLanguage;
  readonly text: string;
  readonly options: Partial<LintOptions>;
}

interface Offer extends Judged {
  readonly ruleId: string;
  readonly message: string;
  readonly at: number;
  readonly fix: Fix;
  readonly after: string;
}

function* offersFor(judged: Judged): Generator<Offer> {
  const { language, text, options } = judged;
  for (const finding of lint(text, language, { catalogue, today: TODAY, severities, ...options }).findings) {
    for (const fix of finding.fixes ?? []) {
      const { ruleId, message, span } = finding;
      yield { ...judged, ruleId, message, at: span.start, fix, after: applyEdits(text, fix.edits) };
    }
  }
}

const isIgnore = ({ fix: { title } }: Offer): boolean => title.startsWith('Ignore ');

const asFile = (text: string, { language }: Judged): ConfigFile => ({ language, name: 'x.yaml', text, files: {} });

describe('fixes for apko and melange files', function () {
  this.timeout(600_000);
  const offers: Offer[] = [];

  before(async () => {
    for (const rule of rules) {
      for (const example of [...rule.examples.bad, ...rule.examples.good]) {
        const options = { ...(await underPolicy(example.policy ?? '')), ...neighboursOf(rule.language, example) };
        offers.push(...offersFor({ language: rule.language, text: example.text, options }));
        offers.push(...offersFor({ language: rule.language, text: example.text.replaceAll('\n', '\r\n'), options }));
      }
    }
    const policy = await underPolicy('fips: required\n');
    const files = validFiles().filter((file) => Object.keys(file.files).length === 0);
    // Of comments that ignore a finding one in ten is enough here.
    const some = (all: Iterable<Offer>): Offer[] => [...all].filter((offer, i) => !isIgnore(offer) || i % 10 === 0);
    for (const { language, text } of files.slice(0, 150)) {
      offers.push(...some(offersFor({ language, text, options: policy })));
    }
    for (const { language, text } of mutants(files, 400, new Random(7))) {
      offers.push(...some(offersFor({ language, text, options: {} })));
    }
  });

  it('are offered by many rules', () => {
    const by = new Set(offers.filter((offer) => !isIgnore(offer)).map(({ ruleId }) => ruleId));
    const wanted = [
      ...['WB2000', 'WB2001', 'WB2003', 'WB2004', 'WB2007', 'WB2010', 'WB2012', 'WB2013', 'WB2014', 'WB2018', 'WB3000'],
      ...['WB3001', 'WB3002', 'WB3003', 'WB3004', 'WB3006', 'WB3007', 'WB3008', 'WB3017', 'WB3019', 'WB3021', 'WB3025'],
      'WB3027',
    ];
    assert.deepEqual([...by].toSorted(), wanted.toSorted());
  });

  it('leave a file that the real libraries take', async () => {
    const program = await toolPath('config-check');
    const before = askLibraries(
      program,
      offers.map((offer) => asFile(offer.text, offer)),
    );
    const after = askLibraries(
      program,
      offers.map((offer) => asFile(offer.after, offer)),
    );
    offers.forEach(({ ruleId, fix, text, after: fixed }, i) => {
      assert.notEqual(fixed, text, fix.title);
      // A refused file may have more mistakes than the one that is fixed.
      if (before[i]?.error !== null) return;
      assert.equal(after[i]?.error, null, `${ruleId} ${fix.title}\n${after[i]?.error}\n${fixed}`);
    });
    const mended = offers.filter(({ ruleId }, i) => /^WB[23]000$/.test(ruleId) && after[i]?.error === null);
    assert.ok(mended.length >= 30, String(mended.length));
  });

  it('are not offered again for what they fixed', () => {
    for (const { language, options, after, text, fix, ruleId, message, at } of offers) {
      const shift = after.length - text.length;
      const again = [...offersFor({ language, text: after, options })].filter(
        (each) =>
          each.ruleId === ruleId &&
          each.message === message &&
          each.fix.title === fix.title &&
          [at, at + shift].includes(each.at),
      );
      assert.deepEqual(
        again.map(({ fix: { title } }) => title),
        [],
        `${ruleId}\n${after}`,
      );
    }
  });
});
