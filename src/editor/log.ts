// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { Log } from '../core/ports.ts';

export interface EditorLog extends Log, vscode.Disposable {
  show(): void;
}

/** The Waybill channel of the Output view; it exists from the first line on. */
export function createLog(): EditorLog {
  let channel: vscode.LogOutputChannel | undefined;
  const open = (): vscode.LogOutputChannel => (channel ??= vscode.window.createOutputChannel('Waybill', { log: true }));
  return {
    debug: (message) => open().debug(message),
    info: (message) => open().info(message),
    warn: (message) => open().warn(message),
    error: (message) => open().error(message),
    show: () => open().show(),
    dispose: () => channel?.dispose(),
  };
}
