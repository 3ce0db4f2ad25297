// SPDX-License-Identifier: Apache-2.0
// Runs inside the extension host: Mocha over the suites that WAYBILL_TEST_PHASE names.
import { existsSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import * as loaded from 'mocha';
import * as vscode from 'vscode';
import { apkoSuite } from './apko.ts';
import { auditSuite } from './audit.ts';
import { choiceSuite } from './choices.ts';
import { comfortSuite } from './comfort.ts';
import { configComfortSuite } from './config-comfort.ts';
import { configsSuite } from './configs.ts';
import { errorSuite } from './errors.ts';
import { evidenceSuites } from './evidence-phase.ts';
import { restrictedEvidenceSuite } from './evidence-restricted.ts';
import { evidenceSettingsSuite, restrictedSettingsSuite } from './evidence-settings.ts';
import { failureSuite } from './failures.ts';
import { foldersSuite } from './folders.ts';
import { lintSuite } from './lint.ts';
import { panelSuite } from './panel.ts';
import { policySuite } from './policy.ts';
import { reloadedSuite, reloadSuite } from './reload.ts';
import { restrictedSuite } from './restricted.ts';
import { screenshotSuite } from './screenshots.ts';
import { environment } from './runner.ts';
import { verificationSuite } from './verification.ts';
import { workbenchSuite } from './workbench.ts';

const PHASES: Readonly<Record<string, () => void>> = {
  smoke: () => {
    lintSuite();
    comfortSuite();
    policySuite();
    auditSuite();
    panelSuite();
    verificationSuite();
  },
  failures: () => {
    failureSuite();
    errorSuite();
  },
  choices: choiceSuite,
  configs: () => {
    configsSuite();
    configComfortSuite();
    apkoSuite();
  },
  workbench: workbenchSuite,
  evidence: () => {
    evidenceSuites();
    evidenceSettingsSuite();
  },
  folders: foldersSuite,
  screenshots: screenshotSuite,
  restricted: () => {
    restrictedSuite();
    restrictedEvidenceSuite();
    restrictedSettingsSuite();
  },
  reload: reloadSuite,
  reloaded: reloadedSuite,
};

// What `require` makes of an ES module differs between the Node of the oldest host and of the newest.
const { Mocha } = loaded as unknown as { readonly Mocha: typeof loaded.default };

// The console of an extension host is sent away word by word: the runner would show the format, not the line.
Mocha.reporters.Base.consoleLog = (...words: unknown[]) => console.log(format(...words));

function runMocha(suites: () => void): Promise<number> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 120_000,
    reporter: environment('WAYBILL_TEST_REPORTER'),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  suites();
  return new Promise((resolve) => {
    mocha.run(resolve);
  });
}

export async function run(): Promise<void> {
  const phase = environment('WAYBILL_TEST_PHASE');
  const suites = PHASES[phase];
  if (suites === undefined) throw new Error(`There is no phase ${phase}.`);
  const marker = environment('WAYBILL_TEST_MARKER');
  const reloaded = existsSync(marker);
  const failed = await runMocha(reloaded ? reloadedSuite : suites);
  if (phase === 'reload' && !reloaded && failed === 0) {
    writeFileSync(marker, '');
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
    // This extension host ends with the window; the next one runs what follows.
    await new Promise(() => undefined);
  }
  if (failed > 0) throw new Error(`${failed} failed`);
}
