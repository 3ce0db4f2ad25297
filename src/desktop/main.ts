// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { catalogueData } from '../core/catalogue/data.ts';
import { SETTINGS } from '../core/contributions/settings.ts';
import { createConfigLanguage, lintConfig, parseApkIndex } from '../core/config-services.ts';
import type { ApkoTool } from '../core/apko-tool/port.ts';
import { problemText } from '../core/model/problem.ts';
import type { Auditor, Log } from '../core/ports.ts';
import { detectYaml } from '../core/yaml/detect.ts';
import { activateWaybill, type TestAccess } from '../editor/activate.ts';
import { registerApko } from '../editor/apko/commands.ts';
import { registerAudit } from '../editor/audit/register.ts';
import { registerConfigLanguages } from '../editor/config/providers.ts';
import type { AuditHost, ConfigHost, ToolName } from '../editor/host.ts';
import { apkIndexText } from '../node/apk-index.ts';
import { createApko } from '../node/apko-entry.ts';
import { createPanelSession, readPanelState } from '../core/panel/open.ts';
import { createAuditor } from '../node/audit-entry.ts';
import { defaultDataFolder } from '../node/store/folder.ts';
import { findTool } from '../node/tools/find.ts';
import { evidenceWish, insecureHosts } from './evidence-settings.ts';
import { schemeOf } from './image-files.ts';

const CLOCK = { now: () => Date.now() };
/** All but the detection is in dist/yaml.js. */
const CONFIGS: ConfigHost = {
  detect: detectYaml,
  lint: lintConfig,
  language: createConfigLanguage,
  packages: (index) => {
    const text = apkIndexText(index);
    return text === null ? [] : parseApkIndex(text);
  },
};
const TOOL_NAMES = ['syft', 'grype'] as const;
const TOOLS: Readonly<Record<ToolName, string>> = { syft: SETTINGS.syftPath, grype: SETTINGS.grypePath };

/** A machine setting, null where it is empty. */
function setting(name: string): string | null {
  const value = vscode.workspace.getConfiguration().get<string>(name, '').trim();
  return value === '' ? null : value;
}

const anySetting = (name: string): unknown => vscode.workspace.getConfiguration().get(name);

/** Hosts without TLS that the settings name; what is left out of them is logged. */
function plainHosts(log: Log): readonly string[] {
  const { hosts, problems } = insecureHosts(anySetting);
  for (const problem of problems) log.warn(problemText(problem));
  return hosts;
}

/** Syft, Grype, engines and the store behind the audit port; dist/audit.js is loaded by the first call. */
function auditHost(): AuditHost {
  let auditor: Auditor | undefined;
  return {
    auditor: (log) =>
      (auditor ??= createAuditor({
        env: process.env,
        log,
        clock: CLOCK,
        dataFolder: setting(SETTINGS.dataFolder),
        programs: {
          syft: setting(SETTINGS.syftPath),
          grype: setting(SETTINGS.grypePath),
          docker: null,
          podman: null,
          nerdctl: null,
        },
        insecureHosts: plainHosts(log),
      })),
    evidence: (source, policy, log) => {
      const wish = evidenceWish(anySetting, process.env, source, policy);
      if (wish.problem !== null) log.warn(problemText(wish.problem));
      return wish;
    },
    reset: () => {
      auditor = undefined;
    },
    missingTools: () => {
      const dataFolder = setting(SETTINGS.dataFolder) ?? defaultDataFolder(process.env);
      return TOOL_NAMES.filter((name) => findTool(name, setting(TOOLS[name]), process.env, dataFolder) === null);
    },
    panelSession: (reference) => createPanelSession(reference, CLOCK),
    panelState: readPanelState,
    schemeOf,
  };
}

/** dist/apko.js is loaded by the first command that needs it. */
function apkoTool(log: Log): ApkoTool {
  return createApko({ env: process.env, program: setting(SETTINGS.apkoPath), log });
}

export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  return activateWaybill(context, {
    kind: 'desktop',
    catalogueData,
    configs: CONFIGS,
    registerConfigs: (linter) => registerConfigLanguages(linter, CONFIGS),
    registerApko: (linter, audit, log) => registerApko({ tool: apkoTool, linter, audit, log }),
    registerAudit: (extension, linter, log) => registerAudit(extension, auditHost(), linter, log),
  });
}
