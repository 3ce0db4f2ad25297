// SPDX-License-Identifier: Apache-2.0
// Settings on evidence in the real editor: a person's own take effect in the next audit, a workspace's never.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { RESTRICTED_SETTINGS, SETTINGS } from '../../../src/core/contributions/settings.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { environment } from './runner.ts';
import { auditAccess, until } from './support.ts';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration();

/** A setting of the person; undefined takes it back. */
async function personal(name: string, value: unknown): Promise<void> {
  await settings().update(name, value, vscode.ConfigurationTarget.Global);
  await until(`${name} to hold`, () => JSON.stringify(settings().inspect(name)?.globalValue) === JSON.stringify(value));
}

async function audited(target: string): Promise<AuditReport> {
  const { service } = await auditAccess();
  const source = { scheme: 'registry', target } as const;
  const { done } = service.start({ source, platform: null, offline: false, allowStaleDatabase: false }, null);
  const { report } = await done;
  assert.ok(report !== null);
  return report;
}

/** The registry under another address of this machine, which counts as another one; `asked` are the paths. */
async function otherDoor(registry: string): Promise<{ server: Server; host: string; asked: string[] }> {
  const asked: string[] = [];
  const [hostname, port] = registry.split(':');
  const server = createServer((incoming, outgoing) => {
    const { url: path = '/', method, headers } = incoming;
    asked.push(path);
    incoming.pipe(
      request({ hostname, port, path, method, headers: { ...headers, host: registry } }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  server.listen(0, '127.0.0.2');
  await once(server, 'listening');
  return { server, host: `127.0.0.2:${(server.address() as AddressInfo).port}`, asked };
}

/** The folder's own settings.json names hosts, files and roots; see `planted` in ../run.ts. */
function takesNothingOfTheWorkspace(): void {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  for (const name of RESTRICTED_SETTINGS.filter((each) => /\.(?:evidence|registries)\./.test(each))) {
    const known = settings().inspect(name);
    assert.notEqual(known?.defaultValue, undefined, name);
    assert.deepEqual(settings().get(name), known?.defaultValue, name);
    assert.deepEqual(vscode.workspace.getConfiguration(undefined, folder).get(name), known?.defaultValue, name);
  }
}

export function restrictedSettingsSuite(): void {
  describe('settings on evidence in Restricted Mode', () => {
    it('are not those of the folder', takesNothingOfTheWorkspace);
  });
}

export function evidenceSettingsSuite(): void {
  describe('settings on evidence', () => {
    const registry = environment('WAYBILL_TEST_SIGNED_REGISTRY');
    const name = environment('WAYBILL_TEST_SIGNED_NAME');
    const root = environment('WAYBILL_TEST_TRUSTED_ROOT');
    const kept: (readonly [string, unknown])[] = [];
    let door: Server | null = null;
    /** Roots that anything was checked against; keys need none. */
    const rootsOf = ({ evidence }: AuditReport): readonly string[] =>
      [...new Set((evidence?.items ?? []).flatMap(({ root: used }) => (used === null ? [] : [used.source])))].filter(
        (source) => source !== 'key',
      );

    before(async () => {
      for (const each of [SETTINGS.trustedRoot, SETTINGS.insecureRegistries]) {
        kept.push([each, settings().inspect(each)?.globalValue]);
        await personal(each, undefined);
      }
    });
    after(async () => {
      for (const [each, value] of kept) await personal(each, value);
      door?.close();
      door?.closeAllConnections();
    });

    it('are not those of the folder, which is trusted', takesNothingOfTheWorkspace);

    it('without any, the root that comes with the extension holds, and no mirror is asked', async () => {
      const report = await audited(`${registry}/${name}`);
      assert.equal(report.stages.evidence.state, 'ok');
      assert.deepEqual(rootsOf(report), ['seed']);
    });

    it("a person's own root holds from the next audit on", async () => {
      await personal(SETTINGS.trustedRoot, root);
      const report = await audited(`${registry}/${name}`);
      assert.deepEqual(rootsOf(report), [`file:${root.split('/').at(-1)}`]);
      assert.ok(
        report.evidence?.items.some(({ verdict, signer }) => verdict === 'verified' && signer?.kind === 'certificate'),
      );
    });

    it('a root that cannot be used is told with what to do, and hides no package', async () => {
      for (const [value, why] of [
        [
          'trusted_root.json',
          /waybill\.evidence\.trustedRoot cannot be used: "trusted_root\.json" is not absolute\. Give the whole path/,
        ],
        ['/nonexistent/root.json', /The trusted root \/nonexistent\/root\.json could not be read: ENOENT/],
      ] as const) {
        await personal(SETTINGS.trustedRoot, value);
        const { stages, evidence, packages } = await audited(`${registry}/${name}`);
        assert.equal(stages.evidence.state, 'failed');
        assert.match(stages.evidence.reason ?? '', why);
        assert.equal(evidence, null);
        assert.deepEqual([stages.sbom.state, stages.matching.state], ['ok', 'ok']);
        assert.ok(packages.length > 0);
      }
      await personal(SETTINGS.trustedRoot, undefined);
    });

    it('a mirror of roots is asked where that is turned on, and not before', async () => {
      const [mirror, first] = [environment('WAYBILL_TEST_TUF_MIRROR'), environment('WAYBILL_TEST_TUF_ROOT')];
      await personal(SETTINGS.tufMirror, mirror);
      const half = (await audited(`${registry}/${name}`)).stages.evidence;
      assert.match(
        `${half.state}: ${half.reason}`,
        /^failed: .*tufMirror cannot be used: .* Set waybill\.evidence\.tufRoot, too\./,
      );
      await personal(SETTINGS.tufRoot, first);
      const without = await audited(`${registry}/${name}`);
      assert.deepEqual(rootsOf(without), [], 'nothing was fetched, and no other root counts');
      assert.ok(without.evidence?.items.some(({ code }) => code === 'root-missing'));
      await personal(SETTINGS.updateTrustedRoot, true);
      assert.deepEqual(rootsOf(await audited(`${registry}/${name}`)), [`tuf:${new URL(mirror).host}`]);
      for (const each of [SETTINGS.updateTrustedRoot, SETTINGS.tufMirror, SETTINGS.tufRoot])
        await personal(each, undefined);
    });

    it('a host is spoken to in plain HTTP once a person names it', async () => {
      const { server, host, asked } = await otherDoor(registry);
      door = server;
      assert.equal((await audited(`${host}/${name}`)).stages.resolve.code, 'registry-unreachable');
      assert.deepEqual(asked, []);
      await personal(SETTINGS.insecureRegistries, [host]);
      const { stages } = await audited(`${host}/${name}`);
      assert.deepEqual([stages.resolve.state, stages.evidence.state, stages.sbom.state], ['ok', 'ok', 'ok']);
      assert.ok(asked.length > 0);
      await personal(SETTINGS.insecureRegistries, undefined);
      assert.equal((await audited(`${host}/${name}`)).stages.resolve.code, 'registry-unreachable');
    });
  });
}
