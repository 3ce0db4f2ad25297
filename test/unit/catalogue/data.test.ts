// SPDX-License-Identifier: Apache-2.0
// The catalogue's data against its schema and against itself.
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import {
  imagesFileSchema,
  lifecyclesFileSchema,
  modulesFileSchema,
  sourcesFileSchema,
} from '../../../src/core/catalogue/schema.ts';
import { certificateUrl } from '../../../src/core/fips/certificate.ts';
import { parseImageReference, resolvedReference } from '../../../src/core/model/image-reference.ts';
import { TODAY } from '../../support/linting.ts';

const data = catalogueData();
const { images, lifecycles, modules, sources } = data;

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Every day written anywhere in a value, by its form. */
function days(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(days);
}

describe('catalogue data', () => {
  it('fits its schema', () => {
    imagesFileSchema.parse(images);
    lifecyclesFileSchema.parse(lifecycles);
    modulesFileSchema.parse(modules);
    sourcesFileSchema.parse(sources);
  });

  it('has at least 60 repositories, each once and each as a builder writes it', () => {
    assert.ok(images.images.length >= 60, String(images.images.length));
    const names = images.images.map(({ repository }) => repository);
    assert.equal(new Set(names).size, names.length);
    for (const { repository, aliases = [] } of images.images) {
      for (const name of [repository, ...aliases]) {
        const parsed = parseImageReference(name);
        assert.ok(parsed.ok, name);
        assert.equal(resolvedReference(parsed.value), `${name}:latest`, 'it has to be written normalised');
      }
      assert.ok(!aliases.includes(repository), repository);
    }
  });

  it('gives no alias to two images', () => {
    const owners = new Map<string, string>();
    const all = new Set(images.images.map(({ repository }) => repository));
    for (const { repository, aliases = [] } of images.images) {
      for (const alias of aliases) {
        assert.equal(owners.get(alias), undefined, `${alias}: ${owners.get(alias)} and ${repository}`);
        assert.ok(!all.has(alias), alias);
        owners.set(alias, repository);
      }
    }
  });

  it('names only sources, products and distributions that exist', () => {
    const known = new Set(Object.keys(sources.sources));
    const used: [string, string | undefined][] = images.images.flatMap(({ repository, facts, tags, support }) => [
      ...Object.values(facts).map((fact): [string, string | undefined] => [repository, fact?.[1]]),
      [repository, tags?.[1]],
      [repository, support?.source],
    ]);
    used.push(['lifecycles.json', lifecycles.source]);
    for (const { certificate, sources: named = [] } of modules.modules) {
      for (const source of named) used.push([`#${certificate}`, source]);
    }
    for (const { id, packageManager, shell, libc } of sources.distributions) {
      for (const fact of [packageManager, shell, libc]) used.push([id, fact?.[1]]);
    }
    for (const [where, source] of used) {
      if (source !== undefined) assert.ok(known.has(source), `${where} names the source ${source}, which is not there`);
    }
    const products = new Set(Object.keys(lifecycles.products));
    for (const { repository, lifecycle } of images.images) {
      assert.ok(lifecycle === undefined || products.has(lifecycle), `${repository} names the product ${lifecycle}`);
    }
    for (const { id, lifecycle, codenames = {} } of sources.distributions) {
      if (lifecycle === undefined) continue;
      const cycles = lifecycles.products[lifecycle]?.cycles;
      assert.ok(cycles !== undefined, id);
      for (const [name, cycle] of Object.entries(codenames)) assert.ok(cycle in cycles, `${name} stands for ${cycle}`);
    }
  });

  it('marks what is from memory by having no source, never by a word', () => {
    for (const { repository, facts } of images.images) {
      for (const [value] of Object.values(facts).filter((fact) => fact !== undefined)) {
        assert.doesNotMatch(value, /memory|unsourced/i, repository);
      }
    }
  });

  it('has only days that exist, and sources that do not lie ahead', () => {
    for (const day of days(data)) assert.ok(isDay(day), day);
    for (const [id, { asOf }] of Object.entries(sources.sources)) assert.ok(asOf <= TODAY, `${id} is as of ${asOf}`);
    assert.ok(modules.asOf <= TODAY);
  });

  it('has certificates once, each with the page that decides', () => {
    const numbers = modules.modules.map(({ certificate }) => certificate);
    assert.ok(numbers.length >= 100, String(numbers.length));
    assert.equal(new Set(numbers).size, numbers.length);
    for (const number of numbers) assert.ok(certificateUrl(number).endsWith(`/certificate/${number}`));
  });
});
