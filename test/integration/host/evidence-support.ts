// SPDX-License-Identifier: Apache-2.0
// What the suites about evidence share: the signed image by its front door, the policy, and a person's way through the
// panel.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import type { ExplorerNode } from '../../../src/core/explorer/node.ts';
import type { AuditSession } from '../../../src/core/explorer/session.ts';
import type { Mirror } from './mirror.ts';
import { ask, environment, read, readUntil } from './runner.ts';
import { auditAccess, until, workspaceFile } from './support.ts';

export const run = vscode.commands.executeCommand;
export const press = (text: string): Promise<unknown> => ask({ action: 'press', text });
export const click = (on: string): Promise<unknown> => ask({ action: 'click', on, panel: true });
const PICKER_ROWS = '.quick-input-list .monaco-list-row';

export const POLICY_FILE = '.waybill.yaml';
export const WORKFLOW = 'release.yml@refs/tags/v4.7.1';

/** Who may sign the image, and what has to be beside it; `images` is a pattern of names. */
export const policyText = (images: string): string => `trust:
  - images: '${images}'
    signers:
      - issuer: https://token.actions.githubusercontent.com
        identityPattern: https://github.com/northwind/payments-api/.github/workflows/release.yml@refs/tags/v*
      - key: cosign.pub
        log: optional
    require: [signature, provenance, sbom]
    minimumLevel: 2
    source:
      repository: https://github.com/northwind/payments-api
      refPattern: refs/tags/v*
`;

/** Writes the policy and the key that it names into the folder, as they come with a checkout. */
export async function writePolicy(images: string): Promise<void> {
  copyFileSync(environment('WAYBILL_TEST_SIGNING_KEY'), workspaceFile('cosign.pub').fsPath);
  await vscode.workspace.fs.writeFile(workspaceFile(POLICY_FILE), new TextEncoder().encode(policyText(images)));
}

/** Waits until the editor goes by a policy for these images, or by none. */
export async function policyHolds(images: string | null): Promise<void> {
  const { service } = await auditAccess();
  await until(`the policy for ${images ?? 'no image'}`, async () => {
    const policy = await service.waivers.trust();
    return images === null ? policy === null : policy?.trust.some((rule) => rule.images.includes(images));
  });
}

/** The session that `begin` starts, once it has ended. */
export async function ended(begin: () => Promise<unknown>): Promise<AuditSession> {
  const { service } = await auditAccess();
  const before = Math.max(0, ...service.sessions.map(({ id }) => id));
  await begin();
  return until(
    'the audit to end',
    () => service.sessions.find(({ id, report }) => id > before && report !== null),
    60_000,
  );
}

/** "Audit Image…" with a reference typed into its picker. */
export const auditByName = (reference: string): Promise<AuditSession> =>
  ended(async () => {
    void run(COMMANDS.auditImage.id);
    await readUntil(PICKER_ROWS, /Archive…/);
    await ask({ action: 'type', text: reference });
    await readUntil(PICKER_ROWS, /download from its registry|by oci-dir/);
    await press('Enter');
  });

/** A button of the page that audits again. */
export const auditAgain = (button = '.head vscode-button[title^="Audit this image"]'): Promise<AuditSession> =>
  ended(() => click(button));

/** Opens a tab of the page; one that has no room stands in a menu. */
export async function openTab(tab: 'overview' | 'signatures' | 'provenance'): Promise<void> {
  if ((await read(`#tab-${tab}`, true)).length > 0) await click(`#tab-${tab}`);
  else {
    await click('.tabs [aria-label="More views"]');
    await click(`[role="menuitem"]:has-text("${tab.slice(1)}")`);
  }
  await readUntil(`#tab-${tab}[aria-selected="true"]`, /./, true);
}

/** Opens the statement whose row is like that, and waits until its verdict is there. */
export async function chooseStatement(row: string): Promise<string> {
  await click(`.found-row:has-text("${row}")`);
  return readUntil('.verdict h2', new RegExp(row.split(/ (?:not )?(?:verified|signed)/)[0]?.trim() ?? ''), true);
}

/** Clicks what copies, and answers what is then on the clipboard. */
export async function copied(on: string): Promise<string> {
  await vscode.env.clipboard.writeText('');
  await click(on);
  return until('something on the clipboard', async () => {
    const text = await vscode.env.clipboard.readText();
    return text === '' ? null : text;
  });
}

/** A line as a person pastes it into a terminal that stands in a folder; the real Cosign is on PATH. */
export function inTerminal(line: string, folder: string): Promise<{ readonly code: number; readonly said: string }> {
  const PATH = [dirname(environment('WAYBILL_TEST_COSIGN')), process.env['PATH'] ?? ''].join(delimiter);
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { cwd: folder, env: { ...process.env, PATH } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, said: stdout + stderr });
    });
  });
}

/** States that a row or an answer can have. */
export const STATES = [
  'verified',
  'failed',
  'attention',
  'notice',
  'absent',
  'couldNotCheck',
  'unsupported',
  'unknown',
];

/** The sentences of an answer on the Overview, once it stands like that. */
export const answerOf = (id: 'signature' | 'origin', state: string): Promise<string> =>
  readUntil(`[data-answer="${id}"][data-state="${state}"] .text`, /./, true);

/** What the suites of one window share. */
export interface EvidenceScene {
  readonly mirror: Mirror;
  /** `HOST/northwind/payments-api:4.7.1`, by the front door. */
  readonly reference: string;
  /** Pattern of the policy. */
  readonly images: string;
}

/** A node under the image in the tree; others may have the same name in another registry. */
export async function nodeOf({ reference }: EvidenceScene, ...labels: readonly string[]): Promise<ExplorerNode> {
  const { tree } = await auditAccess();
  let node = (await tree.getChildren()).find(
    (each) => each.reference === `registry:${reference}` && each.image.key !== null,
  );
  assert.ok(node, `${reference} is not in the tree`);
  for (const label of labels) {
    const children = await tree.getChildren(node);
    node = children.find((child) => child.label === label);
    assert.ok(node, `${label} is not among ${children.map((child) => child.label).join(', ') || 'nothing'}`);
  }
  return node;
}

/** A double click on a line of the tree: with children or without, it opens what the line is about. */
export const openNode = (label: string): Promise<unknown> =>
  ask({ action: 'doubleClick', on: `.part.sidebar .monaco-list-row[aria-label^="${label}"]` });

/** What the page says, as rows: title and note of each statement, with its state. */
export async function statements(state?: string): Promise<readonly string[]> {
  return read(state === undefined ? '.found-row' : `.found-row[data-state="${state}"]`, true);
}

/** Takes the policy away again. */
export function removePolicy(): void {
  for (const name of [POLICY_FILE, 'cosign.pub']) rmSync(workspaceFile(name).fsPath, { force: true });
}
