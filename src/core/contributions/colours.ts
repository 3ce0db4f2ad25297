// SPDX-License-Identifier: Apache-2.0
import type { VulnerabilitySeverity } from '../model/severity.ts';

/** A contributed colour with its value in each kind of theme. */
interface Colour {
  readonly id: string;
  readonly description: string;
  readonly dark: string;
  readonly light: string;
  readonly highContrast: string;
  readonly highContrastLight: string;
}

const colour = (
  id: string,
  description: string,
  [dark, light, highContrast, highContrastLight]: readonly [string, string, string, string],
): Colour => ({ id: `waybill.${id}`, description, dark, light, highContrast, highContrastLight });

/** Each is at least 4.5:1 on the editor background, which VS Code's own chart colours are not in light themes. */
export const COLOURS: readonly Colour[] = [
  colour('severity.critical', 'Vulnerabilities of severity critical.', ['#f85149', '#cd2b31', '#ff6b6b', '#b5200d']),
  colour('severity.high', 'Vulnerabilities of severity high.', ['#e2873a', '#b85c00', '#ffa657', '#8a4500']),
  colour('severity.medium', 'Vulnerabilities of severity medium.', ['#cca700', '#8f6c00', '#ffd700', '#6b5200']),
  colour('severity.low', 'Vulnerabilities of severity low.', ['#3794ff', '#1a6fc4', '#6fc3df', '#0f4a85']),
  colour('severity.negligible', 'Vulnerabilities of severity negligible.', [
    '#868686',
    '#767676',
    '#ffffff',
    '#292929',
  ]),
  colour('severity.unknown', 'Vulnerabilities of unknown severity.', ['#b180d7', '#652d90', '#d7b3ff', '#5b2a91']),
  colour('state.verified', 'An answer that was proved.', ['#73c991', '#2b7f43', '#89d185', '#1b5e2e']),
  colour('state.notVerified', 'An answer that was checked and does not hold.', [
    '#f85149',
    '#cd2b31',
    '#ff6b6b',
    '#b5200d',
  ]),
  colour('state.attention', 'An answer that a person has to judge, or that could not be had.', [
    '#cca700',
    '#946b00',
    '#ffd700',
    '#6b5200',
  ]),
  colour('state.notice', 'Something worth knowing.', ['#3794ff', '#1a6fc4', '#6fc3df', '#0f4a85']),
];

/** Codicon of a severity: its shape says it before its colour does. */
export const SEVERITY_ICONS: Readonly<Record<VulnerabilitySeverity, string>> = {
  critical: 'error',
  high: 'warning',
  medium: 'primitive-square',
  low: 'circle-outline',
  negligible: 'dash',
  unknown: 'question',
};
