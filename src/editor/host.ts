// SPDX-License-Identifier: Apache-2.0
import type * as vscode from 'vscode';
import type { CatalogueData } from '../core/catalogue/schema.ts';
import type { ConfigKind, ConfigWorkspace, IndexedPackage } from '../core/config-language/model.ts';
import type { ConfigLanguage } from '../core/config-language/service.ts';
import type { LintOptions, LintResult } from '../core/lint/engine.ts';
import type { PanelSession } from '../core/panel/session.ts';
import type { Policy } from '../core/policy/model.ts';
import type { Auditor, EvidenceWish, ImageScheme, ImageSource, Log } from '../core/ports.ts';
import type { YamlLanguage } from '../core/yaml/detect.ts';
import type { AuditFeature } from './audit/register.ts';
import type { Linter } from './lint/linter.ts';
import type { EditorLog } from './log.ts';

export type ToolName = 'syft' | 'grype';

/** What auditing needs from the machine; absent in a browser. */
export interface AuditHost {
  /** The audit half with the settings of now; the first call loads it. */
  auditor(log: Log): Auditor;
  /** What the settings of now ask of the evidence stage about one image; what cannot be used of them is logged. */
  evidence(source: ImageSource, policy: Policy | null, log: Log): EvidenceWish;
  /** Forget the auditor, because a setting has changed. */
  reset(): void;
  /** Tools that are on PATH or configured nowhere; only looks at files. */
  missingTools(): readonly ToolName[];
  /** The host side of one panel, checked on every message. */
  panelSession(reference: string): PanelSession;
  /** What a page kept over a reload, null where it is nothing of ours. */
  panelState(raw: unknown): { readonly key: string | null; readonly reference: string } | null;
  /** What kind of image a file or folder is, null where it is none. */
  schemeOf(path: string): Promise<ImageScheme | null>;
}

/** What apko and melange files are judged by. */
export interface ConfigHost {
  /** `path` as seen from the workspace folder, with `/`. Cheap: every YAML file is asked about. */
  detect(path: string, text: string): YamlLanguage | null;
  lint(text: string, language: YamlLanguage, options: LintOptions): LintResult;
  language(kind: ConfigKind, text: string, workspace: ConfigWorkspace): ConfigLanguage;
  /** Packages of an `APKINDEX.tar.gz`, none where it is no such archive. */
  packages(index: Uint8Array): readonly IndexedPackage[];
}

/** What a composition root gives to `activate`. */
export interface Host {
  readonly kind: 'desktop' | 'browser';
  catalogueData(): CatalogueData;
  /** Null in a browser: what judges these files does not fit into its one bundle. */
  readonly configs: ConfigHost | null;
  /** Registers what makes writing these files comfortable; null with them. */
  readonly registerConfigs: ((linter: Linter) => vscode.Disposable) | null;
  /** Registers what runs a local apko; null where no program can be started. */
  readonly registerApko: ((linter: Linter, audit: AuditFeature, log: EditorLog) => vscode.Disposable) | null;
  /** Registers everything that audits; null where nothing can be audited, so that its code is not there either. */
  readonly registerAudit: ((context: vscode.ExtensionContext, linter: Linter, log: EditorLog) => AuditFeature) | null;
}
