// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { apkoStructs } from '../../../src/core/apko/structs.ts';
import {
  inputDoc,
  keyDoc,
  keyFacts,
  keyMarkdown,
  pipelineDoc,
  pipelineFacts,
  pipelineUrl,
} from '../../../src/core/config-language/docs.ts';
import { builtinPipelines } from '../../../src/core/melange/pipelines.ts';
import { melangeStructs } from '../../../src/core/melange/structs.ts';

const sources: Readonly<Record<string, { title: string; url: string; confidence: string }>> = keyFacts.sources;

describe('what is recorded of keys and pipelines', () => {
  it('is there for every key of every struct, and for no other', () => {
    const wanted = Object.entries({ ...apkoStructs, ...melangeStructs }).map(([struct, keys]) => [
      struct,
      Object.keys(keys),
    ]);
    const have = Object.entries(keyFacts.structs).map(([struct, keys]) => [struct, Object.keys(keys)]);
    assert.deepEqual(new Map(have as [string, string[]][]), new Map(wanted as [string, string[]][]));
  });

  it('says something, names its source, and gives a version only with one', () => {
    for (const [struct, keys] of Object.entries({ ...apkoStructs, ...melangeStructs })) {
      for (const key of Object.keys(keys)) {
        const doc = keyDoc(struct, key);
        assert.ok(doc !== null && doc.doc.length > 15 && /[.`]$/.test(doc.doc), `${struct}.${key}`);
        assert.ok(Object.hasOwn(sources, doc.source), doc.source);
        if (doc.since !== undefined) {
          assert.match(doc.since.version, /^\d+\.\d+\.\d+$/);
          assert.ok(Object.hasOwn(sources, doc.since.source));
        }
        assert.match(keyMarkdown(struct, key, null) ?? '', /\]\(https:\/\//);
      }
    }
    assert.match(keyFacts.asOf, /^\d{4}-\d\d-\d\d$/);
    for (const { url, confidence } of Object.values(sources)) {
      assert.ok(url.startsWith('https://') && confidence === 'one-source');
    }
  });

  it('is there for every pipeline that is built in, and for each of its inputs', () => {
    assert.deepEqual(new Set(Object.keys(pipelineFacts.pipelines)), new Set(Object.keys(builtinPipelines)));
    const used = new Set<string>();
    for (const [name, { inputs }] of Object.entries(builtinPipelines)) {
      assert.ok((pipelineDoc(name) ?? '').endsWith('.'), name);
      assert.match(pipelineUrl(name) ?? '', /\/blob\/v0\.59\.1\//);
      for (const input of Object.keys(inputs)) {
        assert.ok((inputDoc(name, input) ?? '').length > 10, `${name} ${input}`);
        used.add(input);
      }
    }
    assert.deepEqual(
      Object.keys(pipelineFacts.inputs).filter((input) => !used.has(input)),
      [],
    );
    assert.equal(pipelineDoc('constructor'), null);
    assert.equal(keyDoc('constructor', 'name'), null);
  });
});
