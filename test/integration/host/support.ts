// SPDX-License-Identifier: Apache-2.0
// Helpers for suites that run inside the extension host, Node or web worker.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestAccess } from '../../../src/editor/activate.ts';
import type { AuditFeature } from '../../../src/editor/audit/register.ts';
import type { ExplorerNode } from '../../../src/core/explorer/node.ts';

export const EXTENSION_ID = 'waybill.waybill';

/** Milliseconds between two looks. A suite that waits well may look more often. */
let pace = 50;
export function setPace(milliseconds: number): void {
  pace = milliseconds;
}

/** Waits until `probe` answers something, and fails with `what` when it does not. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  milliseconds = 20_000,
): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false && value !== null) return value;
    if (Date.now() > end) assert.fail(`Not within ${milliseconds / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pace));
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function access(): Promise<TestAccess> {
  const extension = vscode.extensions.getExtension<TestAccess>(EXTENSION_ID);
  assert.ok(extension, `${EXTENSION_ID} is not installed`);
  return extension.activate();
}

export async function auditAccess(): Promise<AuditFeature> {
  const { audit } = await access();
  assert.ok(audit, 'this host cannot audit');
  return audit;
}

export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function openFile(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(workspaceFile(name)));
}

/** Our diagnostics of a document, once `count` of them are there. */
export async function diagnosticsOf(uri: vscode.Uri, count = 1): Promise<vscode.Diagnostic[]> {
  const ours = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'waybill');
  return until(`${count} findings in ${uri.path}`, () => (ours().length >= count ? ours() : undefined));
}

/** What VS Code offers at a place now; it gives nothing where the document or its state changed while it asked. */
export const offeredAt = (
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: string,
): Thenable<vscode.CodeAction[]> =>
  vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind);

/** The actions of a place that has some. */
export const actionsAt = (
  document: vscode.TextDocument,
  range: vscode.Range,
  kind?: string,
): Promise<vscode.CodeAction[]> =>
  until('code actions', async () => {
    const actions = await offeredAt(document, range, kind);
    return actions.length > 0 && actions;
  });

export function slugOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

export async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  edit.replace(document.uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The node at the end of a path of labels. */
export async function nodeAt(audit: AuditFeature, ...labels: readonly string[]): Promise<ExplorerNode> {
  let nodes = await audit.tree.getChildren();
  let found: ExplorerNode | undefined;
  for (const label of labels) {
    found = nodes.find((node) => node.label === label);
    assert.ok(found, `${label} is not among ${nodes.map((node) => node.label).join(', ') || 'nothing'}`);
    nodes = await audit.tree.getChildren(found);
  }
  assert.ok(found);
  return found;
}
