// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '../model/severity.ts';
import type { LintDocument, LintDocumentFinding } from './lint-schema.ts';

const counting = (document: LintDocument): readonly LintDocumentFinding[] =>
  document.findings.filter(({ suppressed }) => suppressed === null);

const place = ({ path, range }: LintDocumentFinding): string => `${path}:${range.start.line}:${range.start.column}`;

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Control characters, which a file must not send to a terminal. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text of a file as a terminal may have it. */
export function shown(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** For a terminal: one line a finding, a summary last. */
export function lintText(document: LintDocument): string {
  const lines = document.files.flatMap(({ path, error }) =>
    error === null ? [] : [shown(`${path}: cannot be built: ${error}`)],
  );
  for (const finding of counting(document)) {
    lines.push(shown(`${place(finding)}: ${finding.severity}: ${finding.message} [${finding.ruleId} ${finding.slug}]`));
  }
  const { summary } = document;
  const suppressed = document.findings.length - counting(document).length;
  const counts = (['error', 'warning', 'info', 'hint'] as const)
    .filter((each) => summary[each] > 0)
    .map((each) => (each === 'info' ? `${summary.info} info` : plural(summary[each], each)));
  lines.push(
    `${plural(summary.files, 'file')}: ${counts.length === 0 ? 'no findings' : counts.join(', ')}${suppressed === 0 ? '' : `, ${suppressed} ignored with a reason`}`,
  );
  return `${lines.join('\n')}\n`;
}

/** GitHub workflow commands. */
export function lintGithub(document: LintDocument): string {
  const command: Record<FindingSeverity, string> = {
    error: 'error',
    warning: 'warning',
    info: 'notice',
    hint: 'notice',
  };
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return counting(document)
    .map(({ severity, path, range, ruleId, message }) => {
      const end = range.end.line === range.start.line ? `,endColumn=${range.end.column}` : '';
      return `::${command[severity]} file=${property(path)},line=${range.start.line},endLine=${range.end.line},col=${range.start.column}${end},title=${ruleId}::${data(message)}\n`;
    })
    .join('');
}

/** GitLab's Code Quality report. */
export function lintGitlab(document: LintDocument, hash: (text: string) => string): string {
  const severity: Record<FindingSeverity, string> = {
    error: 'critical',
    warning: 'major',
    info: 'minor',
    hint: 'info',
  };
  const issues = counting(document).map((finding) => ({
    description: finding.message,
    check_name: finding.ruleId,
    fingerprint: hash(
      `${finding.ruleId}\n${finding.path}\n${finding.range.start.line}:${finding.range.start.column}\n${finding.message}`,
    ),
    severity: severity[finding.severity],
    location: { path: finding.path, lines: { begin: finding.range.start.line, end: finding.range.end.line } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

function xml(text: string): string {
  const named: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    // A reader turns plain ones inside an attribute into blanks.
    '\t': '&#9;',
    '\n': '&#10;',
    '\r': '&#13;',
  };
  // Characters that XML 1.0 does not allow are shown as the replacement character.
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (found) => named[found] ?? found);
}

/** Checkstyle XML. */
export function lintCheckstyle(document: LintDocument): string {
  const severity: Record<FindingSeverity, string> = { error: 'error', warning: 'warning', info: 'info', hint: 'info' };
  const byPath = Map.groupBy(counting(document), ({ path }) => path);
  const files = document.files.map(({ path }) => {
    const errors = (byPath.get(path) ?? []).map(
      ({ range, severity: level, message, ruleId }) =>
        `    <error line="${range.start.line}" column="${range.start.column}" severity="${severity[level]}" message="${xml(message)}" source="waybill.${ruleId}"/>\n`,
    );
    return `  <file name="${xml(path)}">\n${errors.join('')}  </file>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${files.join('')}</checkstyle>\n`;
}
