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
import { globMatches } from '../../core/policy/glob.ts';
import type { YamlLanguage } from '../../core/yaml/detect.ts';
import { BesideFiles } from '../config/beside.ts';
import type { ConfigHost } from '../host.ts';
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

/** A Dockerfile, a file of another tool that holds some, or a file of apko's or melange's own. */
export type JudgedAs = 'dockerfile' | EmbeddingKind | YamlLanguage;

/** A document, or a file with its text. */
type TextFile = Pick<vscode.TextDocument, 'uri' | 'getText'> & { readonly languageId?: string };

export interface Judged {
  readonly version: number;
  readonly result: LintResult;
}

/** Judges documents, once for each version; nothing here reads a file or asks a network. */
export class Linter {
  readonly policies: EditorPolicies;
  /** What apko and melange files refer to. */
  readonly beside = new BesideFiles();
  readonly #data: () => CatalogueData;
  readonly #configs: ConfigHost | null;
  #catalogue: Catalogue | undefined;
  readonly #judged = new Map<string, Judged>();
  /** Null as version: the name says it, whatever is written there. */
  readonly #languages = new Map<string, { readonly version: number | null; readonly language: JudgedAs | null }>();
  readonly #facts = new Map<string, { readonly version: number; readonly facts: DockerfileFacts }>();

  constructor(data: () => CatalogueData, configs: ConfigHost | null, log: EditorLog) {
    this.#data = data;
    this.#configs = configs;
    this.policies = new EditorPolicies(() => this.catalogue, log);
  }

  /** True where apko and melange files are judged. */
  get judgesConfigs(): boolean {
    return this.#configs !== null;
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
  languageOf(document: vscode.TextDocument): JudgedAs | null {
    if (FOREIGN_SCHEMES.has(document.uri.scheme)) return null;
    const key = document.uri.toString();
    const known = this.#languages.get(key);
    if (known !== undefined && (known.version ?? document.version) === document.version) return known.language;
    const language = this.languageOfFile(document);
    this.#languages.set(key, { version: isYaml(document.uri) ? document.version : null, language });
    return language;
  }

  /** What a file is judged as by the setting, its name, and where that does not say by what stands in it. */
  languageOfFile(file: TextFile): JudgedAs | null {
    const chosen = this.#chosen(file.uri);
    if (chosen !== null) return chosen === 'none' ? null : chosen;
    const named = file.languageId === 'dockerfile' ? 'dockerfile' : judgedAs(file.uri);
    if (named !== null || this.#configs === null || !isYaml(file.uri)) return named;
    const text = file.getText();
    return text.length > MAX_CHARACTERS ? null : this.#configs.detect(pathInWorkspace(file.uri), text);
  }

  /** What the setting says of a file. */
  #chosen(uri: vscode.Uri): YamlLanguage | 'none' | null {
    const setting: unknown = vscode.workspace.getConfiguration(undefined, uri).get(SETTINGS.languages);
    if (typeof setting !== 'object' || setting === null) return null;
    const path = pathInWorkspace(uri);
    for (const [pattern, language] of Object.entries(setting)) {
      if (language !== 'apko' && language !== 'melange' && language !== 'none') continue;
      if (language !== 'none' && this.#configs === null) continue;
      if (globMatches(pattern.includes('/') ? pattern : `**/${pattern}`, path)) return language;
    }
    return null;
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

  /** The findings of the document's current text; null where it is not judged, or not yet. */
  judge(document: vscode.TextDocument): LintResult | null {
    const result = this.judgeOrWait(document);
    return result === 'waits' ? null : result;
  }

  /** The same, and `waits` where files that it refers to have to be read first: `beside.load` does. */
  judgeOrWait(document: vscode.TextDocument): LintResult | 'waits' | null {
    const language = this.languageOf(document);
    if (language === null) return null;
    const key = document.uri.toString();
    const known = this.#judged.get(key);
    if (known?.version === document.version) return known.result;
    const result = this.judgeText(document, language, document.getText());
    if (result !== null && result !== 'waits') this.#judged.set(key, { version: document.version, result });
    return result;
  }

  /** The findings of a text that stands in a file, whether it is open or not; null where it is not judged. */
  judgeText(file: Pick<vscode.TextDocument, 'uri'>, language: JudgedAs, text: string): LintResult | 'waits' | null {
    const settings = vscode.workspace.getConfiguration(undefined, file.uri);
    if (!settings.get(SETTINGS.lintEnabled, true) || text.length > MAX_CHARACTERS) return null;
    const options = {
      // Until the policy was looked up nothing is known of one; what shows findings waits for it.
      ...(this.policies.basisOf(file) ?? { catalogue: this.catalogue }),
      today: today(),
      severities: severities(settings.get(SETTINGS.lintRules)),
    };
    if (language === 'dockerfile') return lintDockerfile(text, options);
    if (language !== 'apko' && language !== 'melange') return lintEmbedded(text, language, options);
    if (this.#configs === null) return null;
    const { read, neighbours, waits } = this.beside.of(file.uri);
    const result = this.#configs.lint(text, language, { ...options, beside: read, neighbours });
    return waits() ? 'waits' : result;
  }

  forget(document: vscode.TextDocument): void {
    this.#judged.delete(document.uri.toString());
    this.#facts.delete(document.uri.toString());
    this.#languages.delete(document.uri.toString());
  }

  /** Settings have changed: every answer is out of date. */
  forgetAll(): void {
    this.#judged.clear();
    this.#languages.clear();
  }

  dispose(): void {
    this.beside.dispose();
    this.policies.dispose();
  }
}

/** True where a file is YAML by its name, so that what stands in it may say whose it is. */
export function isYaml({ path }: vscode.Uri): boolean {
  return /\.ya?ml$/i.test(path);
}

/** A path as patterns of a setting and the detection see it: from the workspace folder, whole where there is none. */
function pathInWorkspace(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri) === undefined
    ? uri.path.replace(/^\//, '')
    : vscode.workspace.asRelativePath(uri, false);
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
