// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { Catalogue } from '../../core/catalogue/lookup.ts';
import type { CatalogueData } from '../../core/catalogue/schema.ts';
import { SETTINGS } from '../../core/contributions/settings.ts';
import { detectByName } from '../../core/detect.ts';
import type { DockerfileFacts } from '../../core/dockerfile/model.ts';
import { lintDockerfile, lintEmbedded, parseDockerfile } from '../../core/dockerfile-services.ts';
import { detectEmbedding, type EmbeddingKind } from '../../core/embedded/detect.ts';
import type { LintResult } from '../../core/lint/engine.ts';
import { FINDING_SEVERITIES, type FindingSeverity } from '../../core/model/severity.ts';
import type { EditorLog } from '../log.ts';
import { EditorPolicies, today } from '../policy/policies.ts';

/** Schemes whose documents are copies or no files of a person's: a finding there could not be acted on. */
const FOREIGN_SCHEMES = new Set([
  'git',
  'gitfs',
  'output',
  'vscode-scm',
  'review',
  'pr',
  'comment',
  'chat-editing-text-model',
]);

/** Longer files are generated; the CLI judges them all the same. */
const MAX_CHARACTERS = 2_000_000;

/** A Dockerfile, or a file of another tool that holds some. */
export type JudgedAs = 'dockerfile' | EmbeddingKind;

export interface Judged {
  readonly version: number;
  readonly result: LintResult;
}

/** Judges documents, once for each version; nothing here reads a file or asks a network. */
export class Linter {
  readonly policies: EditorPolicies;
  readonly #data: () => CatalogueData;
  #catalogue: Catalogue | undefined;
  readonly #judged = new Map<string, Judged>();
  readonly #facts = new Map<string, { readonly version: number; readonly facts: DockerfileFacts }>();

  constructor(data: () => CatalogueData, log: EditorLog) {
    this.#data = data;
    this.policies = new EditorPolicies(() => this.catalogue, log);
  }

  get catalogue(): Catalogue {
    this.#catalogue ??= new Catalogue(this.#data());
    return this.#catalogue;
  }

  /** The catalogue as the document's policy sees it. */
  catalogueFor(document: vscode.TextDocument): Catalogue {
    return this.policies.basisOf(document)?.catalogue ?? this.catalogue;
  }

  /** What a document is judged as, null where it is not. */
  languageOf(document: Pick<vscode.TextDocument, 'uri' | 'languageId'>): JudgedAs | null {
    if (FOREIGN_SCHEMES.has(document.uri.scheme)) return null;
    return document.languageId === 'dockerfile' ? 'dockerfile' : judgedAs(document.uri);
  }

  /** Facts of a Dockerfile's current text, null for other documents. */
  facts(document: vscode.TextDocument): DockerfileFacts | null {
    if (this.languageOf(document) !== 'dockerfile') return null;
    const key = document.uri.toString();
    const known = this.#facts.get(key);
    if (known?.version === document.version) return known.facts;
    const text = document.getText();
    if (text.length > MAX_CHARACTERS) return null;
    const facts = parseDockerfile(text);
    this.#facts.set(key, { version: document.version, facts });
    return facts;
  }

  /** The findings of the document's current text; null where it is not judged. */
  judge(document: vscode.TextDocument): LintResult | null {
    const language = this.languageOf(document);
    if (language === null) return null;
    const key = document.uri.toString();
    const known = this.#judged.get(key);
    if (known?.version === document.version) return known.result;
    const result = this.judgeText(document, language, document.getText());
    if (result !== null) this.#judged.set(key, { version: document.version, result });
    return result;
  }

  /** The findings of a text that stands in a file, whether it is open or not; null where it is not judged. */
  judgeText(file: Pick<vscode.TextDocument, 'uri'>, language: JudgedAs, text: string): LintResult | null {
    const settings = vscode.workspace.getConfiguration(undefined, file.uri);
    if (!settings.get(SETTINGS.lintEnabled, true) || text.length > MAX_CHARACTERS) return null;
    const options = {
      // Until the policy was looked up nothing is known of one; what shows findings waits for it.
      ...(this.policies.basisOf(file) ?? { catalogue: this.catalogue }),
      today: today(),
      severities: severities(settings.get(SETTINGS.lintRules)),
    };
    return language === 'dockerfile' ? lintDockerfile(text, options) : lintEmbedded(text, language, options);
  }

  forget(document: vscode.TextDocument): void {
    this.#judged.delete(document.uri.toString());
    this.#facts.delete(document.uri.toString());
  }

  /** Settings have changed: every answer is out of date. */
  forgetAll(): void {
    this.#judged.clear();
  }
}

/** What a file is judged as by its name, null where the name does not say. */
export function judgedAs({ path }: vscode.Uri): JudgedAs | null {
  const known = detectByName(path.slice(path.lastIndexOf('/') + 1));
  return known === 'dockerfile' ? known : detectEmbedding(path);
}

/** Settings are a person's text: what is no severity is left out. */
function severities(setting: unknown): Readonly<Record<string, FindingSeverity | 'off'>> {
  if (typeof setting !== 'object' || setting === null) return {};
  const known = new Set<unknown>([...FINDING_SEVERITIES, 'off']);
  return Object.fromEntries(Object.entries(setting).filter(([, value]) => known.has(value)));
}
