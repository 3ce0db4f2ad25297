// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { PanelFacet, TableQuery } from '../src/core/protocol/panel.ts';
import { grouped, icon, severityIcon, shown } from './templates.ts';

export type Hidden = TableQuery['hidden'];

/** The query's unticked values after one was clicked; `only` leaves that one alone ticked. */
export function toggled(hidden: Hidden, facet: PanelFacet, value: string, only: boolean): Hidden {
  const before = hidden[facet.key] ?? [];
  const others = facet.values.map((each) => each.value).filter((each) => each !== value);
  const after = only
    ? others.every((each) => before.includes(each)) && !before.includes(value)
      ? []
      : others
    : before.includes(value)
      ? before.filter((each) => each !== value)
      : [...before, value];
  const { [facet.key]: _, ...rest } = hidden;
  return after.length === 0 ? rest : { ...rest, [facet.key]: after };
}

/** Check boxes by facet, with how many rows each value has among what the other facets leave. */
export function facetsTemplate(
  facets: readonly PanelFacet[],
  hidden: Hidden,
  onToggle: (facet: PanelFacet, value: string, only: boolean) => void,
): TemplateResult {
  return html`${facets.map(
    (facet) =>
      html`<section role="group" aria-label=${facet.title}>
        <h2>${facet.title}</h2>
        ${facet.values.map(({ value, label, count, tone }) => {
          const ticked = hidden[facet.key]?.includes(value) !== true;
          return html`<button
            type="button"
            role="checkbox"
            class="facet ${count === 0 ? 'zero' : ''}"
            aria-checked=${String(ticked)}
            aria-label="${shown(label)}, ${count}"
            title="${shown(label)}. Alt+click shows only this"
            @click=${(event: MouseEvent) => onToggle(facet, value, event.altKey)}
            @keydown=${(event: KeyboardEvent) => {
              if (!event.altKey || event.key !== 'Enter') return;
              event.preventDefault();
              onToggle(facet, value, true);
            }}
          >
            <span class="check">${icon('check', 'small-icon')}</span>
            ${tone === null ? '' : severityIcon(tone)}
            <span class="cut">${shown(label)}</span>
            <span class="count">${grouped(count)}</span>
          </button>`;
        })}
      </section>`,
  )}`;
}

/** What the unticked values hide, in words: `6 negligible`; empty where nothing is unticked. */
function hiddenWords(facets: readonly PanelFacet[], hidden: Hidden): string {
  return facets
    .flatMap(({ key, values }) =>
      values
        .filter(({ value, count }) => count > 0 && hidden[key]?.includes(value) === true)
        .map(({ label, count }) => `${grouped(count)} ${shown(label).toLowerCase()}`),
    )
    .join(', ');
}

interface Counts {
  readonly matching: number;
  readonly total: number;
  readonly facets: readonly PanelFacet[];
}

/** `21 of 27`, or `27` where all are shown. */
export function countBadge({ matching, total }: Counts): string {
  return matching === total ? grouped(total) : `${grouped(matching)} of ${grouped(total)}`;
}

/** `21 of 27 shown, 6 negligible hidden by the filter`. */
export function countLine({ matching, total, facets }: Counts, hidden: Hidden, selected: number): string {
  const words = hiddenWords(facets, hidden);
  const why =
    words !== '' ? `, ${words} hidden by the filter` : matching < total ? ', the others are hidden by the filter' : '';
  return `${grouped(matching)} of ${grouped(total)} shown${why}${selected > 1 ? `, ${grouped(selected)} selected` : ''}`;
}

/** In place of rows: why there are none. */
export function nothingTemplate(
  { matching, total, loaded }: Counts & { readonly loaded: boolean },
  filtered: boolean,
  empty: string,
  onClear: () => void,
): TemplateResult | typeof nothing {
  if (!loaded || matching > 0) return nothing;
  if (!filtered) return html`<p class="nothing">${shown(empty)}</p>`;
  return html`<p class="nothing">
    Nothing matches. ${grouped(total)} ${total === 1 ? 'is' : 'are'} hidden by the filter.
    <button type="button" class="link inline" @click=${onClear}>Clear filter</button>
  </p>`;
}
