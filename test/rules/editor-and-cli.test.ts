// SPDX-License-Identifier: Apache-2.0
// What the editor shows and what `waybill lint` prints are the same findings. VS Code's value classes are stood in for;
// the integration tests show the conversion in the real host.
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { lint } from '../../src/core/lint/engine.ts';
import { lintDocument } from '../../src/core/output/lint-document.ts';
import { visibleText } from '../../src/core/protocol/visible-text.ts';
import { knownRules } from '../../src/core/rules/known.ts';
import { SourceText } from '../../src/core/text/source-text.ts';
import { configExamples, examples, handMade } from '../support/cases.ts';
import { corpus } from '../support/corpus.ts';
import { TODAY, underPolicy } from '../support/linting.ts';

interface Shown {
  readonly message: string;
  readonly severity: number;
  readonly code: string | { readonly value: string; readonly target: string };
  readonly range: {
    readonly startLine: number;
    readonly startCharacter: number;
    readonly endLine: number;
    readonly endCharacter: number;
  };
}

const VSCODE = `
export class Range { constructor(a, b, c, d) { typeof a === 'number' ? Object.assign(this, { startLine: a, startCharacter: b, endLine: c, endCharacter: d }) : Object.assign(this, { startLine: a.line, startCharacter: a.character, endLine: b.line, endCharacter: b.character }); } }
export class Diagnostic { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } }
export class DiagnosticRelatedInformation { constructor(location, message) { Object.assign(this, { location, message }); } }
export class Location { constructor(uri, range) { Object.assign(this, { uri, range }); } }
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const DiagnosticTag = { Unnecessary: 1, Deprecated: 2 };
export const Uri = { parse: (text) => text };
`;

const SEVERITIES = ['error', 'warning', 'info', 'hint'];

describe('editor and command line', () => {
  it('have the same findings in every hand-made file, every example in any language and the corpus', async () => {
    const hooks = registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'vscode'
          ? { url: `data:text/javascript,${encodeURIComponent(VSCODE)}`, shortCircuit: true }
          : next(specifier, context),
    });
    const { toDiagnostics } = await import('../../src/editor/lint/convert.ts').finally(() => hooks.deregister());
    const dockerfiles = [...handMade(), ...examples(), ...corpus().map(({ text }) => ({ text, policy: '' }))];
    const all = [...dockerfiles.map((each) => ({ ...each, language: 'dockerfile' as const })), ...configExamples()];
    let compared = 0;
    for (const { text, policy, language } of all) {
      const result = lint(text, language, { today: TODAY, ...(await underPolicy(policy)) });
      const source = new SourceText(text);
      const positionAt = (offset: number): { line: number; character: number } => {
        const { line, column } = source.positionAt(offset);
        return { line: line - 1, character: column - 1 };
      };
      const document = { uri: 'file:///Dockerfile', positionAt } as unknown as Parameters<typeof toDiagnostics>[0];
      const shown = toDiagnostics(document, result) as unknown as readonly Shown[];
      const refused = shown.filter(({ code }) => code === 'refused');
      const { error } = result;
      const file = {
        path: 'Dockerfile',
        language,
        error: error === null ? null : { message: error.message, line: error.range.start.line },
        findings: result.findings,
      };
      const printed = lintDocument([file], 0, { name: 'waybill', version: '0' }, knownRules);
      const counting = printed.findings.filter(({ suppressed }) => suppressed === null);
      // Of apko and melange files a rule says it.
      const toldByRule = printed.findings.some(({ ruleId }) => ruleId === 'WB2000' || ruleId === 'WB3000');
      assert.equal(refused.length, printed.files[0]?.error === null || toldByRule ? 0 : 1, text);
      assert.deepEqual(
        shown
          .filter(({ code }) => code !== 'refused')
          .map(({ message, severity, code, range }) => ({
            slug: typeof code === 'string' ? code : code.value,
            docs: typeof code === 'string' ? '' : code.target,
            severity: SEVERITIES[severity],
            message,
            start: { line: range.startLine + 1, column: range.startCharacter + 1 },
            end: { line: range.endLine + 1, column: range.endCharacter + 1 },
          })),
        counting.map(({ slug, docs, severity, message, range: { start, end } }) => ({
          slug,
          docs,
          severity,
          message: visibleText(message),
          start,
          end,
        })),
        text,
      );
      compared += counting.length;
    }
    assert.ok(compared > 2500, String(compared));
  });
});
