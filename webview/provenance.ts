// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { RawPart } from '../src/core/model/raw-part.ts';
import type { ProvenancePart } from '../src/core/protocol/evidence.ts';
import { commandsTemplate, rawTemplate, stepsTemplate } from './signatures.ts';
import { stateIcon } from './state-icon.ts';
import { icon, shown } from './templates.ts';

export interface ProvenanceEvents {
  open(url: string): void;
  copy(text: string): void;
  document(row: string, part: RawPart): void;
}

type Node = ProvenancePart['chain'][number];
type Check = ProvenancePart['also'][number];

const NODE_ICONS: Readonly<Record<Node['kind'], string>> = {
  source: 'git-commit',
  workflow: 'play-circle',
  builder: 'server-process',
  image: 'package',
};

function checksTemplate(checks: readonly Check[]): TemplateResult {
  return html`<ul class="chain-checks">
    ${checks.map(
      ({ state, text, note }) =>
        html`<li data-state=${state}>
          ${stateIcon(state)}<span
            >${shown(text)}${note === null ? nothing : html`<span class="second dim">${shown(note)}</span>`}</span
          >
        </li>`,
    )}
  </ul>`;
}

function nodeTemplate({ kind, title, lines, link, checks }: Node, events: ProvenanceEvents): TemplateResult {
  return html`<div class="chain-part">
    <div class="node">
      <div class="node-title dim">${icon(NODE_ICONS[kind])}${title}</div>
      ${lines.map(({ text, mono }, at) =>
        at === 0 && link !== null
          ? html`<button
              type="button"
              role="link"
              class="link inline cut"
              title=${shown(link)}
              @click=${() => events.open(link)}
            >
              ${shown(text)}
            </button>`
          : html`<div class="cut ${mono ? 'mono' : ''} ${at === 0 ? '' : 'dim'}" title=${shown(text)}>
              ${shown(text)}
            </div>`,
      )}
    </div>
    ${checksTemplate(checks)}
  </div>`;
}

function levelTemplate({ slsa }: ProvenancePart): TemplateResult {
  return html`<section>
    <h2>${slsa.title} <span class="dim">${shown(slsa.by)}</span></h2>
    <div
      class="levels"
      role="img"
      aria-label=${slsa.levels.map(({ label, reached }) => `${label}: ${reached ? 'reached' : 'not reached'}`).join(', ')}
    >
      ${slsa.levels.map(({ label, reached }) => html`<div class=${reached ? 'reached' : ''}><i></i>${label}</div>`)}
    </div>
    <p class="level-sentence">${shown(slsa.sentence)}</p>
    ${stepsTemplate(slsa.steps)}
  </section>`;
}

function materialsTemplate({ materials }: ProvenancePart): TemplateResult | typeof nothing {
  if (materials.rows.length === 0) return nothing;
  return html`<section>
    <h2>Materials <span class="dim">${materials.note}</span></h2>
    <table class="materials">
      <thead>
        <tr>
          <th scope="col">Material</th>
          <th scope="col">Digest</th>
          <th scope="col">Check</th>
        </tr>
      </thead>
      <tbody>
        ${materials.rows.map(
          ({ name, kind, digest, check }) =>
            html`<tr>
              <td data-label="Material">
                ${shown(name)}${kind === '' ? nothing : html`<span class="second dim">${kind}</span>`}
              </td>
              <td class="mono" data-label="Digest">${shown(digest)}</td>
              <td data-label="Check">
                ${check === null ? html`<span class="dim">not checked</span>` : html`<span class="step-state">${stateIcon(check.state)}${shown(check.text)}</span>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** From source to image, the level by its steps, and what went in. */
export function provenanceTemplate(part: ProvenancePart, events: ProvenanceEvents): TemplateResult {
  const { chain, description, also } = part;
  return html`${
      chain.length === 0
        ? nothing
        : html`<div class="chain" aria-label=${shown(description)}>
            ${chain.map((node) => nodeTemplate(node, events))}
          </div>`
    }
    <div class="pair">
      ${levelTemplate(part)}
      <div>
        ${materialsTemplate(part)}
        ${
          also.length === 0
            ? nothing
            : html`<section>
                <h2>Also found</h2>
                ${checksTemplate(also)}
              </section>`
        }
        ${rawTemplate(part.documents, (row, each) => events.document(row, each))}
        ${commandsTemplate(part.commands, (text) => events.copy(text))}
      </div>
    </div>`;
}
