// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { COMMANDS } from '../../../src/core/contributions/commands.ts';
import { notification } from './errors.ts';
import {
  answerOf,
  click,
  openTab,
  POLICY_FILE,
  removePolicy,
  run,
  statements,
  writePolicy,
} from './evidence-support.ts';
import { environment, readUntil } from './runner.ts';
import { auditAccess, nodeAt, until } from './support.ts';

/** A folder that nobody trusts brings a policy that trusts everything of an image which was audited elsewhere. */
export function restrictedEvidenceSuite(): void {
  describe('evidence in Restricted Mode', () => {
    before(async () => {
      await writePolicy(`${environment('WAYBILL_TEST_SIGNED_REGISTRY')}/**`);
      const reference = `registry:${environment('WAYBILL_TEST_SIGNED_REGISTRY')}/${environment('WAYBILL_TEST_SIGNED_NAME')}`;
      const cli = join(environment('WAYBILL_TEST_EXTENSION'), 'dist', 'cli.js');
      const root = ['--trusted-root', environment('WAYBILL_TEST_TRUSTED_ROOT')];
      await promisify(execFile)(process.execPath, [cli, 'audit', reference, '--format', 'json', ...root], {
        env: process.env,
        maxBuffer: 64 * 1024 * 1024,
      });
    });
    after(async () => {
      removePolicy();
      await run('workbench.action.closeAllEditors');
    });

    it(`shows a stored report, and lets no ${POLICY_FILE} of the folder judge it`, async () => {
      const audit = await auditAccess();
      await audit.service.refresh();
      const [image] = await audit.tree.getChildren();
      assert.ok(image);
      assert.equal(await audit.service.waivers.trust(), null);
      await run(COMMANDS.openReport.id, await nodeAt(audit, image.label, 'Evidence', 'Signatures'));
      await until('the page to be ready', () => audit.panels.all.find(({ ready }) => ready));
      await readUntil('.found-row', /Image signature signed by release\.yml@refs\/tags\/v4\.7\.1/, true);
      assert.deepEqual(await statements('verified'), []);
      await openTab('overview');
      assert.match(await answerOf('signature', 'notice'), /No trust policy says who may sign it\.$/);
    });

    it('audits nothing again, and says why', async () => {
      const audit = await auditAccess();
      const before = audit.service.sessions.length;
      await click('.head vscode-button[title^="Audit this image"]');
      await notification(/not trusted/);
      assert.equal(audit.service.sessions.length, before);
    });
  });
}
