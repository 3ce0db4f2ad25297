// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AnswerState } from '../src/core/protocol/answer-state.ts';
import {
  type HostMessage,
  isTable,
  type PanelState,
  PROTOCOL_VERSION,
  TABLES,
  type StateMessage,
  type TableName,
  type TablePlace,
  type TabName,
} from '../src/core/protocol/panel.ts';
import { Channel, type VsCodeApi } from './channel.ts';
import type { WaybillEvidence } from './evidence-view.ts';
import { RowStore } from './grid/row-store.ts';
import { headerTemplate } from './header.ts';
import { LiveRegion } from './live-region.ts';
import { openMenu } from './menu.ts';
import { overviewTemplate } from './overview.ts';
import { oneTabStop, rove, roveText } from './roving.ts';
import type { DetailSize } from './sash.ts';
import { stateIcon } from './state-icon.ts';
import type { WaybillTable } from './table-view.ts';
import { grouped, icon, shown, tool } from './templates.ts';

/** "12 minutes ago" is looked at again this often. */
const TICK = 30_000;

function emptyPlace(table: TableName): TablePlace {
  return { query: { table, sort: [], filter: '', hidden: {} }, row: null, facets: null, widths: {} };
}

type Tabs = StateMessage['overview']['tabs'];
/** What the icon of a tab says, for those who cannot see it. */
const TAB_WORDS: Partial<Readonly<Record<AnswerState, string>>> = {
  failed: 'does not hold',
  attention: 'look here',
  couldNotCheck: 'could not check',
};
/** Under this width (px) not all tabs fit; this many stay, with the open one among them. */
const NARROW = 560;
const NARROW_TABS = 3;

function fitting(tabs: Tabs, open: TabName, width: number): { shown: Tabs; more: Tabs } {
  if (width >= NARROW) return { shown: tabs, more: [] };
  const first = tabs.slice(0, NARROW_TABS);
  const kept = first.some(({ tab }) => tab === open)
    ? first
    : [...tabs.slice(0, NARROW_TABS - 1), ...tabs.filter(({ tab }) => tab === open)];
  return { shown: kept, more: tabs.filter((each) => !kept.includes(each)) };
}

/** The page: header, tabs, and the tab that is open. */
export class WaybillPanel extends LitElement {
  static override properties = {
    message: { state: true },
    tab: { state: true },
    width: { state: true },
    now: { state: true },
  };

  declare message: StateMessage | null;
  declare tab: TabName;
  declare width: number;
  declare now: number;
  readonly #channel: Channel;
  readonly #stores: Record<TableName, RowStore>;
  readonly #live = new LiveRegion();
  #places: Record<TableName, TablePlace> = {
    packages: emptyPlace('packages'),
    vulnerabilities: emptyPlace('vulnerabilities'),
  };
  #detailSize: DetailSize = { width: 0, height: 0 };
  #evidenceRow: string | null = null;
  #wanted: Extract<HostMessage, { type: 'reveal' }> | null = null;

  constructor(api: VsCodeApi) {
    super();
    this.message = null;
    this.tab = 'overview';
    this.width = window.innerWidth;
    this.now = Date.now();
    this.#channel = new Channel(api, (message) => this.#onMessage(message));
    this.#stores = { packages: new RowStore(this.#channel), vulnerabilities: new RowStore(this.#channel) };
    this.#restore(this.#channel.loadState());
    new ResizeObserver(() => {
      this.width = this.clientWidth;
    }).observe(this);
    setInterval(() => {
      this.now = Date.now();
    }, TICK);
    window.addEventListener('keydown', (event) => this.#onKey(event));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    // Beside the panel: what the panel renders replaces everything inside it.
    this.after(this.#live.element);
    this.#channel.post({ type: 'ready' });
  }

  protected override updated(): void {
    for (const selector of ['.head', '.tabs', '.body.text']) {
      const region = this.querySelector<HTMLElement>(selector);
      oneTabStop(region, region?.querySelector(':focus'));
    }
    const wanted = this.#wanted;
    if (wanted !== null && this.message !== null && wanted.tab === this.tab) {
      this.#wanted = null;
      void this.#go(wanted);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { message } = this;
    if (message === null) return nothing;
    const { overview, running } = message;
    return html`<div class="panel">
      ${running ? html`<vscode-progress-bar indeterminate aria-label="Audit running"></vscode-progress-bar>` : nothing}
      <header
        class="head"
        @keydown=${(event: KeyboardEvent) => rove(event.currentTarget as HTMLElement, event, 'horizontal')}
      >
        ${headerTemplate(message, this.now, {
          action: (action) => this.#channel.post({ type: 'action', action }),
          copy: (text) => this.#channel.post({ type: 'copy', text }),
        })}
      </header>
      ${this.#tabs(message)}
      ${overview.notices.map(
        ({ kind, text, actions }) =>
          html`<div class="notice" role="note">
            ${icon(kind === 'attention' ? 'warning' : 'info', `is-${kind}`)}
            <p>
              ${shown(text)}
              ${actions.map(
                ({ label, action }) =>
                  html`<button
                    type="button"
                    class="link inline"
                    @click=${() => this.#channel.post({ type: 'action', action })}
                  >
                    ${label}
                  </button>`,
              )}
            </p>
          </div>`,
      )}
      ${
        this.tab === 'overview'
          ? this.#overview(message)
          : isTable(this.tab)
            ? this.#table(message, this.tab)
            : this.#evidence(message, this.tab)
      }
    </div>`;
  }

  #tabs({ overview }: StateMessage): TemplateResult {
    const { shown: visible, more } = fitting(overview.tabs, this.tab, this.width);
    return html`<div
      class="tabs"
      role="tablist"
      aria-label="Audit views"
      @keydown=${(event: KeyboardEvent) => rove(event.currentTarget as HTMLElement, event, 'horizontal')}
    >
      ${visible.map(
        ({ tab, label, count, state }) =>
          html`<button
            type="button"
            class="tab"
            role="tab"
            id="tab-${tab}"
            aria-selected=${String(tab === this.tab)}
            aria-controls="view"
            @click=${() => this.#open(tab)}
          >
            ${label}${count === null ? nothing : html`<span class="count">${grouped(count)}</span>`}
            ${state === null ? nothing : html`<span role="img" aria-label=${TAB_WORDS[state] ?? nothing}>${stateIcon(state)}</span>`}
          </button>`,
      )}
      ${
        more.length === 0
          ? nothing
          : tool('ellipsis', 'More views', (event) => {
              const { left, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
              const items = more.map(({ tab, label }) => ({ label, run: () => this.#open(tab) }));
              openMenu(this, items, left, bottom, 'More views');
            })
      }
    </div>`;
  }

  #overview({ overview }: StateMessage): TemplateResult {
    return html`<main
      class="body text"
      id="view"
      role="tabpanel"
      aria-labelledby="tab-overview"
      tabindex="-1"
      @keydown=${(event: KeyboardEvent) => roveText(event.currentTarget as HTMLElement, event)}
    >
      ${overviewTemplate(overview, {
        tab: (tab) => {
          this.#open(tab);
          void this.updateComplete.then(() =>
            this.querySelector<HTMLElement>('waybill-grid, waybill-evidence')?.focus(),
          );
        },
        action: (action) => this.#channel.post({ type: 'action', action }),
      })}
    </main>`;
  }

  #table(message: StateMessage, table: TableName): TemplateResult {
    // One element per table, so that neither shows the other's rows while its own are on their way.
    const parts = {
      packages: html`<waybill-table
        table="packages"
        .channel=${this.#channel}
        .store=${this.#stores.packages}
        .events=${this.#tableEvents('packages')}
        .info=${message.tables.packages}
        .place=${this.#places.packages}
        .width=${this.width}
        .detailSize=${this.#detailSize}
        .revision=${message.revision}
      ></waybill-table>`,
      vulnerabilities: html`<waybill-table
        table="vulnerabilities"
        .channel=${this.#channel}
        .store=${this.#stores.vulnerabilities}
        .events=${this.#tableEvents('vulnerabilities')}
        .info=${message.tables.vulnerabilities}
        .place=${this.#places.vulnerabilities}
        .width=${this.width}
        .detailSize=${this.#detailSize}
        .revision=${message.revision}
      ></waybill-table>`,
    };
    return html`<main class="body fixed" id="view" role="tabpanel" aria-labelledby="tab-${table}">
      ${parts[table]}
    </main>`;
  }

  #evidence({ revision }: StateMessage, tab: 'provenance' | 'signatures'): TemplateResult {
    return html`<main class="body fixed" id="view" role="tabpanel" aria-labelledby="tab-${tab}">
      <waybill-evidence
        .tab=${tab}
        .channel=${this.#channel}
        .revision=${revision}
        .row=${this.#evidenceRow}
        .chosen=${(row: string) => {
          this.#evidenceRow = row;
          this.#save();
        }}
        .say=${(text: string) => this.#live.say(text)}
      ></waybill-evidence>
    </main>`;
  }

  #tableEvents(table: TableName) {
    return {
      place: (place: TablePlace) => {
        this.#places = { ...this.#places, [table]: place };
        this.#save();
        this.requestUpdate();
      },
      reveal: (to: TableName, row: string) =>
        this.#reveal({ v: PROTOCOL_VERSION, type: 'reveal', tab: to, row, only: null }),
      say: (text: string) => this.#live.say(text),
      detailSize: (size: DetailSize) => {
        this.#detailSize = size;
        this.#save();
        this.requestUpdate();
      },
    };
  }

  #onMessage(message: HostMessage): void {
    if (message.type === 'state') {
      this.message = message;
      this.now = Date.now();
      // The first rows come before their tab is opened.
      for (const table of TABLES) this.#stores[table].ensure(this.#places[table].query, message.revision);
      this.#save();
    } else if (message.type === 'reveal') {
      this.#reveal(message);
    } else if (message.type === 'announce') {
      this.#live.say(shown(message.text));
    }
  }

  #open(tab: TabName): void {
    this.tab = tab;
    this.#save();
  }

  #reveal(message: Extract<HostMessage, { type: 'reveal' }>): void {
    this.#wanted = message;
    this.#open(message.tab);
    this.requestUpdate();
  }

  async #go({ row, only }: Extract<HostMessage, { type: 'reveal' }>): Promise<void> {
    const evidence = this.querySelector<WaybillEvidence>('waybill-evidence');
    if (evidence !== null && row !== null) await evidence.reveal(row);
    const table = this.querySelector<WaybillTable>('waybill-table');
    if (table === null) return;
    await table.updateComplete;
    if (only !== null) table.showOnly(only.facet, only.value);
    if (row !== null) await table.reveal(row);
  }

  #onKey(event: KeyboardEvent): void {
    const control = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const typing = event.composedPath()[0] instanceof HTMLInputElement;
    if ((control && event.key.toLowerCase() === 'f') || (event.key === '/' && !typing && !control)) {
      const table = this.querySelector<WaybillTable>('waybill-table');
      if (table === null) return;
      event.preventDefault();
      table.focusQuery();
    }
  }

  #restore(state: PanelState | null): void {
    if (state === null) return;
    this.tab = state.tab;
    this.#places = {
      packages: state.tables.packages ?? emptyPlace('packages'),
      vulnerabilities: state.tables.vulnerabilities ?? emptyPlace('vulnerabilities'),
    };
    this.#detailSize = state.detail;
    this.#evidenceRow = state.evidence;
  }

  #save(): void {
    if (this.message === null) return;
    const { key, reference } = this.message;
    this.#channel.saveState({
      v: PROTOCOL_VERSION,
      key,
      reference,
      tab: this.tab,
      tables: this.#places,
      detail: this.#detailSize,
      evidence: this.#evidenceRow,
    });
  }
}
