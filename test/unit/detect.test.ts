// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectByName } from '../../src/core/detect.ts';

describe('detection by name', () => {
  const taken = [
    'Dockerfile',
    'dockerfile',
    'DOCKERFILE',
    'Containerfile',
    'Dockerfile.prod',
    'Dockerfile-prod',
    'Dockerfile_prod',
    'prod.Dockerfile',
    'prod-dockerfile',
    'prod_Containerfile',
    'api.dev.Dockerfile.local',
    'web.dockerfile',
    'x.DOCKERFILE',
    'Dockerfile.',
    '.dockerfile',
  ];
  const left = [
    '',
    'Dockerfiles',
    'MyDockerfile',
    'Dockerfile2',
    'docker-file',
    'Makefile',
    'compose.yaml',
    'x.containerfile2',
    '.dockerignore',
    'Dockerfile.dockerignore',
    'prod.Dockerfile.dockerignore',
  ];
  for (const name of taken) it(`takes ${name}`, () => assert.equal(detectByName(name), 'dockerfile'));
  for (const name of left) it(`leaves ${name || 'an empty name'}`, () => assert.equal(detectByName(name), null));

  it('is what the pre-commit hook does', () => {
    const hooks = readFileSync(join(import.meta.dirname, '..', '..', '.pre-commit-hooks.yaml'), 'utf8');
    const written = /^ {2}files: \(\?i\)(.+)$/m.exec(hooks)?.[1];
    assert.ok(written !== undefined);
    const pattern = new RegExp(written, 'i');
    for (const name of [...taken, ...taken.map((each) => `services/api/${each}`)]) assert.ok(pattern.test(name), name);
    for (const name of left) assert.ok(!pattern.test(name), name);
  });
});
