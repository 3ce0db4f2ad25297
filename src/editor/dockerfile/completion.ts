// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { Suggestion } from '../../core/completion/images.ts';
import type { ImageNames } from '../../core/completion/suggest.ts';
import { imageNames, suggest } from '../../core/dockerfile-services.ts';
import { spanRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import { today } from '../policy/policies.ts';

const KIND = {
  image: vscode.CompletionItemKind.Module,
  tag: vscode.CompletionItemKind.Value,
  stage: vscode.CompletionItemKind.Reference,
} as const;

/** Images, tags and stages where an image belongs: from the catalogue and the file, never from a network. */
export class ImageCompletionProvider implements vscode.CompletionItemProvider {
  /** What a name, its parts and a flag begin with. */
  static readonly triggers = [' ', ':', '/', '='] as const;

  readonly #linter: Linter;
  #names: ImageNames | null = null;

  constructor(linter: Linter) {
    this.#linter = linter;
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] | undefined {
    const facts = this.#linter.facts(document);
    if (facts === null) return undefined;
    const catalogue = this.#linter.catalogueFor(document);
    const found = suggest(facts, document.offsetAt(position), catalogue, (this.#names ??= imageNames()), today());
    if (found === null) return undefined;
    const replacing = spanRange(document, found.span);
    const range = { inserting: replacing.with({ end: position }), replacing };
    return found.suggestions.map((suggestion, index) => toItem(suggestion, index, range));
  }
}

function toItem(
  { text, kind, about, detail, deprecated }: Suggestion,
  index: number,
  range: { readonly inserting: vscode.Range; readonly replacing: vscode.Range },
): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: text, description: about }, KIND[kind]);
  item.range = range;
  item.detail = detail;
  item.filterText = text;
  item.insertText = text;
  item.sortText = String(index).padStart(4, '0');
  if (deprecated) item.tags = [vscode.CompletionItemTag.Deprecated];
  return item;
}
