// SPDX-License-Identifier: Apache-2.0
import { html, nothing, type TemplateResult } from 'lit';
import type { VulnerabilitySeverity } from '../src/core/model/severity.ts';
import { visibleText } from '../src/core/protocol/visible-text.ts';

/** Text that came from an image, an SBOM or an advisory: always a text node, with hidden characters written out. */
export const shown = visibleText;

/** An icon whose meaning stands beside it as a word. */
export function icon(name: string, classes = ''): TemplateResult {
  return html`<i class="codicon codicon-${name} ${classes}" aria-hidden="true"></i>`;
}

export const SEVERITY_ICONS: Readonly<Record<VulnerabilitySeverity, string>> = {
  critical: 'error',
  high: 'warning',
  medium: 'primitive-square',
  low: 'circle-outline',
  negligible: 'dash',
  unknown: 'question',
};

export function severityIcon(severity: VulnerabilitySeverity): TemplateResult {
  return icon(SEVERITY_ICONS[severity], `tone-${severity}`);
}

/** A button that is only an icon: its label is also its tooltip. */
export function tool(
  name: string,
  label: string,
  onClick: (event: MouseEvent) => void,
  options: { small?: boolean; pressed?: boolean; classes?: string; noStop?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    class="tool ${options.small === true ? 'small' : ''} ${options.classes ?? ''}"
    title=${label}
    aria-label=${label}
    tabindex=${options.noStop === true ? '-1' : nothing}
    aria-pressed=${options.pressed === undefined ? nothing : String(options.pressed)}
    @click=${onClick}
  >
    ${icon(name)}
  </button>`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `48,127`, as the host writes counts. */
export function grouped(value: number): string {
  return value < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
