// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import type { ImageSource } from '../../../src/core/ports.ts';
import { environment } from './runner.ts';
import { auditAccess, until } from './support.ts';

async function auditOf(source: ImageSource): Promise<AuditReport> {
  const audit = await auditAccess();
  const { done } = audit.service.start(
    { source, platform: null, offline: source.scheme !== 'registry', allowStaleDatabase: false },
    null,
  );
  const { report } = await done;
  assert.ok(report);
  return report;
}

const small = (): ImageSource => ({ scheme: 'oci-dir', target: environment('WAYBILL_TEST_IMAGE') });

export async function machineSetting(name: string, value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('waybill').update(name, value, vscode.ConfigurationTarget.Global);
}

/** Processes of Syft and Grype on this machine that this run may have started. */
function tools(): number {
  const programs = [environment('WAYBILL_TEST_SYFT'), environment('WAYBILL_TEST_GRYPE')];
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  const image = environment('WAYBILL_TEST_LARGE_IMAGE');
  const ours = (line: string): boolean => line.includes(image) || line.includes(realpathSync(image));
  return lines.filter((line) => programs.some((program) => line.startsWith(program)) && ours(line)).length;
}

/** Every file below a folder with its size: what was there before and after. */
export function snapshot(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path} ${statSync(path).size}`)
    .toSorted();
}

/** What goes wrong, with the real tools, and what a person is told. */
export function failureSuite(): void {
  describe('failures', () => {
    it('a Syft that is not there: says so, and what to do', async () => {
      await machineSetting('syft.path', '/nonexistent/syft');
      const { stages } = await auditOf(small());
      assert.equal(stages.sbom.state, 'failed');
      assert.equal(stages.sbom.code, 'tool-missing');
      assert.match(stages.sbom.reason ?? '', /Syft/i);
      await machineSetting('syft.path', undefined);
    });

    it('a Grype that is not there hides nothing that Syft found', async () => {
      await machineSetting('grype.path', '/nonexistent/grype');
      const { stages, packages } = await auditOf(small());
      assert.equal(stages.sbom.state, 'ok');
      assert.ok(packages.length > 0);
      assert.equal(stages.database.code, 'tool-missing');
      assert.notEqual(stages.matching.state, 'ok');
      await machineSetting('grype.path', undefined);
    });

    it('an image that is not there', async () => {
      const { stages } = await auditOf({ scheme: 'oci-dir', target: '/nonexistent/image' });
      assert.equal(stages.resolve.state, 'failed');
      assert.ok(stages.resolve.reason !== null && stages.resolve.reason.length > 20, stages.resolve.reason ?? '');
    });

    it('an audit that failed stays in the tree with its reason, until it is removed', async () => {
      const audit = await auditAccess();
      const roots = await audit.tree.getChildren();
      const failed = roots.find(({ reference }) => reference === 'oci-dir:/nonexistent/image');
      assert.ok(failed, roots.map(({ reference }) => reference).join(', '));
      assert.equal(failed.context, 'waybill.image.failed');
      assert.ok(failed.description.length > 20, failed.description);
      await vscode.commands.executeCommand('waybill.removeReport', failed);
      const left = await audit.tree.getChildren();
      assert.ok(!left.some(({ id }) => id === failed.id));
    });

    it('cancelling ends the tools, keeps nothing half-written, and leaves no temporary folder', async () => {
      const audit = await auditAccess();
      const source: ImageSource = { scheme: 'oci-dir', target: environment('WAYBILL_TEST_LARGE_IMAGE') };
      const { id, done } = audit.service.start(
        { source, platform: null, offline: true, allowStaleDatabase: false },
        null,
      );
      const before = snapshot(environment('WAYBILL_DATA'));
      await until('Syft to run', () => audit.service.session(id)?.stages.sbom.state === 'running' && tools() > 0);
      await until('the running node', async () =>
        (await audit.tree.getChildren()).some(({ context }) => context === 'waybill.image.running'),
      );
      const running = (await audit.tree.getChildren()).find(({ context }) => context === 'waybill.image.running');
      await vscode.commands.executeCommand('waybill.cancelAudit', running);
      const { report, key } = await done;
      assert.equal(report?.stages.sbom.state, 'cancelled');
      assert.equal(key, null);
      assert.equal(tools(), 0, 'a tool still runs');
      assert.deepEqual(snapshot(environment('WAYBILL_DATA')), before);
      const temporary = environment('TMPDIR');
      assert.deepEqual(
        existsSync(temporary) ? readdirSync(temporary).filter((name) => /waybill|stereoscope/.test(name)) : [],
        [],
      );
    });

    it('an audit by the command appears in the tree', async () => {
      const audit = await auditAccess();
      await audit.service.load();
      const before = audit.service.stored.length;
      const cli = join(environment('WAYBILL_TEST_EXTENSION'), 'dist', 'cli.js');
      await promisify(execFile)(
        process.execPath,
        [cli, 'audit', `oci-dir:${environment('WAYBILL_TEST_SECOND_IMAGE')}`, '--format', 'json'],
        { env: process.env, maxBuffer: 256 * 1024 * 1024 },
      );
      await until('the new report in the tree', () => audit.service.stored.length === before + 1);
      const roots = await audit.tree.getChildren();
      assert.ok(roots.some(({ reference }) => reference === `oci-dir:${environment('WAYBILL_TEST_SECOND_IMAGE')}`));
    });
  });
}
