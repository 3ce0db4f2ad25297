// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../../src/build/generate.ts';
import { COMMANDS } from '../../src/core/contributions/commands.ts';
import { knownRules } from '../../src/core/rules/known.ts';

const root = join(import.meta.dirname, '..', '..');

describe('generated files', () => {
  it('generation leaves no difference', async () => {
    const files = await generatedFiles(root);
    assert.ok(files.size > knownRules.length);
    for (const [path, content] of files) {
      assert.ok(existsSync(join(root, path)), `${path} is missing: npm run generate`);
      assert.equal(readFileSync(join(root, path), 'utf8'), content, `${path} is out of date: npm run generate`);
    }
  });

  it('no page of a rule is left over', () => {
    const known = new Set(['README.md', ...knownRules.map(({ id }) => `${id}.md`)]);
    assert.deepEqual(
      readdirSync(join(root, 'docs', 'rules')).filter((file) => !known.has(file)),
      [],
    );
  });

  it('every menu names a command that exists, and every command has a name and a category', () => {
    const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const ids = new Set<string>(contributes.commands.map((each: { command: string }) => each.command));
    assert.deepEqual(ids, new Set<string>(Object.values(COMMANDS).map(({ id }) => id)));
    const named = Object.values<{ command: string }[]>(contributes.menus).flat();
    assert.ok(named.length > ids.size);
    for (const { command } of named) assert.ok(ids.has(command), command);
    for (const each of contributes.commands) assert.ok(each.title !== '' && each.category === 'Waybill');
  });

  it('settings that name a program or a folder cannot be set by a workspace', () => {
    const { contributes, capabilities } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const properties: [string, { type: string; scope: string }][] = Object.entries(
      contributes.configuration.properties,
    );
    const paths = properties.filter(([name]) => /\.path$|Folder$/.test(name));
    assert.equal(paths.length, 4);
    for (const [name, { scope }] of paths) {
      assert.equal(scope, 'machine', name);
      assert.ok(capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name), name);
    }
  });
});
