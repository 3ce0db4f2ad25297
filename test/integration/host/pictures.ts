// SPDX-License-Identifier: Apache-2.0
// Pictures in the three kinds of theme.
import * as vscode from 'vscode';
import { screenshot } from './runner.ts';
import { pause } from './support.ts';

export const THEMES = [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
  ['high-contrast', 'Default High Contrast'],
] as const;

export async function theme(name: string): Promise<void> {
  await vscode.workspace.getConfiguration('workbench').update('colorTheme', name, vscode.ConfigurationTarget.Global);
  await pause(1_500);
}

/** The window as it is, in every theme; ends in the first. */
export async function everyTheme(name: string): Promise<void> {
  for (const [suffix, label] of THEMES) {
    await theme(label);
    await screenshot(`${name}-${suffix}`);
  }
  await theme(THEMES[0][1]);
}
