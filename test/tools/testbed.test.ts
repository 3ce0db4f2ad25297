// SPDX-License-Identifier: Apache-2.0
// The test bed itself: what every other test with real parts stands on.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../testbed/command.ts';
import { databaseFolder, type DatabaseVariant } from '../testbed/database.ts';
import { startEngine } from '../testbed/engines.ts';
import { imageNames, imagePaths, remakeImage } from '../testbed/images.ts';
import { cacheRoot, testbedFile } from '../testbed/paths.ts';
import {
  attestImage,
  cosignKeyPair,
  signImage,
  signingAuthority,
  verifyAttestation,
  verifyImage,
} from '../testbed/pki.ts';
import { pushImage, startRegistry } from '../testbed/registry.ts';
import { processStart, reapServices } from '../testbed/services.ts';
import { quietToolEnv, toolPath, toolVersion } from '../testbed/tools.ts';

const scratch = mkdtempSync(join(tmpdir(), 'waybill-testbed-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const moduleUrl = (name: string): string => pathToFileURL(testbedFile(name)).href;

/** Runs a module text in a process of its own. */
function child(code: string, env: NodeJS.ProcessEnv = {}): { process: ChildProcess; output: () => string } {
  const started = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  started.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { process: started, output: () => text };
}

const ended = (started: ChildProcess): Promise<unknown> => new Promise((resolve) => started.once('close', resolve));

async function until(what: string, check: () => boolean): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${what} did not happen within 20 s`);
}

describe('tools of the test bed', function () {
  this.timeout(60_000);

  for (const name of ['syft', 'grype', 'crane', 'apko', 'melange', 'cosign'] as const)
    it(`${name} answers the pinned version`, async () => {
      const output = await run(await toolPath(name), ['version'], { env: quietToolEnv });
      assert.ok(output.includes(toolVersion(name)), output);
    });

  it("BuildKit's parser answers", async () => {
    const input = `${JSON.stringify({ text: 'FROM alpine AS base\n', buildArgs: {} })}\n`;
    const answer = JSON.parse(await run(await toolPath('buildkit-parse'), [], { input })) as {
      error: string | null;
      stages: { name: string; resolved: string }[];
    };
    assert.equal(answer.error, null);
    assert.deepEqual(
      answer.stages.map(({ name, resolved }) => [name, resolved]),
      [['base', 'docker.io/library/alpine:latest']],
    );
  });
});

describe('images of the test bed', function () {
  this.timeout(300_000);

  for (const name of imageNames)
    it(`${name} has the same digest when it is made once more`, async () => {
      const { digest } = await imagePaths(name);
      const folder = join(scratch, name);
      mkdirSync(folder);
      assert.equal(await remakeImage(name, folder), digest);
      rmSync(folder, { recursive: true });
    });

  it('demo carries the SBOM that its builder wrote', async () => {
    const { buildSbom = '' } = await imagePaths('demo');
    const sbom = JSON.parse(readFileSync(buildSbom, 'utf8')) as { spdxVersion: string; packages: { name: string }[] };
    assert.equal(sbom.spdxVersion, 'SPDX-2.3');
    assert.ok(sbom.packages.some(({ name }) => name === 'libssl3'));
  });
});

describe('databases of the test bed', function () {
  this.timeout(60_000);

  const status = async (variant: DatabaseVariant): Promise<{ valid: boolean; error?: string }> => {
    const env = { ...quietToolEnv, GRYPE_DB_CACHE_DIR: await databaseFolder(variant, scratch) };
    const output = await run('/bin/sh', ['-c', '"$0" db status -o json || true', await toolPath('grype')], { env });
    return JSON.parse(output) as { valid: boolean; error?: string };
  };

  it('fresh and demonstration are valid', async () => {
    assert.equal((await status('fresh')).valid, true);
    assert.equal((await status('demonstration')).valid, true);
    assert.ok(existsSync(join(await databaseFolder('demonstration'), 'waybill-demonstration.json')));
    assert.ok(!existsSync(join(await databaseFolder('fresh'), 'waybill-demonstration.json')));
  });

  it('stale, missing and corrupt each fail in their own way', async () => {
    const stale = await status('stale');
    assert.equal(stale.valid, false);
    assert.match(stale.error ?? '', /max allowed age/);
    const missing = await status('missing');
    assert.equal(missing.valid, false);
    assert.match(missing.error ?? '', /does not exist/);
    const corrupt = await status('corrupt');
    assert.equal(corrupt.valid, false);
    assert.doesNotMatch(corrupt.error ?? '', /max allowed age|does not exist/);
  });
});

describe('registry of the test bed', function () {
  this.timeout(60_000);

  for (const referrers of [true, false])
    it(`${referrers ? 'with' : 'without'} the referrers API: pushes, signs, attests and verifies`, async () => {
      const registry = await startRegistry({ referrers });
      try {
        const { ociDir, digest, buildSbom = '' } = await imagePaths('demo');
        assert.equal(await pushImage(ociDir, `${registry.host}/waybill/demo:1`), digest);
        const reference = `${registry.host}/waybill/demo@${digest}`;
        for (const signer of [await cosignKeyPair(), await signingAuthority()]) {
          await assert.rejects(verifyImage(reference, signer));
          await signImage(reference, signer);
          await attestImage(reference, signer, { type: 'spdxjson', predicate: buildSbom });
          assert.ok((await verifyImage(reference, signer)).includes(digest));
          assert.ok((await verifyAttestation(reference, signer, 'spdxjson')).includes('payload'));
        }
        const answer = await fetch(`http://${registry.host}/v2/waybill/demo/referrers/${digest}`);
        assert.equal(answer.status, referrers ? 200 : 404);
        if (referrers) assert.ok(((await answer.json()) as { manifests: unknown[] }).manifests.length >= 2);
        const tags = (await (await fetch(`http://${registry.host}/v2/waybill/demo/tags/list`)).json()) as {
          tags: string[];
        };
        const fallback = digest.replace(':', '-');
        // Without the API, what refers to an image is listed under a tag made of its digest.
        assert.equal(tags.tags.includes(fallback), !referrers, tags.tags.join(' '));
        assert.ok(tags.tags.includes(`${fallback}.sig`));
      } finally {
        await registry.stop();
      }
    });

  it('asks for a password', async () => {
    const registry = await startRegistry({ auth: { user: 'somebody', password: 'secret' } });
    try {
      assert.equal((await fetch(`http://${registry.host}/v2/`)).status, 401);
      const headers = { authorization: `Basic ${Buffer.from('somebody:secret').toString('base64')}` };
      assert.equal((await fetch(`http://${registry.host}/v2/`, { headers })).status, 200);
    } finally {
      await registry.stop();
    }
  });
});

describe('engines of the test bed', function () {
  this.timeout(120_000);

  for (const kind of ['podman', 'docker'] as const)
    it(`${kind} lists what was loaded, and nothing of it is left when it stops`, async () => {
      const engine = await startEngine(kind);
      try {
        assert.equal((await engine.cli(['images', '--quiet'])).trim(), '');
        const { dockerArchive = '', imageId = '', reference } = await imagePaths('goapp');
        await engine.load(dockerArchive);
        const listed = await engine.cli(['images', '--no-trunc', '--format', '{{.ID}} {{.Repository}}:{{.Tag}}']);
        assert.ok(listed.includes(imageId), listed);
        assert.ok(listed.includes(reference), listed);
      } finally {
        await engine.stop();
      }
      assert.ok(!existsSync(engine.host.replace('unix://', '')));
    });
});

describe('care of the test bed', function () {
  this.timeout(60_000);

  it('a run that is killed leaves nothing behind once the next one starts', async () => {
    const cache = join(scratch, 'reap');
    const before = process.env['WAYBILL_CACHE'];
    // The registry comes from the usual cache; the killed run and its records live in a cache of their own.
    const registry = await toolPath('registry');
    const runner = child(
      `const { startService } = await import(${JSON.stringify(moduleUrl('services.ts'))});
       const service = await startService({
         name: 'doomed', command: ${JSON.stringify(registry)}, args: () => [], ready: (output) => output.includes('127.0.0.1'),
       });
       console.log(JSON.stringify({ pid: service.pid, folder: service.folder }));
       setInterval(() => undefined, 1000);`,
      { WAYBILL_CACHE: cache },
    );
    try {
      await until('the service', () => runner.output().includes('\n'));
      const { pid, folder } = JSON.parse(runner.output()) as { pid: number; folder: string };
      assert.notEqual(processStart(pid), '');
      runner.process.kill('SIGKILL');
      await ended(runner.process);
      assert.notEqual(processStart(pid), '', 'the service outlives its killed runner');
      process.env['WAYBILL_CACHE'] = cache;
      assert.deepEqual(reapServices(), ['doomed']);
      await until('the end of the service', () => processStart(pid) === '');
      assert.ok(!existsSync(folder));
      assert.deepEqual(readdirSync(join(cacheRoot(), 'services')), []);
    } finally {
      if (before === undefined) delete process.env['WAYBILL_CACHE'];
      else process.env['WAYBILL_CACHE'] = before;
      runner.process.kill('SIGKILL');
    }
  });

  it('two runs at once make a part once, and a run that dies in the middle leaves it to the next', async () => {
    const cache = join(scratch, 'locks');
    const code = (key: string): string =>
      `const { cachedPart } = await import(${JSON.stringify(moduleUrl('cache.ts'))});
       const { appendFileSync, writeFileSync } = await import('node:fs');
       const folder = await cachedPart({ key: '${key}', label: '${key}', make: async (out) => {
         console.log('made');
         writeFileSync(out + '/half', '');
         await new Promise((resolve) => setTimeout(resolve, process.env.SLOW === '1' ? 60000 : 700));
         writeFileSync(out + '/whole', '');
       } });
       console.log(folder);`;
    const both = [1, 2].map(() => child(code('part/one'), { WAYBILL_CACHE: cache }));
    await Promise.all(both.map((each) => ended(each.process)));
    const outputs = both.map((each) => each.output());
    assert.equal(outputs.join('').split('made').length - 1, 1, outputs.join('\n'));
    for (const output of outputs) assert.ok(output.includes(join(cache, 'part/one')), output);

    const slow = child(code('part/two'), { WAYBILL_CACHE: cache, SLOW: '1' });
    await until('the slow run', () => slow.output().includes('made'));
    slow.process.kill('SIGKILL');
    await ended(slow.process);
    assert.ok(!existsSync(join(cache, 'part/two')));
    const next = child(code('part/two'), { WAYBILL_CACHE: cache });
    await ended(next.process);
    assert.ok(existsSync(join(cache, 'part/two', 'whole')), next.output());
  });
});
