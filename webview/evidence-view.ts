// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { EvidenceDetailPart } from '../src/core/protocol/evidence.ts';
import type { EvidencePage } from '../src/core/protocol/panel.ts';
import type { Channel } from './channel.ts';
import { provenanceTemplate } from './provenance.ts';
import { oneTabStop, rove, roveText } from './roving.ts';
import { detailTemplate, listTemplate } from './signatures.ts';

/** The two tabs about evidence: they ask the host once, and again when the report changes. */
export class WaybillEvidence extends LitElement {
  static override properties = {
    tab: {},
    revision: {},
    evidence: { state: true },
    detail: { state: true },
    row: { state: true },
  };

  declare tab: 'provenance' | 'signatures';
  declare revision: number;
  declare channel: Channel;
  declare say: (text: string) => void;
  /** Told which row a person has chosen, so that it is open again when the page comes back. */
  declare chosen: (row: string) => void;
  declare evidence: EvidencePage | null;
  declare detail: EvidenceDetailPart | null;
  /** The row whose detail is open, null before one was chosen. */
  declare row: string | null;

  constructor() {
    super();
    this.evidence = null;
    this.detail = null;
    this.row = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override focus(): void {
    this.querySelector<HTMLElement>('[role="option"][aria-selected="true"], .evidence-page')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('revision')) void this.#load();
  }

  protected override updated(): void {
    const rows = this.querySelector<HTMLElement>('.found');
    oneTabStop(rows, rows?.querySelector('[aria-selected="true"]'));
    oneTabStop(this.querySelector('.evidence-page'), null);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { evidence } = this;
    if (evidence === null) return nothing;
    if (this.tab === 'provenance') {
      return evidence.provenance === null
        ? html`<p class="evidence-page empty" tabindex="-1">${evidence.empty}</p>`
        : this.#page(
            provenanceTemplate(evidence.provenance, {
              open: (url) => this.channel.post({ type: 'openLink', url }),
              copy: (text) => this.channel.post({ type: 'copy', text }),
              document: (row, part) => this.channel.post({ type: 'openEvidence', row, part }),
            }),
          );
    }
    const { detail } = this;
    const { list } = evidence;
    if (list === null) return html`<p class="evidence-page empty" tabindex="-1">${evidence.empty}</p>`;
    return html`<div class="evidence-split">
      <div class="evidence-list">
        ${listTemplate(list, this.row, {
          choose: (row) => void this.#choose(row),
          key: (event) => this.#onKey(event),
        })}
      </div>
      ${
        detail === null
          ? html`<p class="evidence-page empty" tabindex="-1">
              ${list.rows.length === 0 ? 'Nothing was found beside this image.' : 'Choose a statement.'}
            </p>`
          : this.#page(
              detailTemplate(detail, {
                copy: (text) => this.channel.post({ type: 'copy', text }),
                copyItem: () => this.channel.post({ type: 'copyEvidence', row: detail.id }),
                document: (row, part) => this.channel.post({ type: 'openEvidence', row, part }),
              }),
            )
      }
    </div>`;
  }

  /** Open a row that was asked for from outside of the page. */
  async reveal(row: string): Promise<void> {
    await this.#choose(row);
    this.querySelector('[role="option"][aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  #page(content: TemplateResult): TemplateResult {
    return html`<div class="evidence-page" tabindex="-1" @keydown=${(event: KeyboardEvent) => this.#onPageKey(event)}>
      ${content}
    </div>`;
  }

  /** Escape leads from a detail back to its row; where there are no rows it is not ours. */
  #onPageKey(event: KeyboardEvent): void {
    if (roveText(event.currentTarget as HTMLElement, event) || event.key !== 'Escape') return;
    const row = this.querySelector<HTMLElement>('[role="option"][aria-selected="true"]');
    if (row === null) return;
    event.preventDefault();
    row.focus();
  }

  /** In a narrow panel the detail stands below the rows: it is brought to where it is seen. */
  async #choose(row: string): Promise<HTMLElement | null> {
    await this.#open(row);
    await this.updateComplete;
    const page = this.querySelector<HTMLElement>('.evidence-page');
    page?.scrollIntoView({ block: 'nearest' });
    return page;
  }

  /** Moving through the rows opens each, as a list in VS Code does; Enter goes on into what it opened. */
  #onKey(event: KeyboardEvent): void {
    const { row: opened } = (event.target as HTMLElement).dataset;
    if (event.key === 'Enter' && opened !== undefined) {
      event.preventDefault();
      void this.#choose(opened).then((page) => page?.focus({ preventScroll: true }));
      return;
    }
    if (!rove(event.currentTarget as HTMLElement, event, 'vertical')) return;
    const row = (document.activeElement as HTMLElement | null)?.dataset['row'];
    if (row !== undefined) void this.#open(row);
  }

  /** What was found, and what is open of it: together, so that nothing jumps. */
  async #load(): Promise<void> {
    const answer = await this.channel.ask<'evidence'>({ type: 'evidence' });
    if (answer === null) return;
    // What deserves a look comes first where nobody chose.
    if (answer.list?.rows.some(({ id }) => id === this.row) !== true) this.row = firstToSee(answer);
    const { row } = this;
    const detail = row === null ? null : await this.#detailOf(row);
    this.evidence = answer;
    if (this.row === row) this.detail = detail;
  }

  async #open(row: string): Promise<void> {
    this.row = row;
    this.chosen(row);
    const detail = await this.#detailOf(row);
    // Another row may be open by now.
    if (this.row !== row || detail === null) return;
    this.detail = detail;
    this.say(detail.title);
  }

  async #detailOf(row: string): Promise<EvidenceDetailPart | null> {
    return (await this.channel.ask<'evidenceItem'>({ type: 'evidenceItem', row }))?.detail ?? null;
  }
}

function firstToSee({ list }: EvidencePage): string | null {
  const rows = list?.rows ?? [];
  return (rows.find(({ state }) => state === 'failed' || state === 'attention') ?? rows[0])?.id ?? null;
}
