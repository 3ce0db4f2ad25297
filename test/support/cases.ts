// SPDX-License-Identifier: Apache-2.0
// The hand-made Dockerfiles, and what is found in each: test/rules/golden.test.ts compares, scripts/golden.mjs writes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lint } from '../../src/core/lint/engine.ts';
import type { Finding } from '../../src/core/model/finding.ts';
import { apkoRules, melangeRules } from '../../src/core/rules/config-index.gen.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { lintText, TODAY, underPolicy } from './linting.ts';
import { neighboursOf } from './neighbours.ts';

export interface Case {
  readonly name: string;
  readonly text: string;
  readonly policy: string;
}

const folder = join(import.meta.dirname, '..', 'fixtures', 'dockerfiles');
export const goldenFile = join(folder, 'golden.json');
export const configGoldenFile = join(folder, '..', 'config-golden.json');

/** `=== name [crlf|bom|chop]` starts a file, `--- policy` its policy. */
function read(file: string): readonly Case[] {
  const parts = readFileSync(join(folder, file), 'utf8').split(/^=== (.*)\n/m);
  return parts.flatMap((title, i) => {
    if (i % 2 === 0) return [];
    const [, name = '', mark] = /^(.*?)(?: \[(crlf|bom|chop)\])?$/.exec(title) ?? [];
    const [body = '', policy = ''] = (parts[i + 1] ?? '').split('--- policy\n');
    const shaped: Readonly<Record<string, string>> = {
      crlf: body.replaceAll('\n', '\r\n'),
      bom: `\ufeff${body}`,
      chop: body.slice(0, -1),
    };
    return [{ name, text: shaped[mark ?? ''] ?? body, policy }];
  });
}

/** The hand-made files. */
export function handMade(): readonly Case[] {
  return [1, 2, 3, 4].flatMap((part) => read(`cases-${part}.txt`));
}

/** The rules' own examples, where other rules have their say too. */
export function examples(): readonly Case[] {
  return dockerfileRules.flatMap(({ id, examples: { bad, good } }) =>
    [...bad, ...good].map(({ text, note, policy = '' }) => ({ name: `${id}: ${note}`, text, policy })),
  );
}

/** What a golden entry holds: rule, severity, range, message, then the fixes and what else goes with it. */
function shown(finding: Finding): unknown {
  const { ruleId, severity, range, message, suppressed, related, fixes } = finding;
  const { start, end } = range;
  const own = (fixes ?? []).filter(({ title }) => !title.startsWith('Ignore '));
  return [
    ruleId,
    suppressed === null ? severity : `${severity} (suppressed)`,
    `${start.line}:${start.column}-${end.line}:${end.column}`,
    message,
    ...(finding.data === undefined ? [] : [`data ${JSON.stringify(finding.data)}`]),
    ...(related ?? []).map((each) => `related ${each.span.start}-${each.span.end} ${each.message}`),
    ...own.map(
      ({ title, preferred, edits }) =>
        `${preferred === true ? 'preferred' : 'fix'} ${title}: ${edits.map(({ span, newText }) => `${span.start}-${span.end} ${JSON.stringify(newText)}`).join(', ')}`,
    ),
  ];
}

/** The builder's refusal, if any, then the findings; rules that are off by default are on. */
export async function judged({ text, policy }: Case): Promise<readonly unknown[]> {
  const off = dockerfileRules.filter(({ offByDefault }) => offByDefault === true);
  const severities = Object.fromEntries(off.map(({ slug, severity }) => [slug, severity]));
  const options = await underPolicy(policy);
  if (options.policy?.problems.length !== 0) throw new Error(`A mistake in the policy: ${policy}`);
  const { error, findings } = lintText(text, { ...options, severities });
  return [...(error === null ? [] : [`refused: ${error.message}`]), ...findings.map(shown)];
}

export interface ConfigCase extends Case {
  readonly language: 'apko' | 'melange';
  readonly files?: Readonly<Record<string, string>>;
  readonly head?: string;
}

/** `=== LANGUAGE: name` starts a file, `--- policy` its policy, `--- file NAME` one beside it, `--- head` what git has. */
function handMadeConfigs(): readonly ConfigCase[] {
  const parts = readFileSync(join(folder, '..', 'config-cases.txt'), 'utf8').split(/^=== (.*)\n/m);
  return parts.flatMap((name, i): ConfigCase[] => {
    if (i % 2 === 0) return [];
    const [text = '', ...more] = (parts[i + 1] ?? '').split(/^--- (.*)\n/m);
    const given = new Map(more.flatMap((what, at) => (at % 2 === 0 ? [[what, more[at + 1] ?? ''] as const] : [])));
    const files = [...given].flatMap(([what, content]) => (what.startsWith('file ') ? [[what.slice(5), content]] : []));
    const head = given.get('head');
    return [
      {
        name,
        text,
        policy: given.get('policy') ?? '',
        language: name.startsWith('apko') ? 'apko' : 'melange',
        ...(files.length === 0 ? {} : { files: Object.fromEntries(files) as Record<string, string> }),
        ...(head === undefined ? {} : { head }),
      },
    ];
  });
}

/** The hand-made apko and melange files, and the examples of the rules about them. */
export function configExamples(): readonly ConfigCase[] {
  const ofRules = [...apkoRules, ...melangeRules].flatMap(({ id, language, examples: { bad, good } }) =>
    [...bad, ...good].map(({ note, policy = '', ...example }) => ({
      ...example,
      name: `${id}: ${note}`,
      policy,
      language,
    })),
  );
  return [...handMadeConfigs(), ...ofRules];
}

/** What is found in one of them, whichever rule finds it. */
export async function judgedConfig(each: ConfigCase): Promise<readonly unknown[]> {
  const off = [...apkoRules, ...melangeRules].filter(({ offByDefault }) => offByDefault === true);
  const severities = Object.fromEntries(off.map(({ slug, severity }) => [slug, severity]));
  const options = {
    today: TODAY,
    ...(await underPolicy(each.policy)),
    ...neighboursOf(each.language, each),
    severities,
  };
  const { error, findings } = lint(each.text, each.language, options);
  return [...(error === null ? [] : [`refused: ${error.message}`]), ...findings.map(shown)];
}
