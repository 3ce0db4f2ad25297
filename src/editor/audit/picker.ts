// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { withoutScheme } from '../../core/explorer/labels.ts';
import { engineSource, sourceOf, typedSource } from '../../core/explorer/source.ts';
import { problemText } from '../../core/model/problem.ts';
import { bytes } from '../../core/panel/words.ts';
import type { EngineListing, ImageSource } from '../../core/ports.ts';
import { ago } from '../../core/protocol/relative-time.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { Linter } from '../lint/linter.ts';
import { canceller } from '../runtime.ts';
import type { AuditService } from './service.ts';

export interface Choice {
  readonly source: ImageSource;
  /** A name of the open file: an engine that has it is asked before its registry. */
  readonly preferLocal: boolean;
}

type Pick = vscode.QuickPickItem & { readonly choice?: Choice; readonly disk?: 'file' | 'folder' };

const RECENT = 10;

const separator = (label: string): Pick => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** Ask which image to audit; undefined where the person leaves. */
export async function pickImage(
  service: AuditService,
  linter: Linter,
  schemeOf: (path: string) => Promise<ImageSource['scheme'] | null>,
): Promise<Choice | undefined> {
  const picker = vscode.window.createQuickPick<Pick>();
  picker.title = 'Audit Image';
  picker.placeholder = 'Choose an image, or type a reference such as cgr.dev/chainguard/node:latest';
  picker.matchOnDescription = true;
  const controller = canceller();
  let engines: readonly Pick[] = [{ label: '$(loading~spin) Asking docker, podman and nerdctl', alwaysShow: false }];
  const file = fileItems(linter);
  let recent: readonly Pick[] = [];
  const show = (): void => {
    picker.items = [
      ...typedItems(picker.value),
      ...(file.length === 0 ? [] : [separator('This file'), ...file]),
      separator('Local engine'),
      ...engines,
      ...(recent.length === 0 ? [] : [separator('Recent'), ...recent]),
      separator('From disk'),
      { label: '$(file-zip) Archive…', description: 'docker save or OCI archive', disk: 'file' },
      { label: '$(folder) OCI layout…', description: 'a folder with index.json', disk: 'folder' },
    ];
  };
  picker.busy = true;
  show();
  const listRecent = async (): Promise<void> => {
    recent = (await service.load()).slice(0, RECENT).flatMap(({ reference, generated }) => {
      const source = sourceOf(reference);
      if (source === null) return [];
      return [
        {
          label: `$(history) ${visibleText(withoutScheme(reference))}`,
          description: `${source.scheme}, audited ${ago(generated, Date.now())}`,
          choice: { source, preferLocal: false },
        },
      ];
    });
    show();
  };
  const listEngines = async (): Promise<void> => {
    engines = engineItems(await service.auditor.engineImages(controller.signal));
    picker.busy = false;
    show();
  };
  void listRecent();
  void listEngines();
  const picked = await new Promise<Pick | undefined>((resolve) => {
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item?.choice !== undefined || item?.disk !== undefined) resolve(item);
    });
    picker.onDidHide(() => resolve(undefined));
    picker.show();
  });
  controller.abort();
  picker.dispose();
  if (picked?.disk !== undefined) return fromDisk(picked.disk, schemeOf);
  return picked?.choice;
}

function fileItems(linter: Linter): readonly Pick[] {
  const document = vscode.window.activeTextEditor?.document;
  const facts = document === undefined ? null : linter.facts(document);
  const names = new Map<string, number>();
  for (const { base, line } of facts?.stages ?? []) {
    if (base.kind === 'image' && !names.has(base.resolved)) names.set(base.resolved, line);
  }
  return [...names].map(([name, line]) => ({
    label: `$(package) ${visibleText(name)}`,
    description: `line ${line}`,
    choice: { source: { scheme: 'registry', target: name }, preferLocal: true },
  }));
}

function engineItems(listings: readonly EngineListing[]): readonly Pick[] {
  if (listings.length === 0) return [{ label: '$(circle-slash) No docker, podman or nerdctl was found' }];
  return listings.flatMap(({ engine, result }): Pick[] => {
    if (!result.ok) {
      return [{ label: `$(debug-disconnect) ${engine}`, description: visibleText(problemText(result.error)) }];
    }
    if (result.value.length === 0) return [{ label: `$(circle-slash) No images in ${engine}` }];
    return result.value.flatMap((image) => {
      const source = engineSource(image);
      if (source === null) return [];
      const facts = [
        engine,
        ...(image.createdAt === null ? [] : [`made ${ago(image.createdAt, Date.now())}`]),
        ...(image.size === null ? [] : [bytes(image.size)]),
      ];
      return [
        {
          label: `$(vm) ${visibleText(image.reference ?? image.id)}`,
          description: facts.join(', '),
          choice: { source, preferLocal: false },
        },
      ];
    });
  });
}

function typedItems(value: string): readonly Pick[] {
  if (value.trim() === '') return [];
  const source = typedSource(value);
  if (!source.ok) return [];
  const { scheme, target } = source.value;
  return [
    {
      label: `$(arrow-right) ${visibleText(target)}`,
      description: scheme === 'registry' ? 'download from its registry' : `by ${scheme}`,
      alwaysShow: true,
      choice: { source: source.value, preferLocal: false },
    },
  ];
}

async function fromDisk(
  kind: 'file' | 'folder',
  schemeOf: (path: string) => Promise<ImageSource['scheme'] | null>,
): Promise<Choice | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: kind === 'file',
      canSelectFolders: kind === 'folder',
      openLabel: 'Audit',
      title: kind === 'file' ? 'Audit an Image Archive' : 'Audit an OCI Layout',
      ...(kind === 'file' ? { filters: { 'Image archives': ['tar'], 'All files': ['*'] } } : {}),
    })) ?? [];
  if (chosen === undefined) return undefined;
  const scheme = await schemeOf(chosen.fsPath);
  if (scheme === null) {
    const what = kind === 'file' ? 'image archive' : 'OCI layout';
    const todo =
      kind === 'file'
        ? 'Choose a file that docker save wrote, or an OCI archive.'
        : 'Choose a folder with the file oci-layout.';
    void vscode.window.showErrorMessage(`${chosen.fsPath} is no ${what}. ${todo}`);
    return undefined;
  }
  return { source: { scheme, target: chosen.fsPath }, preferLocal: false };
}

/** The platform to audit: asked where an image index has several. Undefined where the person leaves. */
export async function pickPlatform(
  service: AuditService,
  source: ImageSource,
): Promise<{ readonly platform: string | null } | undefined> {
  const controller = canceller();
  const platforms = await vscode.window.withProgress(
    { location: { viewId: 'waybill.images' }, title: 'Asking for platforms' },
    () => service.auditor.platforms(source, controller.signal),
  );
  // What is wrong with the image is told by the audit itself, where its stage stands.
  if (!platforms.ok || platforms.value.length < 2) return { platform: null };
  const chosen = await vscode.window.showQuickPick([...platforms.value], {
    title: `Audit ${visibleText(source.target)}`,
    placeHolder: 'This image exists for several platforms: choose one',
  });
  return chosen === undefined ? undefined : { platform: chosen };
}
