// SPDX-License-Identifier: Apache-2.0
// Settings by what is shipped: a workspace chooses no program, no file, no host and no root, and people can read what
// each of them asks of whom.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESTRICTED_SETTINGS, SETTINGS } from '../../src/core/contributions/settings.ts';

interface Property {
  readonly type: string;
  readonly scope: string;
  readonly order: number;
  readonly default: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
}

const root = join(import.meta.dirname, '..', '..');
const { contributes, capabilities } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const properties: [string, Property][] = Object.entries(contributes.configuration.properties);
const editorPage = readFileSync(join(root, 'docs', 'editor.md'), 'utf8');

/** What only asks how files of the workspace are judged and shown; nothing is read from elsewhere, nobody is asked. */
const OF_THE_WORKSPACE = [
  'waybill.lint.enabled',
  'waybill.lint.rules',
  'waybill.languages',
  'waybill.codeLens.enabled',
];

describe('settings', () => {
  it('are those that the code knows, in an order of their own', () => {
    assert.deepEqual(
      properties.map(([name]) => name),
      Object.values(SETTINGS),
    );
    assert.deepEqual(
      properties.map(([, { order }]) => order),
      properties.map((_, index) => index + 1),
    );
  });

  it('of programs, files, hosts and roots are restricted, and belong to the machine', () => {
    assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, RESTRICTED_SETTINGS);
    for (const [name, { scope }] of properties) {
      const restricted = RESTRICTED_SETTINGS.includes(name);
      assert.equal(restricted, !OF_THE_WORKSPACE.includes(name), name);
      // A folder may bring its own policy, so it may also say where one is, once it is trusted.
      const expected = name === SETTINGS.policyFile ? 'machine-overridable' : restricted ? 'machine' : 'resource';
      assert.equal(scope, expected, name);
    }
  });

  it('on evidence ask no network by themselves', () => {
    const evidence = properties.filter(([name]) => /\.(?:evidence|registries)\./.test(name));
    assert.equal(evidence.length, 10);
    for (const [name, { type, default: value }] of evidence) {
      const empty = type === 'boolean' ? false : type === 'string' ? '' : type === 'array' ? [] : {};
      assert.deepEqual(value, empty, name);
    }
  });

  it('say in sentences what they do, and stand in the page about the editor where they concern evidence', () => {
    for (const [name, { description, markdownDescription }] of properties) {
      const text = description ?? markdownDescription ?? '';
      assert.match(text, /^[A-Z].*\.$/, name);
      for (const [, other = ''] of text.matchAll(/#(waybill\.[\w.]+)#/g))
        assert.ok(
          properties.some(([known]) => known === other),
          `${name} names ${other}`,
        );
      if (/\.(?:evidence|registries)\./.test(name))
        assert.ok(editorPage.includes(`\`${name}\``), `docs/editor.md: ${name}`);
    }
  });
});
