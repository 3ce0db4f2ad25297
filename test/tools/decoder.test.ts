// SPDX-License-Identifier: Apache-2.0
// The decoder against the real libraries, one small file for each of its rules.
import assert from 'node:assert/strict';
import { compare } from '../support/differential.ts';
import type { ConfigFile } from '../support/config-corpus.ts';
import { toolPath } from '../testbed/tools.ts';

const file = (text: string): ConfigFile => ({ name: text, language: 'melange', text, files: {} }) as ConfigFile;

const PACKAGE = (fields: string): string => `package: {name: a, version: "1", epoch: 0, ${fields}}\n`;
const WHOLE = PACKAGE('description: x');

/** A field of each kind, with the rest of a file that is taken. */
const FIELDS: Readonly<Record<string, (value: string) => string>> = {
  string: (value) => PACKAGE(`description: ${value}`),
  bool: (value) => PACKAGE(`options: {no-provides: ${value}}`),
  uint64: (value) => `package: {name: a, version: "1", epoch: ${value}}\n`,
  int: (value) => `${WHOLE}update: {release-monitor: {identifier: ${value}}}\n`,
  duration: (value) => PACKAGE(`timeout: ${value}`),
  pointer: (value) => PACKAGE(`resources: ${value}`),
  list: (value) => PACKAGE(`copyright: ${value}`),
  map: (value) => `${WHOLE}vars: ${value}\n`,
  struct: (value) => `${WHOLE}update: ${value}\n`,
};

const VALUES: readonly string[] = `
abc "" ~ null yes Yes yeS no off oN y N true TRUE tRue "yes" "true" !!bool_yes !!bool_"true" !!str_true !!str_yes
!!null_x !!null_"" 0 -0 +5 "5" -1 1_000 0o17 017 -017 0o8 089 0x1F -0x1F 0b11 4294967296 9223372036854775807
9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 1.0 1.5 -1.5
-0.5 1e3 1e19 1e20 .inf -.inf .nan 1e400 !!int_"5" !!int_x !!int_1.0 !!int_"" !!float_5 !!float_x !!str_5 !!str_~
2024-01-31 "2024-01-31" !!timestamp_x !!timestamp_5 !local_x !local_5 !local_yes !_5 !!binary_aGk= !!binary_"5"
!!binary_eWVz !!binary_NQ== !!binary_NXM= !!binary_"" 1h30m "5s" "0" -5s 1.5h .5h 5.s .s 1d "1_h" "1h-5m" 9223372036s
9223372037s <<  = !!seq_x !!map_x [] [x] [~] [[x]] [{}] {} {a:_b} {a:_~} {~:_a} {1:_a} {a:_[x]} {[x]:_a} {a:_1,_a:_2}
{1:_1,_"1":_2} {1:_1,_0x1:_2} {enabled:_on} {enabled:_"true"} !!str_[x] !!null_{a:_b} !!null_[] !local_{} {<<:_{a:_b}}
{<<:_x} {<<:_~} {<<:_[]} {<<:_[{a:_b},_{a:_c}]} {a:_b,_<<:_{a:_[x]}} {<<:_{a:_b,_a:_c}} {"<<":_a} {<<:_{},_<<:_{}}
&x_[*x] &x_{a:_*x} &x_{<<:_*x} &x_{enabled:_*x} {cpu:_1} {unknown:_1} {~:_[x]} {"":_x} {!!binary_Y3B1:_x,_cpu:_y}
{cpu:_x,_<<:_{!!binary_Y3B1:_y}} {unknown:_1,_<<:_{unknown:_2}} {unknown:_!!int_x} {<<:_{~:_x}} {!!int_x:_a}
`
  .trim()
  .split(/\s+/)
  .map((word) => word.replaceAll('_', ' ').replace('1 000', '1_000'));

const FILES: readonly string[] = [
  `${WHOLE}pipeline: &p [{runs: x, pipeline: *p}]\n`,
  `${WHOLE}pipeline: [&p {runs: x, with: {a: b}}, *p, {<<: *p}, {<<: [*p, {if: y}], runs: z}]\n`,
  `${WHOLE}pipeline: [{runs: x}, ~, {runs: y}]\n`,
  `${WHOLE}vars: &v {a: b}\npipeline: [{uses: x, with: *v}, {uses: x, with: {<<: *v, a: c}}]\n`,
  `${WHOLE}vars: &v {a: b}\npipeline: [{uses: x, with: {<<: [*v, [*v]]}}]\n`,
  `~: {anything: [goes, !!int here]}\n${WHOLE}`,
  `? [x]\n: y\n${WHOLE}`,
  `- x\n`,
  `x\n`,
  `~\n`,
  `!!map\n`,
  `"package": {name: a, version: "1"}\n${WHOLE}`,
  `!!binary cGFja2FnZQ==: {name: b, version: "1"}\n${WHOLE}`,
];

/** A list of `length` texts, read again `times` times in a place that takes it. */
function aliases(length: number, times: number): string {
  const list = Array.from({ length }, () => 'x').join(', ');
  const steps = Array.from({ length: times }, () => '{needs: {packages: *a}}').join(', ');
  return `${WHOLE}pipeline: [{needs: {packages: &a [${list}]}}, ${steps}]\n`;
}

/** The same with keys that are merged. */
function merges(length: number, times: number): string {
  const map = Array.from({ length }, (_, i) => `k${i}: v`).join(', ');
  const steps = Array.from({ length: times }, () => '{uses: x, with: {<<: *a}}').join(', ');
  return `${WHOLE}pipeline: [{uses: x, with: &a {${map}}}, ${steps}]\n`;
}

describe('the decoder as the real libraries have it', function () {
  this.timeout(120_000);

  const agree = async (texts: readonly string[]): Promise<number> => {
    const { disagreements, refused } = compare(await toolPath('config-check'), texts.map(file));
    assert.deepEqual(
      disagreements.map(({ file: { text }, theirs, ours }) => ({ text: text.slice(0, 300), theirs, ours })),
      [],
    );
    return refused;
  };

  it('takes the same values in a field of every kind', async () => {
    const texts = Object.values(FIELDS).flatMap((write) => VALUES.map(write));
    const refused = await agree(texts);
    assert.ok(refused > texts.length / 3 && refused < texts.length, `${refused} of ${texts.length}`);
  });

  it('merges, repeats and refuses the same files', async () => {
    assert.ok((await agree(FILES)) >= 5);
  });

  it('gives up at the same number of aliases', async () => {
    const counts = (most: number): readonly number[] => Array.from({ length: most / 50 }, (_, i) => 50 * (i + 1));
    for (const write of [aliases, merges]) {
      const texts = counts(400).map((times) => write(2000, times));
      const refused = await agree(texts);
      assert.ok(refused > 0 && refused < texts.length, `${refused} of ${texts.length}`);
    }
  });
});
