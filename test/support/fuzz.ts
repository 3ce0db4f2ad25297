// SPDX-License-Identifier: Apache-2.0
// Damaged Dockerfiles and policies: none may throw, take far longer than the others, or point outside the document.
import assert from 'node:assert/strict';
import { applyPreferredFixes } from '../../src/core/lint/fix.ts';
import { policyFindings } from '../../src/core/lint/policy-findings.ts';
import { loadPolicy } from '../../src/core/policy/loader.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import type { Range, Span } from '../../src/core/text/source-text.ts';
import { examples, handMade } from './cases.ts';
import { corpus } from './corpus.ts';
import { damagedFile, grammarFile, Random, type MadeFile } from './dockerfile-grammar.ts';
import { catalogue, lintText, TODAY, underPolicy } from './linting.ts';

/** Over this many times the median, and at least this many milliseconds, a file hangs. */
const TIMES = 20;
const LEAST = 2000;

export interface Fuzzed {
  readonly files: number;
  readonly findings: number;
  readonly fixed: number;
  readonly median: number;
  readonly max: number;
  /** Files that hang. */
  readonly hangs: readonly string[];
}

/** Told before each file, so that a watcher knows where a run stands still. */
export type Progress = (index: number, text: string) => void;

/**
 * Milliseconds of some work. What takes as long as a hang is done again, and the shorter time counts: another program
 * may have had the processor.
 */
async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const started = performance.now();
  const result = await work();
  const took = performance.now() - started;
  if (took < LEAST) return { result, took };
  const again = performance.now();
  await work();
  return { result, took: Math.min(took, performance.now() - again) };
}

function summary(
  times: readonly { readonly took: number; readonly text: string }[],
): Pick<Fuzzed, 'median' | 'max' | 'hangs'> {
  const sorted = times.map(({ took }) => took).toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const limit = Math.max(median * TIMES, LEAST);
  return {
    median,
    max: sorted.at(-1) ?? 0,
    hangs: times.filter(({ took }) => took > limit).map(({ text }) => text),
  };
}

function assertInside(text: string, span: Span, range?: Range): void {
  assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, `${JSON.stringify(span)}\n${text}`);
  if (range === undefined) return;
  const lines = text.split(/\r\n|\r|\n/);
  for (const { line, column } of [range.start, range.end]) {
    assert.ok(line >= 1 && column >= 1 && line <= lines.length, `${line}:${column}\n${text}`);
    assert.ok(column <= (lines[line - 1]?.length ?? 0) + 1, `${line}:${column}\n${text}`);
  }
}

/** Now and then one piece many times over: what is bounded only by luck shows itself. */
function blownUp(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const piece = random.chance(0.5)
    ? text.slice(at, at + 1 + random.below(12))
    : random.pick(['$', '${', '"', '\\\n', ' ', '((', '<<E\n', '&&', '|', '-', 'a=', '- [', '{']);
  return text.slice(0, at) + piece.repeat(1 + random.below(4000)).slice(0, 12_000) + text.slice(at);
}

/** Lints damaged Dockerfiles, each third under a policy, with every rule on. */
export async function fuzzDockerfiles(
  count: number,
  seed: number,
  progress: Progress = () => undefined,
): Promise<Fuzzed> {
  const random = new Random(seed);
  const cases = [...handMade(), ...examples()];
  const given: readonly MadeFile[] = [...corpus(), ...cases.map(({ text }) => ({ text, buildArgs: {} }))];
  const texts = [...new Set(cases.map(({ policy }) => policy))];
  const policies = await Promise.all(texts.map(underPolicy));
  const severities = Object.fromEntries(dockerfileRules.map(({ slug, severity }) => [slug, severity]));
  const times: { took: number; text: string }[] = [];
  let [findings, fixed] = [0, 0];
  for (let i = 0; i < count; i++) {
    const made = i % 4 === 3 ? grammarFile(random) : damagedFile(random, given);
    const text = i % 50 === 0 ? blownUp(random, made.text) : made.text;
    const options = i % 3 === 0 ? random.pick(policies) : {};
    progress(i, text);
    const { result, took } = await timed(() =>
      lintText(text, { ...options, severities, dockerfile: { buildArgs: made.buildArgs } }),
    );
    times.push({ took, text });
    findings += result.findings.length;
    for (const { span, range, related = [], fixes = [] } of result.findings) {
      assertInside(text, span, range);
      for (const each of related) assertInside(text, each.span);
      for (const { edits } of fixes) for (const edit of edits) assertInside(text, edit.span);
    }
    if (applyPreferredFixes(text, result.findings).text !== text) fixed++;
  }
  return { files: count, findings, fixed, ...summary(times) };
}

const POLICIES = [
  'extends: [../base.yaml, "./team.yaml"]\nfips: {final: required, builder: preferred}\nminimal: preferred\n',
  'registries:\n  allowed:\n    - cgr.dev/**\n    - "ghcr.io/acme/*"\nrules:\n  WB1004: error\n  digest-missing: off # later\n',
  'images: &m\n- {from: docker.io/library/, to: mirror.acme.example/}\ncatalogue:\n- image: registry.acme.example/base\n  like: docker.io/library/debian\n  user: 1000\n',
  'waivers:\n- vulnerability: CVE-2026-1\n  scope: {packages: ["pkg:deb/*"], digests: []}\n  owner: >-\n    team\n    a\n  reason: |\n    because\n  expires: 2026-12-31\n',
  'entitlements: [chainguard, ubuntu-pro]\nfips: required\r\nminimal:\r\n  final: off\r\n',
];
const FRAGMENTS = [
  'fips',
  ': ',
  '- ',
  '\n  ',
  '&a ',
  '*a',
  '!!str ',
  '<<: *a',
  '|\n',
  '? ',
  '---\n',
  '{',
  '}',
  '"',
  "'",
  '#',
  '\t',
  'off',
  '~',
  '2026-02-30',
  '\ufeff',
  '\0',
  'é\u{1f600}',
];

function damagedPolicy(random: Random, given: readonly string[]): string {
  const characters = [...random.pick(given)];
  for (let times = random.below(6); times > 0; times--) {
    const at = random.below(characters.length + 1);
    const size = random.below(12);
    const moved = characters.slice(at, at + size);
    if (random.chance(0.5)) characters.splice(at, size);
    if (random.chance(0.6))
      characters.splice(
        random.below(characters.length + 1),
        0,
        ...(random.chance(0.5) ? moved : [random.pick(FRAGMENTS)]),
      );
  }
  return characters.join('');
}

/** Reads damaged policies, some of which extend each other and themselves. */
export async function fuzzPolicies(count: number, seed: number, progress: Progress = () => undefined): Promise<Fuzzed> {
  const random = new Random(seed);
  const given = [...POLICIES, ...new Set([...handMade(), ...examples()].map(({ policy }) => policy))];
  const times: { took: number; text: string }[] = [];
  let findings = 0;
  for (let i = 0; i < count; i++) {
    const made = damagedPolicy(random, given);
    const text = i % 50 === 0 ? blownUp(random, made) : made;
    const others = new Map<string, string>();
    progress(i, text);
    const { result: found, took } = await timed(async () => {
      const policy = await loadPolicy(
        'a/.waybill.yaml',
        async (path) => {
          if (!others.has(path) && others.size < 3) others.set(path, random.pick(given));
          return others.get(path) ?? null;
        },
        text,
      );
      return policyFindings(policy, catalogue.data, TODAY);
    });
    times.push({ took, text });
    findings += found.length;
    for (const { path, span, range, fixes = [] } of found) {
      const file = path === 'a/.waybill.yaml' ? text : (others.get(path) ?? '');
      assertInside(file, span, range);
      for (const { edits } of fixes) for (const edit of edits) assertInside(file, edit.span);
    }
  }
  return { files: count, findings, fixed: 0, ...summary(times) };
}
