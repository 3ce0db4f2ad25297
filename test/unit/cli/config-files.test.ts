// SPDX-License-Identifier: Apache-2.0
// Which YAML files the command reads, and how it follows what apko files include.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BesideFiles } from '../../../src/node/beside.ts';
import { discoverFiles } from '../../../src/node/discover.ts';

describe('apko and melange files of a folder', () => {
  let folder = '';
  const put = (path: string, text: string): string => {
    const full = join(folder, path);
    mkdirSync(join(full, '..'), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes what is theirs by its content and leaves other YAML', () => {
    put('os/hello.yaml', 'package:\n  name: hello\n  version: 1.0\n  epoch: 0\n');
    put('images/web.yml', 'contents:\n  packages: [nginx]\n');
    put('pod.yaml', 'apiVersion: v1\nkind: Pod\n');
    put('.github/workflows/ci.yaml', 'on: push\njobs: {}\n');
    put('Dockerfile', 'FROM scratch\n');
    const { files } = discoverFiles(['.'], folder, null);
    assert.deepEqual(
      files.map(({ path, language }) => [path, language]),
      [
        ['Dockerfile', 'dockerfile'],
        ['images/web.yml', 'apko'],
        ['os/hello.yaml', 'melange'],
      ],
    );
  });

  it('reads a YAML file that is named whatever it looks like, and as what the flag says', () => {
    put('pod.yaml', 'apiVersion: v1\nkind: Pod\n');
    put('odd.yaml', 'package:\n  nam: x\n');
    const languages = (paths: string[], forced: 'melange' | null): string[] =>
      discoverFiles(paths, folder, forced).files.map(({ language }) => language);
    assert.deepEqual(languages(['pod.yaml', 'odd.yaml'], null), ['apko', 'melange']);
    assert.deepEqual(languages(['.'], 'melange'), ['melange', 'melange']);
  });

  it('follows an include below the working directory and nowhere else', () => {
    const image = put('work/images/web.apko.yaml', '');
    put('work/images/base.yaml', 'from the folder of the file');
    put('work/common.yaml', 'from the working directory');
    put('outside.yaml', 'not to be read');
    const cwd = join(folder, 'work');
    const beside = new BesideFiles(cwd).of(image);
    assert.equal(beside('base.yaml'), 'from the folder of the file');
    assert.equal(beside('common.yaml'), 'from the working directory');
    assert.equal(beside('missing.yaml'), null);
    assert.equal(beside('../../outside.yaml'), undefined);
    assert.equal(beside(join(folder, 'outside.yaml')), undefined);
    const { name, sibling, head } = new BesideFiles(cwd).neighboursOf(image, new Map([[image, 'as it was']]));
    assert.equal(name, 'web.apko.yaml');
    assert.equal(sibling('base.yaml'), 'from the folder of the file');
    assert.equal(sibling('common.yaml'), null);
    assert.equal(sibling('../common.yaml'), undefined);
    assert.equal(head(), 'as it was');
    symlinkSync(join(folder, 'outside.yaml'), join(cwd, 'images', 'link.yaml'));
    assert.equal(beside('link.yaml'), undefined);
  });
});
