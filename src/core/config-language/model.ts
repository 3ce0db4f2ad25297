// SPDX-License-Identifier: Apache-2.0
// What the language services of apko and melange files ask of their host, and what they answer. Offsets are UTF-16
// code units from the start of the text, as everywhere in core.
import type { ReadBeside } from '../apko/validate.ts';
import type { Span } from '../text/source-text.ts';
import type { TextEdit } from '../text/edit.ts';

/** A whole apko or melange file, or one pipeline of a `pipelines/` folder, which is a file of melange's as well. */
export type ConfigKind = 'apko' | 'melange' | 'pipeline';

/** Characters behind which a completion may begin without being asked for. */
export const COMPLETION_TRIGGERS = [' ', '{', '.', '-', '/', '@', '=', ':'] as const;

/** A package of a package index. */
export interface IndexedPackage {
  readonly name: string;
  /** '' where it is not known. */
  readonly version: string;
  readonly description: string;
}

/** A file of the workspace under the name that other files use for it. */
export interface NamedFile {
  readonly name: string;
  /** As `read` takes it. */
  readonly path: string;
}

/**
 * What the services see of a workspace. Everything in it is at hand: nothing waits. The host looks files up beforehand;
 * what it has not read yet it answers with undefined, reads it, and asks for the whole answer once more.
 */
export interface ConfigWorkspace {
  /** Text of a file, looked for from the workspace folder and then from the file's own, as the rules have it. */
  readonly read: ReadBeside;
  /** Every `pipelines/NAME.yaml`: the name is the path below that folder without its ending, as `uses:` has it. */
  readonly pipelines: readonly NamedFile[];
  /** Files that `include:` of an apko file may name: paths as they would be written there. */
  readonly includes: readonly string[];
  /** Packages of the indexes in the workspace (`APKINDEX`), each once. */
  readonly packages: readonly IndexedPackage[];
  /** Packages that other melange files of the workspace make, with the file that does. */
  readonly built: readonly NamedFile[];
}

export const NO_WORKSPACE: ConfigWorkspace = {
  read: () => undefined,
  pipelines: [],
  includes: [],
  packages: [],
  built: [],
};

export type CompletionKind =
  | 'key'
  | 'value'
  | 'pipeline'
  | 'input'
  | 'variable'
  | 'package'
  | 'subpackage'
  | 'license'
  | 'file';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line; '' where there is nothing to say. */
  readonly detail: string;
  /** Markdown; '' where there is nothing to say. Whatever comes from a file is escaped. */
  readonly documentation: string;
  /** What replaces `span` of the whole answer. Line breaks and blanks are as they are to stand in the file. */
  readonly insert: string;
  /** True where `insert` is a snippet with places to fill in; otherwise it is plain text. */
  readonly snippet: boolean;
  /** True where more can be chosen behind what was inserted. */
  readonly again: boolean;
  /** True where the choice is no longer meant for new files. */
  readonly deprecated: boolean;
}

export interface Completions {
  /** What is replaced: it holds the offset, and never reaches over the end of its line. */
  readonly span: Span;
  /** The best first. */
  readonly items: readonly Completion[];
  /** True where there are more: they have to be asked for again with every character. */
  readonly incomplete: boolean;
}

export interface ConfigHover {
  readonly span: Span;
  /** Markdown without commands and without HTML. */
  readonly markdown: string;
}

/** A place in this file, or in another one. */
export interface Target {
  /** As `read` takes it; null for the file itself. */
  readonly path: string | null;
  /** In the text of that file. */
  readonly span: Span;
}

export interface Definition {
  /** The word that was asked about. */
  readonly origin: Span;
  readonly targets: readonly Target[];
}

export type ConfigSymbolKind =
  | 'package'
  | 'subpackage'
  | 'step'
  | 'test'
  | 'section'
  | 'list'
  | 'variable'
  | 'data'
  | 'input'
  | 'item'
  | 'account'
  | 'path'
  | 'value';

export interface ConfigSymbol {
  readonly name: string;
  /** '' where there is nothing to say. */
  readonly detail: string;
  readonly kind: ConfigSymbolKind;
  /** The whole entry. */
  readonly span: Span;
  /** Its name, within `span`. */
  readonly selection: Span;
  readonly children: readonly ConfigSymbol[];
}

export interface ConfigLink {
  readonly span: Span;
  readonly target: { readonly path: string } | { readonly url: string };
  readonly tooltip: string;
}

/** What can be renamed at a place. */
export interface Renaming {
  readonly span: Span;
  readonly name: string;
}

/** Why something cannot be renamed: a sentence for people. */
export interface RenameRefusal {
  readonly message: string;
}

export type RenameEdits = readonly TextEdit[];
