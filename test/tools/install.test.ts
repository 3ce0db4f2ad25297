// SPDX-License-Identifier: Apache-2.0
// `waybill tools` with the real Syft and Grype, as a person runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolsDocumentSchema, type ToolsDocument } from '../../src/core/output/tools.ts';
import { databaseFolder } from '../testbed/database.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath, toolVersion } from '../testbed/tools.ts';

const scratch = mkdtempSync(join(tmpdir(), 'waybill-tools-'));
const data = join(scratch, 'data');
after(() => rmSync(scratch, { recursive: true, force: true }));

function waybill(args: readonly string[], env: NodeJS.ProcessEnv): { status: number | null; out: string; log: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], {
    encoding: 'utf8',
    env: { HOME: scratch, WAYBILL_DATA: data, ...env },
  });
  return { status, out: stdout, log: stderr };
}

const read = (text: string): ToolsDocument => toolsDocumentSchema.parse(JSON.parse(text));

describe('waybill tools', function () {
  this.timeout(120_000);
  const bin = join(scratch, 'bin');
  before(async () => {
    mkdirSync(bin);
    for (const name of ['syft', 'grype'] as const) symlinkSync(await toolPath(name), join(bin, name));
  });

  it('names the tools on PATH, their versions, and the demonstration database', async () => {
    const env = { PATH: bin, GRYPE_DB_CACHE_DIR: await databaseFolder('demonstration') };
    const { status, out } = waybill(['tools', '--format', 'json'], env);
    assert.equal(status, 0);
    const { tools, database } = read(out);
    for (const { name, path, origin, version, tested } of tools) {
      assert.deepEqual([path, origin, tested], [join(bin, name), 'path', true]);
      assert.equal(version, toolVersion(name === 'syft' ? 'syft' : 'grype'));
    }
    assert.equal(database.kind, 'demonstration');
    assert.equal(database.stale, false);
    const text = waybill(['tools'], env);
    assert.match(text.out, /demonstration database, not fit to judge a real image/);
  });

  it('says of a stale database that it is past its limit', async () => {
    const { out } = waybill(['tools', '--format', 'json'], {
      PATH: bin,
      GRYPE_DB_CACHE_DIR: await databaseFolder('stale'),
    });
    const { database } = read(out);
    assert.deepEqual([database.kind, database.stale], ['grype', true]);
    assert.ok((database.ageDays ?? 0) > 5);
  });

  it('ends with 3 and the next step where something is missing', async () => {
    const nothing = waybill(['tools'], { PATH: '' });
    assert.equal(nothing.status, 3);
    assert.match(nothing.out, /waybill tools install syft/);
    const env = { PATH: bin, GRYPE_DB_CACHE_DIR: await databaseFolder('missing', scratch) };
    const noDatabase = waybill(['tools'], env);
    assert.equal(noDatabase.status, 3);
    assert.match(noDatabase.out, /grype db update/);
  });

  it('a wrong command line ends with 2', () => {
    for (const args of [['remove'], ['install', 'trivy'], ['install', '--from', 'apt'], ['--from', 'go']])
      assert.equal(waybill(['tools', ...args], { PATH: bin }).status, 2, args.join(' '));
  });

  it('installs nothing without a way, says why, and leaves nothing behind', () => {
    const { status, log, out } = waybill(['tools', 'install', 'syft', '--from', 'go'], { PATH: '' });
    assert.equal(status, 3);
    assert.equal(out, '');
    assert.match(log, /^This fetches:\n.*proxy\n/);
    assert.match(log, /Go is not on PATH/);
  });

  it('builds Grype with Go into the managed folder, from where it is used', () => {
    const { PATH = '', GOMODCACHE, GOCACHE, GOPROXY, GOSUMDB } = process.env;
    const go = Object.fromEntries(
      Object.entries({ GOMODCACHE, GOCACHE, GOPROXY, GOSUMDB }).filter(([, value]) => value !== undefined),
    );
    const home = { ...go, HOME: process.env['HOME'] ?? scratch };
    const installed = waybill(['tools', 'install', 'grype', '--from', 'go'], { PATH, ...home });
    assert.equal(installed.status, 0, installed.log);
    const { tools } = read(waybill(['tools', '--format', 'json'], { PATH: '' }).out);
    const grype = tools.find(({ name }) => name === 'grype');
    assert.deepEqual([grype?.origin, grype?.tested], ['managed', true]);
    assert.equal(waybill(['tools', 'install', 'grype'], { PATH: '' }).log, '', 'what is there is not fetched again');
  }).timeout(600_000);
});
