// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { ConfigKind } from '../../core/config-language/model.ts';
import type { ConfigLanguage } from '../../core/config-language/service.ts';
import type { ConfigHost } from '../host.ts';
import type { Linter } from '../lint/linter.ts';
import type { BesideReader } from './beside.ts';
import { ConfigSurroundings, type Surroundings } from './workspace.ts';

/** One answer may need files that name others; more turns than these are a loop. */
const MAX_TURNS = 8;

interface Made {
  readonly version: number;
  readonly surroundings: Surroundings;
  readonly language: ConfigLanguage;
  readonly reader: BesideReader;
}

export interface Asked<T> {
  readonly answer: T;
  readonly reader: BesideReader;
}

/** The language services of open documents, made once for each version. */
export class ConfigLanguages implements vscode.Disposable {
  readonly #linter: Linter;
  readonly #host: ConfigHost;
  readonly #surroundings: ConfigSurroundings;
  readonly #made = new Map<string, Made>();
  readonly #subscriptions: vscode.Disposable;

  constructor(linter: Linter, host: ConfigHost) {
    this.#linter = linter;
    this.#host = host;
    this.#surroundings = new ConfigSurroundings(host);
    this.#subscriptions = vscode.Disposable.from(
      this.#surroundings,
      linter.beside.onDidChange(() => this.#made.clear()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#made.delete(uri.toString())),
    );
  }

  /** Asks about a document; null where it is not ours. What the answer needs is read first, and then it is asked again. */
  async ask<T>(document: vscode.TextDocument, question: (language: ConfigLanguage) => T): Promise<Asked<T> | null> {
    const kind = this.#kindOf(document);
    if (kind === null) return null;
    for (let turn = 1; ; turn++) {
      const surroundings = await this.#surroundings.of(document.uri);
      const { language, reader } = this.#at(document, kind, surroundings);
      const answer = question(language);
      if (!reader.waits() || turn === MAX_TURNS) return { answer, reader };
      this.#made.delete(document.uri.toString());
      await this.#linter.beside.load();
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #at(document: vscode.TextDocument, kind: ConfigKind, surroundings: Surroundings): Made {
    const key = document.uri.toString();
    const { version } = document;
    const known = this.#made.get(key);
    if (known?.version === version && known.surroundings === surroundings) return known;
    const reader = this.#linter.beside.of(document.uri);
    const language = this.#host.language(kind, document.getText(), { ...surroundings, read: reader.read });
    const made = { version, surroundings, language, reader };
    this.#made.set(key, made);
    return made;
  }

  #kindOf(document: vscode.TextDocument): ConfigKind | null {
    const language = this.#linter.languageOf(document);
    if (language === 'apko' || language === 'melange') return language;
    return language === null && isPipeline(document) ? 'pipeline' : null;
  }
}

/** A pipeline of melange's, by its folder and by the key that it cannot do without. */
function isPipeline(document: vscode.TextDocument): boolean {
  if (!/\/pipelines\/.*\.ya?ml$/i.test(document.uri.path)) return false;
  const text = document.getText();
  return /^pipeline\s*:/m.test(text) && /^(?:name|inputs|needs)\s*:/m.test(text);
}
