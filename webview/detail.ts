// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { DetailSection, PanelDetail, TableName } from '../src/core/protocol/panel.ts';
import { icon, severityIcon, shown, tool } from './templates.ts';

export interface DetailEvents {
  close(): void;
  reveal(table: TableName, row: string): void;
  open(url: string): void;
  copy(text: string): void;
}

function listed({ items, numbered }: DetailSection): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  const content = items.map(
    ({ code, text }) =>
      html`<li>
        <div>${code === null ? nothing : html`<code>${shown(code)}</code> `}${shown(text)}</div>
      </li>`,
  );
  return numbered
    ? html`<ol>
        ${content}
      </ol>`
    : html`<ul class="places">
        ${content}
      </ul>`;
}

function section(part: DetailSection, events: DetailEvents): TemplateResult {
  const { title, paragraphs, fields, related, link } = part;
  return html`<section>
    <h3>${title}</h3>
    ${paragraphs.map((paragraph) => html`<p>${shown(paragraph)}</p>`)} ${listed(part)}
    ${
      related.length === 0
        ? nothing
        : html`<ul class="related">
            ${related.map(
              ({ table, row, label, note, tone }) =>
                html`<li>
                  ${tone === null ? icon('library') : severityIcon(tone)}
                  <div>
                    <button type="button" class="link inline" @click=${() => events.reveal(table, row)}>
                      ${shown(label)}</button
                    >&nbsp;<span class="dim">${shown(note)}</span>
                  </div>
                </li>`,
            )}
          </ul>`
    }
    ${
      fields.length === 0
        ? nothing
        : html`<dl>
            ${fields.map(
              ({ label, value, mono }) =>
                html`<dt>${label}</dt>
                  <dd class=${mono ? 'mono' : ''}>${shown(value)}</dd>`,
            )}
          </dl>`
    }
    ${
      link === null
        ? nothing
        : html`<p class="away">
            <button
              type="button"
              role="link"
              class="link inline"
              title=${shown(link.url)}
              @click=${() => events.open(link.url)}
            >
              ${link.label}
            </button>
          </p>`
    }
  </section>`;
}

/** Everything about the current row; the first two sections lead, the others stand beside them where there is room. */
export function detailTemplate(detail: PanelDetail, events: DetailEvents): TemplateResult {
  const { title, tone, lead, sections, copyPurl } = detail;
  const half = Math.min(2, Math.ceil(sections.length / 2));
  return html`<header>
      ${tone === null ? icon('library') : severityIcon(tone)}
      <h2>${shown(title)}</h2>
      ${tool('close', 'Close details', () => events.close(), { small: true })}
    </header>
    <div class="columns">
      <div>
        ${lead === null ? nothing : html`<p class="lead">${shown(lead)}</p>`}
        ${sections.slice(0, half).map((part) => section(part, events))}
      </div>
      <div>
        ${sections.slice(half).map((part) => section(part, events))}
        ${
          copyPurl === null
            ? nothing
            : html`<p class="away">
                <button type="button" class="link inline" @click=${() => events.copy(copyPurl)}>Copy purl</button>
              </p>`
        }
      </div>
    </div>`;
}
