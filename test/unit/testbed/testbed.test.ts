// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAdvisoryFacts } from '../../../src/build/demo-database/facts.ts';
import releases from '../../../src/node/tools/releases.json' with { type: 'json' };
import { testedVersion } from '../../../src/node/tools/releases.ts';
import { inputKey } from '../../testbed/cache.ts';
import { isOutdatedDatabase } from '../../testbed/database.ts';
import { isDebian } from '../../testbed/debian.ts';
import { cacheRoot, projectRoot } from '../../testbed/paths.ts';
import { toolVersion } from '../../testbed/tools.ts';
import { vsCodeRelease } from '../../testbed/vscode-install.ts';

describe('facts that must agree', () => {
  it('the tested versions are those that the test bed builds', () => {
    for (const name of ['syft', 'grype'] as const) assert.equal(testedVersion(name), toolVersion(name));
  });

  it('the oldest VS Code of the test bed is the one that the manifest declares', () => {
    const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      engines: { vscode: string };
    };
    const minor = (version: string): string => version.replace(/^\^/, '').split('.').slice(0, 2).join('.');
    assert.equal(minor(vsCodeRelease('oldest')), minor(engines.vscode));
  });

  it('every pinned release has a whole hash, and says what it rests on', () => {
    assert.match(releases.asOf, /^\d{4}-\d{2}-\d{2}$/);
    for (const tool of Object.values(releases.tools)) {
      assert.match(tool.base, /^https:\/\/github\.com\/anchore\/\w+\/releases\/download\/v[\d.]+\/$/);
      for (const asset of Object.values(tool.assets)) {
        assert.match(asset.sha256, /^[0-9a-f]{64}$/);
        assert.ok(asset.file.includes(tool.version));
        assert.match(asset.confidence, /^(high|medium): ./);
      }
    }
  });

  it('every file of advisories says where its facts are from', () => {
    const { files, kev } = readAdvisoryFacts();
    for (const { source, asOf, confidence } of [...files, kev]) {
      assert.ok(source.length > 10 && confidence.length > 0);
      assert.match(asOf, /^\d{4}-\d{2}-\d{2}$/);
    }
    const ids = files.flatMap(({ provider, advisories }) => advisories.map(({ id }) => `${provider} ${id}`));
    assert.equal(new Set(ids).size, ids.length, 'an advisory stands twice');
  });
});

describe('parts of the test bed', () => {
  it('knows Debian and what derives from it', () => {
    assert.equal(isDebian('ID=debian\nVERSION_ID="12"\n'), true);
    assert.equal(isDebian('ID=pop\nID_LIKE="ubuntu debian"\n'), true);
    assert.equal(isDebian('ID="fedora"\nID_LIKE="rhel"\n'), false);
    assert.equal(isDebian(''), false);
  });

  it('a key changes with names and bytes, and with nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-key-'));
    try {
      const inputs = join(folder, 'inputs');
      mkdirSync(inputs);
      writeFileSync(join(inputs, 'a'), 'one');
      const first = inputKey({ paths: [inputs] });
      assert.equal(inputKey({ paths: [inputs] }), first);
      writeFileSync(join(inputs, 'a'), 'two');
      const second = inputKey({ paths: [inputs] });
      assert.notEqual(second, first);
      writeFileSync(join(inputs, 'b'), '');
      assert.notEqual(inputKey({ paths: [inputs] }), second);
      assert.notEqual(inputKey({ texts: ['ab', 'c'] }), inputKey({ texts: ['a', 'bc'] }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('databases of earlier days are removed, the others kept', () => {
    const now = Date.parse('2026-11-25T12:00:00Z');
    assert.equal(isOutdatedDatabase('fresh-2026-11-20-0.120.0-abc', now), true);
    assert.equal(isOutdatedDatabase('demonstration-2026-11-20-0.120.0-abc', now), true);
    assert.equal(isOutdatedDatabase('fresh-2026-11-25-0.120.0-abc', now), false);
    assert.equal(isOutdatedDatabase('stale-2026-01-01-0.120.0-abc', now), false);
  });

  it('a missing part ends the preparation with what to do, and fetches nothing', () => {
    const cache = mkdtempSync(join(tmpdir(), 'waybill-cache-'));
    try {
      const { status, stderr } = spawnSync(process.execPath, ['test/testbed/prepare.ts'], {
        cwd: projectRoot,
        encoding: 'utf8',
        env: { PATH: '', WAYBILL_CACHE: cache },
      });
      assert.equal(status, 1);
      assert.match(stderr, /Go was not found.*Install Go/);
      assert.doesNotMatch(stderr, /^(make|install) /m);
    } finally {
      rmSync(cache, { recursive: true });
    }
  });

  it('the cache is where it is told to be', () => {
    assert.equal(cacheRoot({ WAYBILL_CACHE: '/somewhere' }), '/somewhere');
    assert.equal(cacheRoot({ XDG_CACHE_HOME: '/xdg' }), join('/xdg', 'waybill-dev'));
    assert.match(cacheRoot({}), /\.cache.waybill-dev$/);
  });
});
