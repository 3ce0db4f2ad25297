// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { PANEL_VIEW_TYPE } from '../../core/contributions/commands.ts';
import type { AuditReport } from '../../core/evidence/report.ts';
import type { PanelTarget } from '../../core/explorer/node.ts';
import type { AuditSession } from '../../core/explorer/session.ts';
import { splitReference } from '../../core/panel/overview.ts';
import type { PanelEffect, PanelSession } from '../../core/panel/session.ts';
import { problemText } from '../../core/model/problem.ts';
import type { HostMessage, PanelAction } from '../../core/protocol/panel.ts';
import { STAGE_NAMES } from '../../core/model/stage.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { AuditService } from '../audit/service.ts';
import type { AuditHost } from '../host.ts';
import type { EditorLog } from '../log.ts';
import { localResourceRoots, panelHtml } from './html.ts';

/** What a panel shows: a stored report, an audit of this window, or one that became the other. */
export interface PanelSubject {
  readonly key: string | null;
  readonly session: number | null;
  readonly reference: string;
}

export interface OpenPanel {
  readonly webviewPanel: vscode.WebviewPanel;
  readonly session: PanelSession;
  key: string | null;
  /** The report shown, as it is stored: without the exceptions of a policy. */
  stored: AuditReport | null;
  /** The audit that this panel follows, null where none was begun in this window. */
  audit: number | null;
  /** True once the page has said that it is there. */
  ready: boolean;
}

export type PanelHandler = (action: PanelAction, panel: OpenPanel) => void;
type PanelDocument = Omit<Extract<PanelEffect, { type: 'document' }>, 'type'>;

/** The report panels of this window, one for each image. */
export class Panels implements vscode.Disposable {
  readonly #host: AuditHost;
  readonly #service: AuditService;
  readonly #extensionUri: vscode.Uri;
  readonly #log: EditorLog;
  readonly #open = new Set<OpenPanel>();
  readonly #subscriptions: vscode.Disposable;
  readonly #rejections = new vscode.EventEmitter<string>();
  #onAction: PanelHandler = () => undefined;
  #onDocument: (document: PanelDocument, panel: OpenPanel) => void = () => undefined;

  /** A message of a page was dropped; says why. */
  readonly onDidReject = this.#rejections.event;

  constructor(host: AuditHost, service: AuditService, extensionUri: vscode.Uri, log: EditorLog) {
    this.#host = host;
    this.#service = service;
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      service.onDidEvent(({ id, event }) => {
        for (const panel of this.#open) if (panel.audit === id) post(panel, panel.session.stage(event));
      }),
      service.onDidEnd((session) => void this.#ended(session)),
      service.waivers.onDidChange(() => void this.#judgeAnew()),
      vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, {
        deserializeWebviewPanel: (panel, state: unknown) => this.#restore(panel, state),
      }),
      this.#rejections,
    );
  }

  get all(): readonly OpenPanel[] {
    return [...this.#open];
  }

  /** The panel that has the focus, if one has. */
  get active(): OpenPanel | undefined {
    return this.all.find(({ webviewPanel }) => webviewPanel.active);
  }

  onAction(handler: PanelHandler): void {
    this.#onAction = handler;
  }

  /** What is asked for of an item of the report that a panel shows. */
  onDocument(handler: (document: PanelDocument, panel: OpenPanel) => void): void {
    this.#onDocument = handler;
  }

  /** True where a person can see how this audit goes. */
  shows(session: AuditSession): boolean {
    return this.all.some(({ audit, webviewPanel }) => audit === session.id && webviewPanel.visible);
  }

  /** Open the panel of an image, or go to it where it is open. */
  async open(subject: PanelSubject, target: PanelTarget | null, preserveFocus: boolean): Promise<OpenPanel> {
    const found = this.all.find((panel) => same(panel, subject));
    const panel = found ?? this.#create(subject, preserveFocus);
    if (found !== undefined) panel.webviewPanel.reveal(undefined, preserveFocus);
    await this.#fill(panel, subject);
    if (target !== null) post(panel, panel.session.reveal(target.tab, target.row, target.only));
    return panel;
  }

  /** Close the panel of a report that is gone. */
  close(key: string): void {
    for (const panel of this.all) if (panel.key === key) panel.webviewPanel.dispose();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { webviewPanel } of this.all) webviewPanel.dispose();
  }

  #create({ reference }: PanelSubject, preserveFocus: boolean): OpenPanel {
    const webviewPanel = vscode.window.createWebviewPanel(
      PANEL_VIEW_TYPE,
      visibleText(splitReference(reference).name),
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      { enableScripts: true, localResourceRoots: localResourceRoots(this.#extensionUri) },
    );
    return this.#wire(webviewPanel, reference);
  }

  #wire(webviewPanel: vscode.WebviewPanel, reference: string): OpenPanel {
    const { webview } = webviewPanel;
    webview.options = { enableScripts: true, localResourceRoots: localResourceRoots(this.#extensionUri) };
    webviewPanel.iconPath = {
      light: vscode.Uri.joinPath(this.#extensionUri, 'media', 'report-light.svg'),
      dark: vscode.Uri.joinPath(this.#extensionUri, 'media', 'report-dark.svg'),
    };
    const session = this.#host.panelSession(reference);
    const panel: OpenPanel = { webviewPanel, session, key: null, stored: null, audit: null, ready: false };
    this.#open.add(panel);
    const received = webview.onDidReceiveMessage((raw: unknown) => void this.#receive(panel, raw));
    webviewPanel.onDidDispose(() => {
      received.dispose();
      this.#open.delete(panel);
    });
    webview.html = panelHtml(webview, this.#extensionUri);
    return panel;
  }

  async #fill(panel: OpenPanel, subject: PanelSubject): Promise<void> {
    if (subject.key !== null) {
      panel.key = subject.key;
      const read = await this.#service.report(subject.key);
      if (read.ok && panel.stored?.generated !== read.value.generated) await this.#show(panel, read.value);
      if (!read.ok) this.#log.warn(problemText(read.error));
    }
    const audit = subject.session === null ? undefined : this.#service.session(subject.session);
    if (audit === undefined || panel.audit === audit.id) return;
    panel.audit = audit.id;
    if (audit.report !== null) {
      panel.key = audit.key ?? panel.key;
      await this.#show(panel, audit.report);
      return;
    }
    post(panel, panel.session.start());
    for (const name of STAGE_NAMES) post(panel, panel.session.stage(audit.stages[name]));
  }

  /** Show a report with what the policies except in it. */
  async #show(panel: OpenPanel, report: AuditReport): Promise<void> {
    panel.stored = report;
    const judged = await this.#service.waivers.judge(report);
    // A newer report may have come meanwhile, or the panel may have gone.
    if (panel.stored === report && this.#open.has(panel)) post(panel, panel.session.show(judged));
  }

  /** A policy has changed: what it excepts is shown at once, in every panel. */
  async #judgeAnew(): Promise<void> {
    for (const panel of this.all) {
      const { stored } = panel;
      if (stored === null) continue;
      const judged = await this.#service.waivers.judge(stored);
      if (panel.stored === stored && this.#open.has(panel)) post(panel, panel.session.judgedAnew(judged));
    }
  }

  async #ended(session: AuditSession): Promise<void> {
    if (session.report === null) return;
    for (const panel of this.#open) {
      if (panel.audit !== session.id) continue;
      panel.key = session.key ?? panel.key;
      await this.#show(panel, session.report);
    }
  }

  async #restore(webviewPanel: vscode.WebviewPanel, raw: unknown): Promise<void> {
    const state = this.#host.panelState(raw);
    if (state === null) {
      webviewPanel.dispose();
      return;
    }
    const { key, reference } = state;
    const panel = this.#wire(webviewPanel, reference);
    await this.#fill(panel, { key, session: null, reference });
  }

  async #receive(panel: OpenPanel, raw: unknown): Promise<void> {
    const { messages, effects, rejected } = panel.session.receive(raw);
    if (rejected !== null) {
      this.#log.warn(`A message of the panel was dropped: ${rejected}`);
      this.#rejections.fire(rejected);
      return;
    }
    panel.ready = true;
    post(panel, messages);
    for (const effect of effects) {
      if (effect.type === 'copy') await vscode.env.clipboard.writeText(effect.text);
      else if (effect.type === 'open') await openLink(effect.url);
      else if (effect.type === 'document') this.#onDocument(effect, panel);
      else this.#onAction(effect.action, panel);
    }
  }
}

function same(panel: OpenPanel, { key, session }: PanelSubject): boolean {
  return (key !== null && panel.key === key) || (session !== null && panel.audit === session);
}

function post({ webviewPanel }: OpenPanel, messages: readonly HostMessage[]): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview takes the message alone
  for (const message of messages) void webviewPanel.webview.postMessage(message);
}

/** Only web addresses over TLS: an advisory's text can name anything. */
async function openLink(url: string): Promise<void> {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === 'https') await vscode.env.openExternal(uri);
}
