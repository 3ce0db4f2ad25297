// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS, IMAGES_VIEW } from '../../core/contributions/commands.ts';
import { childNodes } from '../../core/explorer/children.ts';
import type { ExplorerNode } from '../../core/explorer/node.ts';
import { rootNodes, viewBadge } from '../../core/explorer/roots.ts';
import type { AuditService } from '../audit/service.ts';
import { ticks } from '../runtime.ts';

/** Scheme of the addresses that carry badges; nothing is ever read from it. */
const BADGE_SCHEME = 'waybill-node';

/** Run by a click on a node that has children: the first one opens its children, a second one its report. */
const NODE_CLICKED = 'waybill.nodeClicked';
const DOUBLE_CLICK_MS = 500;

/** The tree "Images": reads stored reports when a node is opened, and never scans. */
export class ImagesTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.FileDecorationProvider {
  readonly #service: AuditService;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #shown = new Map<
    string,
    { readonly node: ExplorerNode; readonly text: string; readonly parent: ExplorerNode | undefined }
  >();
  readonly #badges = new Map<string, vscode.FileDecoration>();
  readonly #badgesChanged = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly onDidChangeFileDecorations = this.#badgesChanged.event;

  constructor(service: AuditService) {
    this.#service = service;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(parent?: ExplorerNode): Promise<ExplorerNode[]> {
    if (parent === undefined) {
      await this.#service.load();
      const roots = rootNodes(this.#service.sessions, this.#service.stored, Date.now());
      return roots.map((node) => this.#known(node, undefined));
    }
    const { key } = parent.image;
    if (key === null) return [];
    const report = await this.#service.judged(key);
    const nodes = report.ok ? childNodes(parent, report.value) : [];
    return nodes.map((node) => this.#known(node, parent));
  }

  getParent({ id }: ExplorerNode): ExplorerNode | undefined {
    return this.#shown.get(id)?.parent;
  }

  /** The same object as long as it says the same: VS Code knows nodes by identity. */
  #known(node: ExplorerNode, parent: ExplorerNode | undefined): ExplorerNode {
    const text = JSON.stringify(node);
    const shown = this.#shown.get(node.id);
    if (shown?.text === text) return shown.node;
    this.#shown.set(node.id, { node, text, parent });
    return node;
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, COLLAPSIBLE[node.collapsible]);
    item.id = node.id;
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(
      node.icon.id,
      node.icon.colour === null ? undefined : new vscode.ThemeColor(node.icon.colour),
    );
    // Markdown without HTML, without trust: no text of an image can run a command.
    item.tooltip = node.tooltip === '' ? new vscode.MarkdownString() : new vscode.MarkdownString(node.tooltip);
    item.contextValue = node.context;
    item.accessibilityInformation = { label: [node.label, node.description].filter((text) => text !== '').join(', ') };
    if (node.badge !== null) {
      const uri = vscode.Uri.from({ scheme: BADGE_SCHEME, path: `/${node.id}` });
      this.#badges.set(uri.toString(), new vscode.FileDecoration(node.badge.text, node.badge.tooltip));
      item.resourceUri = uri;
    }
    if (node.target !== null) {
      item.command = {
        command: node.collapsible === 'none' ? COMMANDS.openReport.id : NODE_CLICKED,
        title: COMMANDS.openReport.title,
        arguments: [node],
      };
    }
    return item;
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    return uri.scheme === BADGE_SCHEME ? this.#badges.get(uri.toString()) : undefined;
  }

  badgesChanged(): void {
    this.#badgesChanged.fire(undefined);
  }
}

const COLLAPSIBLE = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

export function registerTree(service: AuditService): {
  readonly tree: ImagesTree;
  readonly view: vscode.TreeView<ExplorerNode>;
  readonly disposable: vscode.Disposable;
} {
  const tree = new ImagesTree(service);
  const view = vscode.window.createTreeView(IMAGES_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  return {
    tree,
    view,
    disposable: vscode.Disposable.from(
      view,
      vscode.window.registerFileDecorationProvider(tree),
      onDoubleClick(),
      service.onDidChange(() => {
        tree.refresh();
        tree.badgesChanged();
        view.badge = viewBadge(service.stored, Date.now());
      }),
    ),
  };
}

function onDoubleClick(): vscode.Disposable {
  let last = { id: '', at: 0 };
  return vscode.commands.registerCommand(NODE_CLICKED, async (node: ExplorerNode) => {
    const now = ticks();
    const twice = last.id === node.id && now - last.at < DOUBLE_CLICK_MS;
    last = { id: twice ? '' : node.id, at: now };
    if (twice) await vscode.commands.executeCommand(COMMANDS.openReport.id, node);
  });
}
