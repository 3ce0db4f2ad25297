// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelAction, PanelChip, StateMessage } from '../src/core/protocol/panel.ts';
import { ago, old } from '../src/core/protocol/relative-time.ts';
import { icon, shown, tool } from './templates.ts';

export interface HeaderEvents {
  action(action: PanelAction): void;
  copy(text: string): void;
}

function chipText({ value, time }: PanelChip, now: number): string {
  return shown(time === null ? value : time.form === 'ago' ? ago(time.at, now) : old(time.at, now));
}

function chipValue(chip: PanelChip, now: number): TemplateResult {
  const { mono, attention } = chip;
  return html`${attention ? icon('warning', 'is-attention small-icon') : nothing}<span class="cut ${mono ? 'mono' : ''}"
      >${chipText(chip, now)}</span
    >`;
}

/** One fact; those that join it under 560 px stand on its line there, and on their own where there is room. */
function chipTemplate(
  chip: PanelChip,
  joined: readonly PanelChip[],
  now: number,
  events: HeaderEvents,
): TemplateResult {
  const { label, copy, tooltip, joins } = chip;
  return html`<div class="chip ${joins === null ? '' : 'joins'}">
    <dt>${label}</dt>
    <dd title=${tooltip === null ? nothing : shown(tooltip)}>
      ${chipValue(chip, now)}${
        copy === null ? nothing : tool('copy', `Copy ${label.toLowerCase()}`, () => events.copy(copy), { small: true })
      }${joined.map((each) => html`<span class="joined">, ${each.joins}${chipText(each, now)}</span>`)}
    </dd>
  </div>`;
}

/** Name, what to do with the audit, and the facts that say which image this is. */
export function headerTemplate(
  { overview, running, key }: StateMessage,
  now: number,
  events: HeaderEvents,
): TemplateResult {
  const { context, name, chips, tabs } = overview;
  const hasSbom = tabs.some(({ tab, count }) => tab === 'packages' && count !== null);
  return html`<div class="head-line">
      ${icon('package')}
      <h1 title="${shown(context)}${shown(name)}">
        <span class="dim cut">${shown(context)}</span><b class="cut">${shown(name)}</b>
      </h1>
      <div class="head-tools">
        ${
          running
            ? html`<vscode-button
                secondary
                title="Stop the audit; finished answers stay"
                @click=${() => events.action('cancel')}
                >${icon('debug-stop')}<span>Cancel</span></vscode-button
              >`
            : html`<vscode-button
                secondary
                title="Audit this image again"
                aria-label="Re-audit"
                @click=${() => events.action('audit')}
                >${icon('refresh')}<span class="wide-only">Re-audit</span></vscode-button
              >`
        }
        ${key !== null && hasSbom ? tool('export', 'Save SBOM…', () => events.action('saveSbom')) : nothing}
        ${key !== null ? tool('json', 'Open report as JSON', () => events.action('openReport'), { classes: 'wide-only' }) : nothing}
        ${tool('output', 'Show log', () => events.action('showLog'))}
      </div>
    </div>
    <dl class="chips">
      ${chips.map((chip, at) => {
        const following = chips.slice(at + 1);
        const end = following.findIndex(({ joins }) => joins === null);
        const joined = chip.joins === null ? following.slice(0, end === -1 ? undefined : end) : [];
        return chipTemplate(chip, joined, now, events);
      })}
    </dl>`;
}
