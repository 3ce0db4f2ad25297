// SPDX-License-Identifier: Apache-2.0
import type { RuleExample, RuleInfo } from '../core/rules/define.ts';

/** docs/rules: one page a rule and an index. */
export function rulePages(rules: readonly RuleInfo[]): ReadonlyMap<string, string> {
  return new Map([
    ['docs/rules/README.md', index(rules)],
    ...rules.map((rule) => [`docs/rules/${rule.id}.md`, page(rule)] as const),
  ]);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function index(rules: readonly RuleInfo[]): string {
  const rows = rules.map(
    ({ id, slug, title, severity, offByDefault, category }) =>
      `| [${id}](${id}.md) | \`${slug}\` | ${severity}${offByDefault === true ? ', off by default' : ''} | ${category} | ${cell(title)} |`,
  );
  return [
    '# Rules',
    '',
    'A [policy](../policy.md) sets the severity of rules for everybody, `waybill.lint.rules` in the editor for yourself. A comment',
    'above an instruction leaves one finding out: `# waybill ignore=RULE owner=NAME expires=YYYY-MM-DD reason`. Without a reason it',
    'does not count. A waiver in the policy does the same for many.',
    '',
    '| id | name | severity | category | what it finds |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** A fence that no line of the text can close. */
function fenced(text: string, language: 'dockerfile' | 'yaml'): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.replace(/\n$/, ''), fence];
}

function examples(title: string, list: readonly RuleExample[], language: 'dockerfile' | 'yaml'): string[] {
  if (list.length === 0) return [];
  return [
    `## ${title}`,
    '',
    ...list.flatMap(({ text, note, policy, nearMiss }) => [
      nearMiss === true ? `${note} A near miss.` : note,
      '',
      ...fenced(text, language),
      '',
      ...(policy === undefined ? [] : ['With this policy:', '', ...fenced(policy, 'yaml'), '']),
    ]),
  ];
}

/** An image has no lines, so no comment can stand above one. */
function leaveOutImage(slug: string): string[] {
  const waiver = `waivers:\n  - rule: ${slug}\n    owner: NAME\n    reason: why it is right here\n    expires: 2027-01-31`;
  return [
    '## Leave it out',
    '',
    'In `.waybill.yaml`, for all images or for those that a `scope` names:',
    '',
    ...fenced(waiver, 'yaml'),
    '',
  ];
}

function leaveOut(slug: string): string[] {
  const comment = `# waybill ignore=${slug} owner=NAME expires=2027-01-31 why it is right here`;
  const waiver = `waivers:\n  - rule: ${slug}\n    owner: NAME\n    reason: why it is right here\n    expires: 2027-01-31`;
  return [
    '## Leave it out',
    '',
    ...fenced(comment, 'dockerfile'),
    '',
    'Or in `.waybill.yaml`, for all files or for those that a `scope` names:',
    '',
    ...fenced(waiver, 'yaml'),
    '',
  ];
}

function page(rule: RuleInfo): string {
  const { id, slug, title, language, severity, offByDefault, category, since, why, controls, refs } = rule;
  const written = language === 'dockerfile' ? 'dockerfile' : 'yaml';
  return [
    `# ${id}: ${title}`,
    '',
    `\`${slug}\` · ${severity}${offByDefault === true ? ', off by default' : ''} · ${category} · since ${since}`,
    '',
    why,
    '',
    ...examples('What it finds', rule.examples.bad, written),
    ...examples('What it leaves alone', rule.examples.good, written),
    ...(controls.length === 0
      ? []
      : ['## Bears on', '', ...controls.map((control) => `- NIST SP 800-53 ${control.id}, ${control.title}`), '']),
    ...(language === 'policy' ? [] : language === 'image' ? leaveOutImage(slug) : leaveOut(slug)),
    ...(refs.length === 0 ? [] : ['## Where this comes from', '', ...refs.map((ref) => `- ${ref}`), '']),
  ].join('\n');
}
