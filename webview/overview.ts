// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { AnswerState } from '../src/core/protocol/answer-state.ts';
import type { Overview, OverviewAnswer, PanelAction, TabName } from '../src/core/protocol/panel.ts';
import { stateIcon } from './state-icon.ts';
import { capital, grouped, severityIcon, shown } from './templates.ts';

export interface OverviewEvents {
  tab(tab: TabName): void;
  action(action: PanelAction): void;
}

const QUIET: ReadonlySet<AnswerState> = new Set(['notChecked', 'waiting', 'unknown']);

function bar(parts: readonly { classes: string; count: number; words: string }[], label: string): TemplateResult {
  return html`<div class="bar" role="img" aria-label=${label}>
    ${parts
      .filter(({ count }) => count > 0)
      .map(({ classes, count }) => html`<i class=${classes} .style=${`flex-grow:${count}`}></i>`)}
  </div>`;
}

function types(overview: Overview): TemplateResult {
  const parts = overview.types.map(({ label, count }, at) => ({
    classes: `type-${Math.min(at + 1, 4)}`,
    count,
    words: `${grouped(count)} ${shown(label)}`,
  }));
  return html`${bar(parts, `Components by type: ${parts.map(({ words }) => words).join(', ')}`)}
    <ul class="legend">
      ${parts.map(({ classes, words }) => html`<li class="number"><i class="key ${classes}" aria-hidden="true"></i>${words}</li>`)}
    </ul>`;
}

function severities(overview: Overview): TemplateResult {
  const parts = overview.severities.map(({ severity, count, fixable }) => ({
    severity,
    classes: `tone-${severity}`,
    count,
    words: `${grouped(count)} ${capital(severity)}`,
    tooltip:
      count === 0
        ? 'None'
        : fixable === 0
          ? 'None has a fix'
          : `${grouped(fixable)} of ${grouped(count)} ${fixable === 1 ? 'has' : 'have'} a fix`,
  }));
  const told = parts.filter(({ severity, count }) => severity !== 'unknown' || count > 0);
  const label = `Known vulnerabilities by severity: ${told.map(({ words, tooltip }) => `${words}, ${tooltip.toLowerCase()}`).join('; ')}`;
  return html`${bar(parts, label)}
    <ul class="legend">
      ${told.map(
        ({ severity, count, words, tooltip }) =>
          html`<li class="number ${count === 0 ? 'zero' : ''}" title=${tooltip}>${severityIcon(severity)}${words}</li>`,
      )}
    </ul>`;
}

function chart(answer: OverviewAnswer, overview: Overview): TemplateResult | typeof nothing {
  if (answer.chart === null) return nothing;
  if (answer.state === 'running') return html`<div class="bar waits" aria-hidden="true"><i></i></div>`;
  if (answer.state === 'waiting') return nothing;
  return answer.chart === 'types' ? types(overview) : severities(overview);
}

function answerTemplate(answer: OverviewAnswer, overview: Overview, events: OverviewEvents): TemplateResult {
  const { id, question, state, word, sentence, note, actions, link } = answer;
  const buttons = actions.map(
    ({ label, action }) =>
      html` <button type="button" class="link inline" @click=${() => events.action(action)}>${label}</button>`,
  );
  return html`<section class="answer" data-answer=${id} data-state=${state} aria-label="${word}. ${question}">
    ${stateIcon(state)}
    <h2>${question}</h2>
    <div class="text">
      <p class="sentence ${QUIET.has(state) ? 'dim' : ''}">${shown(sentence)}${note === null ? buttons : nothing}</p>
      ${chart(answer, overview)} ${note === null ? nothing : html`<p class="note">${shown(note)}${buttons}</p>`}
    </div>
    ${
      link === null
        ? nothing
        : html`<button
            type="button"
            class="link evidence"
            @click=${() => {
              if (link.tab !== null) events.tab(link.tab);
              else if (link.action !== null) events.action(link.action);
            }}
          >
            ${link.label}
          </button>`
    }
  </section>`;
}

/** The questions, each with its answer and where the evidence is. */
export function overviewTemplate(overview: Overview, events: OverviewEvents): TemplateResult {
  return html`${overview.answers.map((answer) => answerTemplate(answer, overview, events))}
  ${overview.foot === null ? nothing : html`<p class="foot">${shown(overview.foot)}</p>`}`;
}
