// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { randomBytes } from '../runtime.ts';

/** 16 random bytes as hexadecimal digits. */
function nonce(): string {
  return [...randomBytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function localResourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist')];
}

/**
 * The page around the bundle. Nothing but files of this extension can load, no connection can be opened, and the only
 * policy that may make HTML is that of the template library, whose templates are constants of the bundle.
 */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const file = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const secret = nonce();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${secret}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${file('panel.css')}">
<title>Waybill</title>
</head>
<body>
<script nonce="${secret}" src="${file('panel.js')}"></script>
</body>
</html>
`;
}
