// SPDX-License-Identifier: Apache-2.0
// `npm start -- --headless` as a person runs it, with the real tools.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { databaseFolder } from '../testbed/database.ts';
import { otherNode } from '../testbed/node.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

const scratch = mkdtempSync(join(tmpdir(), 'waybill-start-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  /** Both outputs, as a terminal shows them. */
  readonly text: string;
}

/** Runs scripts/start.mjs on a Node as old as a machine may have. */
async function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const node = await otherNode('tooOld');
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['scripts/start.mjs', ...args], {
      cwd: projectRoot,
      env: { HOME: scratch, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

/** A PATH with the real tools, and nothing that could be built or fetched with. */
async function toolBin(): Promise<string> {
  const bin = join(scratch, 'bin');
  if (existsSync(bin)) return bin;
  mkdirSync(bin);
  for (const name of ['syft', 'grype'] as const) symlinkSync(await toolPath(name), join(bin, name));
  return bin;
}

describe('npm start -- --headless', function () {
  this.timeout(300_000);

  it("does the main job with the tools on PATH and Grype's own database", async () => {
    const env = {
      PATH: await toolBin(),
      WAYBILL_DATA: join(scratch, 'data-1'),
      GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
    };
    const { code, text } = await start(['--headless'], env);
    assert.equal(code, 0, text);
    assert.match(text, /^Nothing has to be fetched\.$/m);
    assert.match(text, /use +Syft 1\.54\.0, on PATH/);
    assert.match(text, /use +Grype's own vulnerability database/);
    assert.match(text, /WB1\d{3}/, 'the sample has findings');
    assert.match(text, /done +with Grype's own database/);

    const started = performance.now();
    const second = await start(['--headless'], env);
    assert.equal(second.code, 0, second.text);
    assert.match(second.text, /use +dist\//);
    assert.match(second.text, /use +the sample image/);
    // A bound on runaway work, not a measurement: a first start takes minutes.
    assert.ok(performance.now() - started < 60_000, second.text);
  });

  it('takes the demonstration database where there is no other, and says so', async () => {
    const { code, text } = await start(['--headless', '--offline'], {
      PATH: await toolBin(),
      WAYBILL_DATA: join(scratch, 'data-2'),
      GRYPE_DB_CACHE_DIR: await databaseFolder('missing', scratch),
    });
    assert.equal(code, 0, text);
    assert.match(text, /--offline fetches nothing/);
    assert.match(text, /use +the demonstration database.*not fit to judge a real image/);
    assert.match(text, /done +with the demonstration database/);
    const [name = ''] = readdirSync(join(scratch, 'data-2', 'demonstration-database'));
    assert.ok(existsSync(join(scratch, 'data-2', 'demonstration-database', name, 'waybill-demonstration.json')));
  });

  it('lists what it would fetch before anything else, and says what failed', async () => {
    // Reaches no network: the proxy that it is given is not there.
    const { code, text } = await start(['--headless'], {
      PATH: '',
      WAYBILL_DATA: join(scratch, 'data-3'),
      HTTPS_PROXY: 'http://127.0.0.1:9',
    });
    assert.equal(code, 3, text);
    const list = text.indexOf('This run fetches:');
    assert.equal(list, 0, text);
    assert.match(text, /https:\/\/github\.com\/anchore\/syft\/releases\/download\/v1\.54\.0\//);
    assert.match(text, /grype\.anchore\.io/);
    assert.match(text, /Install it so that it is on PATH/);
  });

  it('passes over a Syft of another version, and fetches nothing with --offline', async () => {
    const bin = join(scratch, 'old-bin');
    mkdirSync(bin);
    const old = join(bin, 'syft');
    writeFileSync(old, '#!/bin/sh\necho \'{"application":"syft","version":"0.1.0"}\'\n');
    chmodSync(old, 0o755);
    const { code, text } = await start(['--headless', '--offline'], {
      PATH: `${bin}:/usr/bin:/bin`,
      WAYBILL_DATA: join(scratch, 'data-4'),
    });
    assert.equal(code, 3, text);
    assert.match(text, /skip +Syft: .*0\.1\.0, and 1\.54\.0 is the tested one/);
    assert.match(text, /--offline fetches nothing/);
    assert.doesNotMatch(text, /This run fetches/);
  });

  it('uses a managed tool', async () => {
    const data = join(scratch, 'data-5');
    for (const [name, version] of [
      ['syft', '1.54.0'],
      ['grype', '0.120.0'],
    ] as const) {
      const folder = join(data, 'tools', `${name}-${version}`);
      mkdirSync(folder, { recursive: true });
      symlinkSync(await toolPath(name), join(folder, name));
    }
    const { code, text } = await start(['--headless', '--offline'], {
      PATH: dirname('/usr/bin/env'),
      WAYBILL_DATA: data,
      GRYPE_DB_CACHE_DIR: await databaseFolder('fresh'),
    });
    assert.equal(code, 0, text);
    assert.match(text, /use +Grype 0\.120\.0, managed by Waybill/);
  });

  it('explains a wrong option', async () => {
    const { code, text } = await start(['--headles'], { PATH: '' });
    assert.equal(code, 2);
    assert.match(text, /--headless/);
  });
});
