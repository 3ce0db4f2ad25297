// SPDX-License-Identifier: Apache-2.0
// Completion, hover, definition, references, symbols, links and renaming of apko and melange files. What they say is
// core's; here it only gets VS Code's own form.
import * as vscode from 'vscode';
import {
  COMPLETION_TRIGGERS,
  type Completion,
  type CompletionKind,
  type ConfigSymbol,
  type ConfigSymbolKind,
  type Target,
} from '../../core/config-language/model.ts';
import { SourceText } from '../../core/text/source-text.ts';
import type { ConfigHost } from '../host.ts';
import { spanRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import { YAML } from '../selector.ts';
import type { BesideReader } from './beside.ts';
import { ConfigLanguages } from './languages.ts';

const ITEM_KIND: Readonly<Record<CompletionKind, vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  pipeline: vscode.CompletionItemKind.Function,
  input: vscode.CompletionItemKind.Field,
  variable: vscode.CompletionItemKind.Variable,
  package: vscode.CompletionItemKind.Module,
  subpackage: vscode.CompletionItemKind.Module,
  license: vscode.CompletionItemKind.Constant,
  file: vscode.CompletionItemKind.File,
};

const SYMBOL_KIND: Readonly<Record<ConfigSymbolKind, vscode.SymbolKind>> = {
  package: vscode.SymbolKind.Package,
  subpackage: vscode.SymbolKind.Package,
  step: vscode.SymbolKind.Function,
  test: vscode.SymbolKind.Event,
  section: vscode.SymbolKind.Namespace,
  list: vscode.SymbolKind.Array,
  variable: vscode.SymbolKind.Variable,
  data: vscode.SymbolKind.Struct,
  input: vscode.SymbolKind.Field,
  item: vscode.SymbolKind.String,
  account: vscode.SymbolKind.Object,
  path: vscode.SymbolKind.File,
  value: vscode.SymbolKind.Property,
};

export function registerConfigLanguages(linter: Linter, host: ConfigHost): vscode.Disposable {
  const { languages } = vscode;
  const services = new ConfigLanguages(linter, host);
  return vscode.Disposable.from(
    services,
    languages.registerCompletionItemProvider(YAML, completionProvider(services), ...COMPLETION_TRIGGERS),
    languages.registerHoverProvider(YAML, {
      provideHover: async (document, position) => {
        const at = document.offsetAt(position);
        const hover = (await services.ask(document, (language) => language.hover(at)))?.answer ?? null;
        // Markdown without commands and without HTML.
        return hover === null
          ? null
          : new vscode.Hover(new vscode.MarkdownString(hover.markdown), spanRange(document, hover.span));
      },
    }),
    languages.registerDefinitionProvider(YAML, {
      provideDefinition: async (document, position) => {
        const at = document.offsetAt(position);
        const asked = await services.ask(document, (language) => language.definition(at));
        if (asked === null || asked.answer === null) return null;
        const { origin, targets } = asked.answer;
        const originSelectionRange = spanRange(document, origin);
        return targets.flatMap((target) => {
          const place = placeOf(document, target, asked.reader);
          return place === null ? [] : [{ originSelectionRange, targetUri: place.uri, targetRange: place.range }];
        });
      },
    }),
    languages.registerReferenceProvider(YAML, {
      provideReferences: async (document, position, { includeDeclaration }) => {
        const at = document.offsetAt(position);
        const spans = (await services.ask(document, (language) => language.references(at)))?.answer ?? [];
        return spans
          .slice(includeDeclaration ? 0 : 1)
          .map((span) => new vscode.Location(document.uri, spanRange(document, span)));
      },
    }),
    languages.registerDocumentSymbolProvider(
      YAML,
      {
        provideDocumentSymbols: async (document) => {
          const symbols = (await services.ask(document, (language) => language.symbols()))?.answer ?? [];
          return symbols.map((symbol) => toSymbol(document, symbol));
        },
      },
      { label: 'Waybill' },
    ),
    languages.registerDocumentLinkProvider(YAML, {
      provideDocumentLinks: async (document) => {
        const asked = await services.ask(document, (language) => language.links());
        return (asked?.answer ?? []).flatMap(({ span, target, tooltip }) => {
          const uri = 'url' in target ? webAddress(target.url) : (asked?.reader.locate(target.path) ?? null);
          if (uri === null) return [];
          const link = new vscode.DocumentLink(spanRange(document, span), uri);
          link.tooltip = tooltip;
          return [link];
        });
      },
    }),
    languages.registerRenameProvider(YAML, renameProvider(services)),
  );
}

function completionProvider(services: ConfigLanguages): vscode.CompletionItemProvider {
  return {
    provideCompletionItems: async (document, position) => {
      const at = document.offsetAt(position);
      const found = (await services.ask(document, (language) => language.completions(at)))?.answer ?? null;
      if (found === null) return null;
      const replacing = spanRange(document, found.span);
      const range = { inserting: replacing.with({ end: position }), replacing };
      const items = found.items.map((item, index) => toItem(item, index, range));
      return new vscode.CompletionList(items, found.incomplete);
    },
  };
}

function toItem(
  { label, kind, detail, documentation, insert, snippet, again, deprecated }: Completion,
  index: number,
  range: { readonly inserting: vscode.Range; readonly replacing: vscode.Range },
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, ITEM_KIND[kind]);
  item.range = range;
  item.insertText = snippet ? new vscode.SnippetString(insert) : insert;
  // Lines are as they are to stand there: VS Code must not indent them once more.
  item.keepWhitespace = true;
  item.sortText = String(index).padStart(6, '0');
  if (detail !== '') item.detail = detail;
  if (documentation !== '') item.documentation = new vscode.MarkdownString(documentation);
  if (again) item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  if (deprecated) item.tags = [vscode.CompletionItemTag.Deprecated];
  return item;
}

function placeOf(
  document: vscode.TextDocument,
  { path, span }: Target,
  reader: BesideReader,
): { readonly uri: vscode.Uri; readonly range: vscode.Range } | null {
  if (path === null) return { uri: document.uri, range: spanRange(document, span) };
  const uri = reader.locate(path);
  const text = uri === null ? null : reader.read(path);
  if (uri === null || typeof text !== 'string') return null;
  const source = new SourceText(text);
  const positionAt = (offset: number): vscode.Position => {
    const { line, column } = source.positionAt(offset);
    return new vscode.Position(line - 1, column - 1);
  };
  return { uri, range: spanRange({ positionAt }, span) };
}

function toSymbol(document: vscode.TextDocument, symbol: ConfigSymbol): vscode.DocumentSymbol {
  const made = new vscode.DocumentSymbol(
    // VS Code takes no symbol without a name.
    symbol.name === '' ? '(no name)' : symbol.name,
    symbol.detail,
    SYMBOL_KIND[symbol.kind],
    spanRange(document, symbol.span),
    spanRange(document, symbol.selection),
  );
  made.children = symbol.children.map((child) => toSymbol(document, child));
  return made;
}

/** Only what a browser opens: a file can name anything. */
function webAddress(url: string): vscode.Uri | null {
  return /^https?:\/\//i.test(url) ? vscode.Uri.parse(url) : null;
}

function renameProvider(services: ConfigLanguages): vscode.RenameProvider {
  return {
    prepareRename: async (document, position) => {
      const at = document.offsetAt(position);
      const asked = await services.ask(document, (language) => language.prepareRename(at));
      if (asked === null) throw new Error('This is no apko or melange file.');
      if (!asked.answer.ok) throw new Error(asked.answer.error.message);
      const { span, name } = asked.answer.value;
      return { range: spanRange(document, span), placeholder: name };
    },
    provideRenameEdits: async (document, position, name) => {
      const at = document.offsetAt(position);
      const asked = await services.ask(document, (language) => language.rename(at, name));
      if (asked === null) return null;
      if (!asked.answer.ok) throw new Error(asked.answer.error.message);
      const edit = new vscode.WorkspaceEdit();
      edit.set(
        document.uri,
        asked.answer.value.map(({ span, newText }) => vscode.TextEdit.replace(spanRange(document, span), newText)),
      );
      return edit;
    },
  };
}
