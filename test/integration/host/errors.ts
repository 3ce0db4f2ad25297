// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import type { ImageSource } from '../../../src/core/ports.ts';
import { machineSetting, snapshot } from './failures.ts';
import { panelTabs } from './panel.ts';
import { ask, environment, read, readUntil } from './runner.ts';
import { auditAccess, pause, until } from './support.ts';

type Stage = keyof AuditReport['stages'];

interface Case {
  readonly name: string;
  readonly source?: () => ImageSource;
  /** Variables of the extension host for this audit. */
  readonly env?: () => Readonly<Record<string, string>>;
  /** Programs that stand in for a tool: shell scripts. */
  readonly fake?: Readonly<Record<string, string>>;
  readonly stage: Stage;
  readonly code: string;
  /** What happened, why and what to do, as the page says it. */
  readonly says: RegExp;
  /** Word of the button or link in that row. */
  readonly offers: string;
  /** Whether the packages stand all the same. */
  readonly packages: boolean;
}

const image = (): ImageSource => ({ scheme: 'oci-dir', target: environment('WAYBILL_TEST_IMAGE') });
const database = (variant: string) => (): Readonly<Record<string, string>> => ({
  GRYPE_DB_CACHE_DIR: environment(`WAYBILL_TEST_DATABASE_${variant}`),
});
/** Finds the file that the tool was told to write. */
const OUT = 'for a in "$@"; do case "$a" in syft-json=*) out=${a#syft-json=};; json=*) out=${a#json=};; esac; done';
const grypeThat = (text: string): string =>
  `if [ "$1" = db ]; then exec ${environment('WAYBILL_TEST_GRYPE')} "$@"; fi; ${OUT}; ${text}`;

const cases = (): readonly Case[] => [
  {
    name: 'no vulnerability database',
    env: database('MISSING'),
    stage: 'database',
    code: 'database-missing',
    says: /no vulnerability database.*grype db update/,
    offers: 'Try again',
    packages: true,
  },
  {
    name: 'a database that is too old',
    env: database('STALE'),
    stage: 'database',
    code: 'database-stale',
    says: /built 2026-01-01.*past its limit.*grype db update/,
    offers: 'Use it once anyway',
    packages: true,
  },
  {
    name: 'a database that is broken',
    env: database('CORRUPT'),
    stage: 'database',
    code: 'database-broken',
    says: /not a database.*grype db delete/,
    offers: 'Try again',
    packages: true,
  },
  {
    name: 'a registry that gives no access',
    source: () => ({ scheme: 'registry', target: environment('WAYBILL_TEST_CLOSED_IMAGE') }),
    stage: 'resolve',
    code: 'access-denied',
    says: /answered 401.*docker login/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'an image that its registry does not have',
    source: () => ({ scheme: 'registry', target: `${environment('WAYBILL_TEST_REGISTRY_IMAGE')}-none` }),
    stage: 'resolve',
    code: 'image-missing',
    says: /answered 404/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'a registry that does not answer',
    source: () => ({ scheme: 'registry', target: '127.0.0.1:1/northwind/payments-api:4.7.1' }),
    stage: 'resolve',
    code: 'registry-unreachable',
    says: /127\.0\.0\.1:1/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'a Syft that crashes',
    fake: { syft: 'echo "[0001] ERROR out of luck" >&2; exit 1' },
    stage: 'sbom',
    code: 'tool-failed',
    says: /Syft stopped with exit code 1: out of luck/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'a Syft that is killed',
    fake: { syft: `${OUT}; printf '{"artifacts":[' > "$out"; kill -KILL $$` },
    stage: 'sbom',
    code: 'tool-failed',
    says: /killed by SIGKILL/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'a Syft that writes half of an SBOM and says that all is well',
    fake: { syft: `${OUT}; printf '{"artifacts":[' > "$out"` },
    stage: 'sbom',
    code: 'tool-output',
    says: /no JSON/,
    offers: 'Try again',
    packages: false,
  },
  {
    name: 'a Grype that is killed',
    fake: { grype: grypeThat('kill -ABRT $$') },
    stage: 'matching',
    code: 'tool-failed',
    says: /Grype ended: it was killed by SIGABRT/,
    offers: 'Try again',
    packages: true,
  },
  {
    name: 'a Grype that writes nonsense',
    fake: { grype: grypeThat(`echo '{"matches":5}' > "$out"`) },
    stage: 'matching',
    code: 'tool-output',
    says: /no Grype report/,
    offers: 'Try again',
    packages: true,
  },
];

const temporaryFolders = (): readonly string[] =>
  readdirSync(environment('TMPDIR')).filter((name) => /waybill|stereoscope/.test(name));

/** Arranges for one fault, does the work and puts everything back. */
async function under({ env, fake }: Pick<Case, 'env' | 'fake'>, work: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  try {
    for (const [name, text] of Object.entries(fake ?? {})) {
      const path = join(environment('WAYBILL_TEST_FOLDER'), `fake-${name}`);
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
      await machineSetting(`${name}.path`, path);
    }
    Object.assign(process.env, env?.() ?? {});
    await work();
  } finally {
    for (const name of Object.keys(env?.() ?? {})) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    for (const name of Object.keys(fake ?? {})) await machineSetting(`${name}.path`, undefined);
  }
}

/** Toasts hide when nobody is at the window; the list of notifications does not. */
export async function notification(says: RegExp): Promise<void> {
  await until(`a notification like ${String(says)}`, async () => {
    await vscode.commands.executeCommand('notifications.showList');
    return (await read('.notification-list-item-message')).some((text) => says.test(text));
  });
}

/** The same with the page in sight: what a person reads there, and the next step that is offered. */
export function errorSuite(): void {
  describe('failures on the screen', () => {
    beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

    for (const each of cases()) {
      it(`${each.name}: what happened, why, what to do`, async () => {
        await under(each, async () => {
          const audit = await auditAccess();
          const known = audit.service.stored.length;
          await audit.commands.audit(each.source?.() ?? image(), null, null, false);
          const session = audit.service.sessions.at(-1);
          assert.ok(session?.report);
          const stage = session.report.stages[each.stage];
          assert.equal(stage.state, 'failed');
          assert.equal(stage.code, each.code, stage.reason ?? '');
          assert.match(stage.reason ?? '', each.says);
          assert.equal(session.report.packages.length > 0, each.packages);
          assert.equal(session.report.vulnerabilities.length, 0);
          await readUntil('.answer .text', each.says, true);
          const words = await read('.answer button', true);
          assert.ok(words.includes(each.offers), words.join(', '));
          if (!each.packages) assert.equal(audit.service.stored.length, known, 'nothing is stored');
          const left = snapshot(environment('WAYBILL_DATA')).filter((path) => /\.(?:tmp|part)\b/.test(path));
          assert.deepEqual(left, []);
          assert.deepEqual(temporaryFolders(), []);
        });
      });
    }

    it('one click on the page uses an old database once', async () => {
      await under({ env: database('STALE') }, async () => {
        const audit = await auditAccess();
        await audit.commands.audit(image(), null, null, false);
        await readUntil('.answer .text', /past its limit/, true);
        await ask({ action: 'click', on: '.answer button >> text=Use it once anyway', panel: true });
        const { report } = await until('the audit', () => {
          const last = audit.service.sessions.at(-1);
          return last?.report?.database?.stale === true && last.report.stages.matching.state === 'ok'
            ? last
            : undefined;
        });
        assert.ok(report !== null && report.vulnerabilities.length > 0);
      });
    });

    it('tells of a failure that nobody has seen, and its button does the next step', async () => {
      await under({ env: database('STALE') }, async () => {
        const audit = await auditAccess();
        const ended = audit.commands.audit(image(), null, null, false);
        await until('the panel', () => audit.panels.all.length > 0);
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await notification(/^migrate: .*past its limit/);
        const buttons = await read('.notification-list-item-buttons-container .monaco-button');
        assert.ok(
          ['Use It Once Anyway', 'Try Again'].every((label) => buttons.includes(label)),
          buttons.join(', '),
        );
        await ask({ action: 'click', on: '.notification-list-item .monaco-button >> text=Use It Once Anyway' });
        await ended;
        await until('the second audit', () => {
          const last = audit.service.sessions.at(-1);
          return last?.report?.database?.stale === true;
        });
      });
    });

    it('a path of a tool that is wrong leads to its setting', async () => {
      await machineSetting('syft.path', '/nonexistent/syft');
      const audit = await auditAccess();
      const source = { scheme: 'oci-dir', target: environment('WAYBILL_TEST_SECOND_IMAGE') } as const;
      // It ends at once: where its panel was still on the screen, nothing is told, and a person begins it again.
      const ended = await until('an end that nobody has seen', async () => {
        const begun = audit.commands.audit(source, null, null, false);
        await until('its tab', () => panelTabs().length > 0);
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        const seen = await Promise.race([begun.then(() => true), pause(1_500)]);
        return seen === true ? null : { begun };
      });
      await notification(/Syft was not found.*Install Syft/);
      await ask({ action: 'click', on: '.notification-list-item .monaco-button >> text=Choose Path…' });
      await ended.begun;
      await readUntil('.settings-editor .settings-header .view-lines', /waybill\.syft\.path/);
      await machineSetting('syft.path', undefined);
    });

    it('keeps no file that no entry names', () => {
      const reports = join(environment('WAYBILL_DATA'), 'reports');
      for (const folder of readdirSync(reports).filter((name) => name.startsWith('sha'))) {
        assert.equal(readdirSync(join(reports, folder)).length, 3, folder);
        assert.ok(existsSync(join(reports, folder, 'entry.json')));
      }
    });
  });
}
