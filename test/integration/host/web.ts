// SPDX-License-Identifier: Apache-2.0
// Runs inside the web worker extension host: there is no Node, so no file and no process.
import assert from 'node:assert/strict';
// The build for browsers: it puts itself on the global object.
import 'mocha';
import * as vscode from 'vscode';
import { comfortSuite } from './comfort.ts';
import { lintSuite } from './lint.ts';
import { policySuite } from './policy.ts';
import { access } from './support.ts';

function browserSuite(): void {
  describe('browser', () => {
    it('is what this host is', () => {
      assert.equal(typeof (globalThis as { importScripts?: unknown }).importScripts, 'function');
      assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    });

    it('audits nothing', async () => {
      assert.equal((await access()).audit, null);
    });
  });
}

/** `%s`, `%d` and the rest of Mocha's formats, filled in: the console here is read by a program. */
function line(format: unknown = '', ...words: unknown[]): string {
  const left = [...words];
  const text = String(format).replace(/%[sdifjoOc]/g, () => String(left.shift() ?? ''));
  return [text, ...left.map(String)].join(' ');
}

Mocha.reporters.Base.consoleLog = (...words: unknown[]) => console.log(line(...words));

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  browserSuite();
  lintSuite();
  comfortSuite();
  policySuite();
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    // The browser build's own `run` reads options from the page's address, and an extension host has none.
    const runner = Mocha.prototype.run.call(mocha, () => resolve(runner.stats as Mocha.Stats));
  });
  console.log(`WAYBILL_TEST_COUNTS ${JSON.stringify({ passed: passes, failed: failures + pending })}`);
  if (failures > 0) throw new Error(`${failures} failed`);
}
