// SPDX-License-Identifier: Apache-2.0
// `waybill audit` and `waybill verify` take the same options about evidence, and refuse the same.
import assert from 'node:assert/strict';
import { EVIDENCE_HELP, EVIDENCE_OPTIONS, readEvidenceOptions } from '../../../src/cli/evidence-options.ts';
import { runInProcess } from '../../support/cli.ts';

const cwd = import.meta.dirname;

describe('options about evidence', () => {
  it('stand in the help of both commands, each once', async () => {
    for (const command of ['audit', 'verify']) {
      const { status, stdout } = await runInProcess([command, '--help'], { cwd });
      assert.equal(status, 0);
      assert.ok(stdout.includes(`\n${EVIDENCE_HELP}\n`), command);
      for (const option of Object.keys(EVIDENCE_OPTIONS))
        assert.equal(stdout.split(new RegExp(`^  --${option} `, 'm')).length, 2, `${command} --${option}`);
      assert.match(stdout, /\$COSIGN_REPOSITORY/);
      for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
    }
  });

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['--trusted-root', ''], /--trusted-root names no file/],
    [['--tuf-root', ''], /--tuf-root names no file/],
    [['--github-tuf-root', ''], /--github-tuf-root names no file/],
    [['--tuf-mirror', 'https://tuf.example'], /belong together/],
    [['--tuf-root', 'root.json'], /belong together/],
    [['--tuf-mirror', 'http://tuf.example', '--tuf-root', 'root.json'], /takes an https address/],
    [['--insecure', 'https://registry.example'], /--insecure takes HOST or HOST:PORT/],
    [['--insecure', 'registry.example', '--insecure', '*'], /--insecure takes HOST or HOST:PORT/],
    [['--github-repository', 'payments-api'], /--github-repository takes OWNER\/NAME/],
    [['--github-repository', '../a/b'], /--github-repository takes OWNER\/NAME/],
    [['--update-root'], /Unknown option/],
  ];
  for (const [options, why] of refused) {
    it(`refused by both: ${options.join(' ')}`, async () => {
      for (const command of ['audit', 'verify']) {
        const run = await runInProcess([command, 'registry:registry.example/a/b:1', ...options], { cwd });
        assert.deepEqual([run.status, run.stdout], [2, ''], command);
        assert.match(run.stderr, why);
      }
    });
  }

  it('are read with whole paths, and hosts as addresses have them', () => {
    const values = {
      'trusted-root': 'a/root.json',
      'tuf-mirror': 'https://tuf.example/repo',
      'tuf-root': '/srv/root.json',
      'github-tuf-root': '../github.json',
      'github-repository': 'northwind/payments-api',
      insecure: ['Registry.Example:5000'],
    };
    assert.deepEqual(readEvidenceOptions(values, { cwd: '/srv/app', env: { COSIGN_REPOSITORY: 'a.example/b' } }), {
      roots: {
        trustedRoot: '/srv/app/a/root.json',
        tuf: { mirror: 'https://tuf.example/repo', rootPath: '/srv/root.json' },
        githubRoot: '/srv/github.json',
      },
      where: { cosignRepository: 'a.example/b', githubRepository: 'northwind/payments-api' },
      insecureHosts: ['registry.example:5000'],
    });
    assert.deepEqual(readEvidenceOptions({ insecure: [] }, { cwd: '/', env: {} }), {
      roots: { trustedRoot: null, tuf: null, githubRoot: null },
      where: { cosignRepository: null, githubRepository: null },
      insecureHosts: [],
    });
  });
});
