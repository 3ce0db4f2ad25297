// SPDX-License-Identifier: Apache-2.0
// Language services for one text of an apko or melange file: made for one version of it, and asked as often as needed.
import type { Result } from '../model/result.ts';
import type { Span } from '../text/source-text.ts';
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

export function createConfigLanguage(kind: ConfigKind, text: string, workspace: ConfigWorkspace): ConfigLanguage {
  void kind;
  void text;
  void workspace;
  const refusal = { ok: false, error: { message: 'There is no variable here.' } } as const;
  return {
    completions: () => null,
    hover: () => null,
    definition: () => null,
    references: () => [],
    symbols: () => [],
    prepareRename: () => refusal,
    rename: () => refusal,
    links: () => [],
  };
}
