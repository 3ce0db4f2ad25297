// SPDX-License-Identifier: Apache-2.0
// Language services for one text of an apko or melange file: made for one version of it, and asked as often as needed.
import type { Result } from '../model/result.ts';
import type { Span } from '../text/source-text.ts';
import { analyse, type Analysis } from './analysis.ts';
import { complete } from './complete.ts';
import { definitionAt, linksOf } from './definition.ts';
import { hoverAt } from './hover.ts';
import { prepareRename, referencesAt, rename } from './rename.ts';
import { symbolsOf } from './symbols.ts';
import type {
  Completions,
  ConfigHover,
  ConfigKind,
  ConfigLink,
  ConfigSymbol,
  ConfigWorkspace,
  Definition,
  RenameEdits,
  RenameRefusal,
  Renaming,
} from './model.ts';

export interface ConfigLanguage {
  /** Null where nothing of ours belongs. It answers for texts that cannot be read as well. */
  completions(offset: number): Completions | null;
  hover(offset: number): ConfigHover | null;
  definition(offset: number): Definition | null;
  /** Every place that means the same variable, its definition first; empty where there is none. */
  references(offset: number): readonly Span[];
  symbols(): readonly ConfigSymbol[];
  prepareRename(offset: number): Result<Renaming, RenameRefusal>;
  rename(offset: number, name: string): Result<RenameEdits, RenameRefusal>;
  links(): readonly ConfigLink[];
}

/** Services for one version of a text. What they are asked is worked out when it is first asked. */
export function createConfigLanguage(kind: ConfigKind, text: string, workspace: ConfigWorkspace): ConfigLanguage {
  let known: Analysis | null = null;
  const analysis = (): Analysis => (known ??= analyse(kind, text, workspace));
  return {
    completions: (offset) => complete(analysis(), offset),
    hover: (offset) => hoverAt(analysis(), offset),
    definition: (offset) => definitionAt(analysis(), offset),
    references: (offset) => referencesAt(analysis(), offset),
    symbols: () => symbolsOf(analysis()),
    prepareRename: (offset) => prepareRename(analysis(), offset),
    rename: (offset, name) => rename(analysis(), offset, name),
    links: () => linksOf(analysis()),
  };
}
