// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { RawPart } from '../src/core/model/raw-part.ts';
import type { EvidenceDetailPart, EvidenceListPart } from '../src/core/protocol/evidence.ts';
import { stateIcon } from './state-icon.ts';
import { shown, tool } from './templates.ts';

export interface ListEvents {
  choose(row: string): void;
  key(event: KeyboardEvent): void;
}

/** What was found, then where Waybill looked. */
export function listTemplate(list: EvidenceListPart, chosen: string | null, events: ListEvents): TemplateResult {
  return html`<h2 class="pane-head">${list.heading}</h2>
    <div
      class="found"
      role="listbox"
      aria-label="What was found"
      @keydown=${(event: KeyboardEvent) => events.key(event)}
    >
      ${list.rows.map(
        ({ id, state, title, note }) =>
          html`<button
            type="button"
            role="option"
            class="found-row"
            data-row=${id}
            data-state=${state}
            aria-selected=${String(id === chosen)}
            @click=${() => events.choose(id)}
          >
            ${stateIcon(state)}
            <span class="cut">${shown(title)}</span>
            <span class="second dim">${shown(note)}</span>
          </button>`,
      )}
    </div>
    <h2 class="pane-head">Where Waybill looked</h2>
    <ul class="looked">
      ${list.places.map(
        ({ state, label, note, address }) =>
          html`<li data-state=${state}>
            ${state === 'verified' || state === 'absent' ? html`<i class="codicon codicon-check dim" aria-hidden="true"></i>` : stateIcon(state)}
            <span title=${shown(address)}>${shown(label)} <span class="dim">${shown(note)}</span></span>
          </li>`,
      )}
    </ul>`;
}

export interface DetailEvents {
  copy(text: string): void;
  copyItem(): void;
  document(row: string, part: RawPart): void;
}

type Fields = EvidenceDetailPart['signer'];

function fieldsTemplate(title: string, fields: Fields): TemplateResult | typeof nothing {
  if (fields.length === 0) return nothing;
  return html`<section>
    <h3>${title}</h3>
    <dl>
      ${fields.map(
        ({ label, value, mono }) =>
          html`<dt>${shown(label)}</dt>
            <dd class=${mono ? 'mono' : ''}>${shown(value)}</dd>`,
      )}
    </dl>
  </section>`;
}

/** Steps with state, word, title and detail: checks of a signature, steps of a level. */
export function stepsTemplate(steps: EvidenceDetailPart['checks']): TemplateResult {
  return html`<ul class="steps">
    ${steps.map(
      ({ state, word, title, detail }) =>
        html`<li data-state=${state}>
          <span class="step-state">${stateIcon(state)}${word}</span>
          <span class="step-text">${shown(title)}<span class="second dim">${shown(detail)}</span></span>
        </li>`,
    )}
  </ul>`;
}

/** The commands that repeat a check, each with a button that copies it. */
export function commandsTemplate(
  commands: EvidenceDetailPart['commands'],
  copy: (text: string) => void,
): TemplateResult | typeof nothing {
  if (commands.length === 0) return nothing;
  return html`<section>
    <h3>Repeat this check</h3>
    ${commands.map(
      ({ tool: name, command }) =>
        html`<div class="command">
          <code>${shown(command)}</code
          >${tool('copy', `Copy the ${name} command`, () => copy(command), { small: true })}
        </div>`,
    )}
  </section>`;
}

/** What can be opened beside the panel, and copied. */
export function rawTemplate(
  documents: EvidenceDetailPart['documents'],
  open: (row: string, part: RawPart) => void,
  copy: (() => void) | null = null,
): TemplateResult | typeof nothing {
  if (documents.length === 0 && copy === null) return nothing;
  return html`<section>
    <h3>Raw</h3>
    <p class="raw-links">
      ${documents.map(
        ({ row, part, label }) =>
          html`<button type="button" class="link inline" data-part=${part} @click=${() => open(row, part)}>
            ${label}
          </button>`,
      )}
      ${copy === null ? nothing : html`<button type="button" class="link inline" @click=${copy}>Copy as JSON</button>`}
    </p>
  </section>`;
}

type Section = TemplateResult | typeof nothing;

/** Two columns; of what nobody signed there is little, and it does not leave the first of them empty. */
function pairTemplate(first: readonly Section[], second: readonly Section[], last: Section): TemplateResult {
  const isThere = (section: Section): boolean => section !== nothing;
  const signed = first.some(isThere);
  const left = signed ? first : second;
  const right = signed ? [...second, last] : [last];
  return html`<div class="pair">
    ${left.some(isThere) ? html`<div>${left}</div>` : nothing}
    <div>${right}</div>
  </div>`;
}

/** One thing that was found: verdict, every check, who signed and when, what it says. */
export function detailTemplate(detail: EvidenceDetailPart, events: DetailEvents): TemplateResult {
  const { state, title, explanation, checkSummary, checks, raw } = detail;
  return html`<div class="verdict">
      ${stateIcon(state)}
      <div>
        <h2>${shown(title)}</h2>
        ${explanation === null ? nothing : html`<p>${shown(explanation)}</p>`}
      </div>
    </div>
    ${
      checks.length === 0
        ? nothing
        : html`<section>
            <h3>Checks <span class="dim">${checkSummary}</span></h3>
            ${stepsTemplate(checks)}
          </section>`
    }
    ${pairTemplate(
      [
        fieldsTemplate('Signer', detail.signer),
        fieldsTemplate('Log and time', detail.times),
        fieldsTemplate('Trusted root', detail.root),
      ],
      [
        fieldsTemplate('Certificate', detail.certificate),
        fieldsTemplate('What it says', detail.claims),
        raw === null
          ? nothing
          : html`<section>
              <h3>Statement, not read further</h3>
              <pre class="raw" tabindex="0">${shown(raw)}</pre>
            </section>`,
      ],
      rawTemplate(
        detail.documents,
        (row, part) => events.document(row, part),
        () => events.copyItem(),
      ),
    )}
    ${commandsTemplate(detail.commands, (text) => events.copy(text))}`;
}
