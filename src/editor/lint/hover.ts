// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { Catalogue, Judgement } from '../../core/catalogue/lookup.ts';
import type { LifecycleAnswer } from '../../core/catalogue/lifecycle.ts';
import type { ImageReference } from '../../core/model/image-reference.ts';
import { escapeMarkdown } from '../../core/explorer/markdown.ts';
import { spanRange } from './convert.ts';
import { today } from '../policy/policies.ts';
import type { Linter } from './linter.ts';

/** What the catalogue says of a base, on its name in FROM. */
export class BaseHoverProvider implements vscode.HoverProvider {
  readonly #linter: Linter;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const facts = this.#linter.facts(document);
    const stage = facts?.stages.find((each) => spanRange(document, each.baseSpan).contains(position));
    if (stage === undefined || stage.base.kind !== 'image') return null;
    const lines = describe(this.#linter.catalogueFor(document), stage.base.reference, stage.base.resolved);
    if (lines === null) return null;
    const text = new vscode.MarkdownString(lines, true);
    return new vscode.Hover(text, spanRange(document, stage.baseSpan));
  }
}

function describe(catalogue: Catalogue, reference: ImageReference, resolved: string): string | null {
  const entry = catalogue.find(reference);
  if (entry === null) return null;
  const user = catalogue.user(reference);
  const rows = [
    ...catalogue.lifecycles(reference, today()).map((answer) => ['Support', lifecycle(answer)] as const),
    ['Minimal', judgement(catalogue.minimal(reference))] as const,
    ['Validated module', judgement(catalogue.validatedModule(reference))] as const,
    ...(user === null ? [] : [['User', `$(account) ${escapeMarkdown(user.value)}`] as const]),
  ];
  const asOf = catalogue.minimal(reference).asOf;
  return [
    `**${escapeMarkdown(resolved)}** ${escapeMarkdown(entry.category.replaceAll('-', ' '))}`,
    '',
    '| | |',
    '|:--|:--|',
    ...rows.map(([label, value]) => `| **${label}** | ${value} |`),
    '',
    ...(entry.deprecated === null ? [] : [`$(warning) ${escapeMarkdown(entry.deprecated)}`, '']),
    `By Waybill's catalogue${asOf === null ? '' : ` as of ${asOf}`}; the image itself was not looked at.`,
  ].join('\n');
}

const ANSWER = { yes: '$(pass) Yes', no: '$(circle-slash) No', unknown: '$(question) Unknown' } as const;

function judgement({ value, reason }: Judgement): string {
  return `${ANSWER[value]}: ${escapeMarkdown(reason)}`;
}

function lifecycle({ product, cycle, state, ends, extendedUntil }: LifecycleAnswer): string {
  const name = escapeMarkdown(`${product} ${cycle}`);
  const on = ends === null ? '' : ` ${ends}`;
  switch (state) {
    case 'ended':
      return `$(warning) ${name} ended${on}`;
    case 'extended':
      return `$(warning) ${name} ended${on}, extended support until ${extendedUntil ?? 'an unknown day'}`;
    case 'ending':
      return `$(info) ${name} ends${on}`;
    case 'supported':
      return `$(pass) ${name}${ends === null ? ' is supported' : ` until ${ends}`}`;
  }
}
