// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { authFiles, authKeys, findCredentials } from '../../../src/node/registry/auth-files.ts';
import { keptLog, never, scratch } from './support.ts';

const auth = (text: string): string => Buffer.from(text).toString('base64');

function put(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/** A helper that answers with what it was asked for. */
function putHelper(folder: string, name: string, script: string): void {
  const path = join(folder, 'bin', `docker-credential-${name}`);
  put(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const find = (home: string, host: string, env: Record<string, string> = {}, log = keptLog()) =>
  findCredentials(host, 'team/app', { HOME: home, PATH: `${join(home, 'bin')}:/usr/bin:/bin`, ...env }, log, never);

describe('findCredentials', () => {
  it("reads Docker's file and Podman's, the named one first", async () => {
    await scratch(async (home) => {
      put(join(home, '.docker', 'config.json'), { auths: { 'a.test': { auth: auth('docker:1') } } });
      put(join(home, '.config', 'containers', 'auth.json'), {
        auths: { 'a.test': { auth: auth('podman:2') }, 'b.test': { auth: auth('podman:pass:word') } },
      });
      put(join(home, 'named.json'), { auths: { 'a.test': { auth: auth('named:3') } } });
      assert.deepEqual(await find(home, 'a.test'), { kind: 'basic', username: 'docker', password: '1' });
      assert.deepEqual(await find(home, 'b.test'), { kind: 'basic', username: 'podman', password: 'pass:word' });
      const named = { REGISTRY_AUTH_FILE: join(home, 'named.json') };
      assert.deepEqual(await find(home, 'a.test', named), { kind: 'basic', username: 'named', password: '3' });
      assert.equal(await find(home, 'c.test'), null);
    });
  });

  it('takes the most exact entry of a repository, identity tokens, and Docker Hub by its old name', async () => {
    await scratch(async (home) => {
      put(join(home, '.docker', 'config.json'), {
        auths: {
          'a.test': { auth: auth('host:1') },
          'a.test/team': { auth: auth('team:2') },
          'https://b.test/v1/': { identitytoken: 'idt' },
          'https://index.docker.io/v1/': { username: 'hub', password: 'x' },
        },
      });
      assert.deepEqual(await find(home, 'a.test'), { kind: 'basic', username: 'team', password: '2' });
      assert.deepEqual(await find(home, 'b.test'), { kind: 'identity', token: 'idt' });
      assert.deepEqual(await find(home, 'docker.io'), { kind: 'basic', username: 'hub', password: 'x' });
    });
  });

  it('runs the helper of a registry, without a shell, with the registry on its standard input', async () => {
    await scratch(async (home) => {
      putHelper(home, 'ok', `read host; printf '{"ServerURL":"x","Username":"u-%s","Secret":"s3cret"}' "$host"`);
      putHelper(home, 'token', `printf '{"Username":"<token>","Secret":"idt"}'`);
      putHelper(home, 'fails', 'echo s3cret; exit 1');
      putHelper(home, 'odd', 'echo s3cret');
      put(join(home, '.docker', 'config.json'), {
        credHelpers: { 'a.test': 'ok', 'b.test': 'token', 'c.test': 'fails', 'd.test': 'odd', 'e.test': 'none' },
      });
      const log = keptLog();
      assert.deepEqual(await find(home, 'a.test', {}, log), {
        kind: 'basic',
        username: 'u-a.test',
        password: 's3cret',
      });
      assert.deepEqual(await find(home, 'b.test', {}, log), { kind: 'identity', token: 'idt' });
      const none = async (host: string) => {
        const found = await find(home, host, {}, log);
        assert.ok(found?.kind === 'missing', host);
        return found.why;
      };
      assert.equal(await none('c.test'), '"docker-credential-fails" stopped with exit code 1');
      assert.equal(await none('d.test'), '"docker-credential-odd" gave an answer that is none');
      assert.equal(await none('e.test'), '"docker-credential-none" is not on PATH');
      assert.ok(!log.lines.join('\n').includes('s3cret'));
      assert.match(log.lines.join('\n'), /docker-credential-none" is not on PATH/);
    });
  });

  it('asks the store for entries that are empty, and runs no helper whose name is a path', async () => {
    await scratch(async (home) => {
      putHelper(home, 'store', `printf '{"Username":"s","Secret":"x"}'`);
      put(join(home, '.docker', 'config.json'), { auths: { 'a.test': {} }, credsStore: 'store' });
      assert.deepEqual(await find(home, 'a.test'), { kind: 'basic', username: 's', password: 'x' });
      put(join(home, 'x', 'evil'), '#!/bin/sh\ntouch "$HOME/ran"\n');
      for (const name of ['../x/evil', 'a;b', '-x', '/bin/sh', '']) {
        put(join(home, '.docker', 'config.json'), { credHelpers: { 'a.test': name } });
        const log = keptLog();
        const found = await find(home, 'a.test', {}, log);
        assert.equal(found?.kind, name === '' ? undefined : 'missing');
        if (name !== '') assert.match(log.lines.join(), /is not run/);
        assert.ok(!existsSync(join(home, 'ran')));
      }
    });
  });

  it('asks the helper of a cloud, which keeps no entries, for every registry, in the environment that it needs', async () => {
    await scratch(async (home) => {
      putHelper(
        home,
        'ecr-login',
        `read host; case "$host" in
          *.amazonaws.com) printf '{"Username":"AWS","Secret":"%s"}' "$AWS_PROFILE" ;;
          https://index.docker.io/v1/) printf '{"Username":"hub","Secret":"x"}' ;;
          empty.test) printf '{"Username":"","Secret":""}' ;;
          *) echo 'credentials not found in native keychain'; exit 1 ;;
        esac`,
      );
      put(join(home, '.docker', 'config.json'), { credsStore: 'ecr-login' });
      put(join(home, '.config', 'containers', 'auth.json'), { auths: { 'b.test': { auth: auth('podman:2') } } });
      const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
      const aws = { kind: 'basic', username: 'AWS', password: 'work' };
      assert.deepEqual(await find(home, host, { AWS_PROFILE: 'work' }), aws);
      assert.deepEqual(await find(home, 'docker.io'), { kind: 'basic', username: 'hub', password: 'x' });
      // A helper that has nothing stands in nobody's way.
      assert.deepEqual(await find(home, 'b.test'), { kind: 'basic', username: 'podman', password: '2' });
      for (const none of ['c.test', 'empty.test']) {
        const log = keptLog();
        assert.equal(await find(home, none, {}, log), null);
        assert.deepEqual(log.lines, []);
      }
    });
  });

  it('prefers what another file has to a helper that fails, and says that it failed where none has any', async () => {
    await scratch(async (home) => {
      put(join(home, '.docker', 'config.json'), { credsStore: 'desktop' });
      put(join(home, '.config', 'containers', 'auth.json'), { auths: { 'b.test': { auth: auth('podman:2') } } });
      assert.deepEqual(await find(home, 'b.test'), { kind: 'basic', username: 'podman', password: '2' });
      const why = '"docker-credential-desktop" is not on PATH';
      assert.deepEqual(await find(home, 'c.test'), { kind: 'missing', why });
    });
  });

  it('bounds what a helper says, and says which files it leaves out', async () => {
    await scratch(async (home) => {
      putHelper(home, 'loud', 'head -c 100000 /dev/zero');
      put(join(home, '.docker', 'config.json'), { credHelpers: { 'a.test': 'loud' } });
      const found = await find(home, 'a.test');
      assert.match(found?.kind === 'missing' ? found.why : '', /"docker-credential-loud" gave nothing: .*larger/);
      const log = keptLog();
      await find(home, 'c.test', { REGISTRY_AUTH_FILE: 'auth.json', DOCKER_CONFIG: '' }, log);
      assert.deepEqual(log.lines, ['warn REGISTRY_AUTH_FILE is left out: it is no absolute path.']);
      await find(home, 'c.test', { REGISTRY_AUTH_FILE: join(home, 'none.json') }, log);
      assert.match(log.lines.at(-1) ?? '', /none\.json could not be read: it does not exist/);
    });
  });

  it('passes over files that are malformed and names from the prototype', async () => {
    await scratch(async (home) => {
      for (const content of [
        '{',
        '[]',
        '{"auths":5}',
        '{"auths":{"a.test":null}}',
        '{"auths":{"a.test":{"auth":"%%%"}}}',
      ]) {
        put(join(home, '.docker', 'config.json'), content);
        assert.equal(await find(home, 'a.test'), null, content);
      }
      put(join(home, '.docker', 'config.json'), { auths: {} });
      assert.equal(await find(home, 'constructor'), null);
    });
  });
});

describe('authFiles and authKeys', () => {
  it('takes absolute folders only', () => {
    assert.deepEqual(authFiles({ HOME: '/h', DOCKER_CONFIG: 'relative', REGISTRY_AUTH_FILE: './x' }), [
      '/h/.docker/config.json',
      '/h/.config/containers/auth.json',
    ]);
    assert.deepEqual(authFiles({ HOME: '/h', DOCKER_CONFIG: '/d', XDG_RUNTIME_DIR: '/r' }).slice(0, 2), [
      '/d/config.json',
      '/r/containers/auth.json',
    ]);
  });

  it('never takes the credentials of one registry for another', () => {
    assert.ok(authKeys('a.test', 'docker.io/x').every((key) => /^(?:https?:\/\/)?a\.test(?:\/|$)/.test(key)));
  });
});
