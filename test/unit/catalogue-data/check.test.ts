// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueProblems, catalogueSummary } from '../../../src/build/catalogue-check.ts';
import { MOST_USED } from '../../../src/build/catalogue-most-used.ts';
import { cataloguePages } from '../../../src/build/catalogue-pages.ts';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import type { CatalogueData } from '../../../src/core/catalogue/schema.ts';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';

const data = catalogueData();
const today = new Date().toISOString().slice(0, 10);

function image(text: string) {
  const parsed = parseImageReference(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

describe('catalogue data', () => {
  it('contradicts itself nowhere', () => {
    assert.deepEqual(catalogueProblems(data, today), []);
  });

  it('holds at least 450 repositories, 107 life cycles and 123 certificates', () => {
    assert.ok(data.images.images.length >= 450);
    assert.equal(Object.keys(data.lifecycles.products).length >= 107, true);
    assert.equal(data.modules.modules.length >= 123, true);
    assert.match(catalogueSummary(data, today)[0] ?? '', /^\d+ images under \d+ names/);
  });

  it('names the hundred that are used most once each', () => {
    assert.equal(new Set(MOST_USED).size, MOST_USED.length);
    assert.ok(MOST_USED.length >= 100);
  });

  it('calls nothing checked that is a convention', () => {
    for (const { repository, alternatives = [] } of data.images.images) {
      for (const { image: other, checked, basis } of alternatives) {
        if (/convention|not checked/.test(basis)) assert.equal(checked, false, `${repository} → ${other}`);
      }
    }
  });

  // What the same image is called elsewhere.
  for (const [written, repository] of [
    ['node', 'docker.io/library/node'],
    ['index.docker.io/library/node', 'docker.io/library/node'],
    ['public.ecr.aws/docker/library/node', 'docker.io/library/node'],
    ['mirror.gcr.io/library/node', 'docker.io/library/node'],
    ['chainguard/node', 'cgr.dev/chainguard/node'],
    ['registry.access.redhat.com/ubi9/ubi', 'registry.access.redhat.com/ubi9'],
    ['registry.access.redhat.com/ubi9-minimal', 'registry.access.redhat.com/ubi9/ubi-minimal'],
    ['redhat/ubi9-micro', 'registry.access.redhat.com/ubi9/ubi-micro'],
  ] as const) {
    it(`${written} is ${repository}`, () => {
      assert.equal(new Catalogue(data).find(image(written))?.repository, repository);
    });
  }

  it('a namespace speaks for what has no entry of its own, and only for that', () => {
    const catalogue = new Catalogue(data);
    assert.equal(catalogue.find(image('gcr.io/distroless/java17-debian11'))?.deprecated !== null, true);
    assert.equal(catalogue.minimal(image('gcr.io/distroless/java17-debian11')).value, 'yes');
    assert.equal(catalogue.find(image('gcr.io/distroless/static-debian13'))?.deprecated, null);
    assert.equal(catalogue.find(image('bitnamilegacy/redis'))?.category, 'bitnami');
    assert.equal(catalogue.find(image('example.com/bitnami/redis')), null);
  });

  // tag: package manager, shell
  const variants: Readonly<Record<string, readonly [string, string]>> = {
    'node:24': ['apt', 'bash, dash'],
    'node:24-alpine3.22': ['apk', 'ash (busybox)'],
    'node:24-bookworm-slim': ['apt', 'bash, dash'],
    'maven:3-eclipse-temurin-21-alpine': ['apk', 'ash (busybox)'],
    'eclipse-temurin:21-ubi9-minimal': ['dnf or microdnf', 'bash'],
    'nats:2': ['none', 'none'],
    'nats:2-alpine': ['apk', 'ash (busybox)'],
    'nvidia/cuda:12.8.0-base-ubuntu22.04': ['apt', 'bash, dash'],
    'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled': ['none', 'none'],
    'dhi.io/node:24-alpine3.22': ['none', 'none'],
  };
  for (const [written, expected] of Object.entries(variants)) {
    it(`${written} has ${expected.join(' and ')}`, () => {
      const catalogue = new Catalogue(data);
      const reference = image(written);
      assert.deepEqual([catalogue.packageManager(reference)?.value, catalogue.shell(reference)?.value], expected);
    });
  }
});

describe('catalogue:check', () => {
  const broken = (change: (copy: CatalogueData) => void): string => {
    const copy = structuredClone(data);
    change(copy);
    return catalogueProblems(copy, today).join('\n');
  };
  type Changeable = { -readonly [K in keyof CatalogueData]: CatalogueData[K] };

  it('finds a source that is not recorded, one that nothing names, and one of a day to come', () => {
    assert.match(
      broken((copy) => (copy.images.images[0]!.facts.user = ['root', 'nobody'])),
      /names the source nobody, which is not recorded/,
    );
    const extra = { title: 'extra', ref: '', asOf: today, confidence: 'one-source' } as const;
    assert.match(
      broken((copy) => (copy.sources.sources['extra'] = extra)),
      /The source extra is named by nothing/,
    );
    assert.match(
      broken((copy) => (copy.sources.sources['lib']!.asOf = '2999-01-01')),
      /lib is of 2999-01-01, a day that has not come/,
    );
  });

  it('finds a name that stands for two images, or is not written as it is looked up', () => {
    assert.match(
      broken((copy) => (copy.images.images[0]!.aliases = ['docker.io/library/node'])),
      /docker\.io\/library\/node stands for/,
    );
    assert.match(
      broken((copy) => (copy.images.images[0]!.repository = 'docker.io/node')),
      /docker\.io\/node is not written as it is looked up: docker\.io\/library\/node/,
    );
  });

  it('finds what leads nowhere: a life cycle, a certificate, an alternative', () => {
    assert.match(
      broken((copy) => (copy.images.images[0]!.lifecycle = 'nothing')),
      /names the life cycle nothing/,
    );
    assert.match(
      broken((copy) => (copy.fips.go.certificate = 1)),
      /go names certificate #1/,
    );
    const alternative = { for: 'minimal', image: 'No Such', basis: 'x', checked: true } as const;
    assert.match(
      broken((copy) => (copy.images.images[0]!.alternatives = [alternative])),
      /No Such is no reference[\s\S]*is called checked and names no source/,
    );
  });

  it('finds what the schema refuses, and entries that were lost', () => {
    assert.match(
      broken((copy) => ((copy.images as { schemaVersion: number }).schemaVersion = 2)),
      /images\.json at schemaVersion/,
    );
    assert.match(
      broken((copy) => copy.images.images.splice(0, 100)),
      /images: \d+, and at least 450 are wanted/,
    );
    assert.match(
      broken((copy) => ((copy as Changeable).lifecycles = { ...copy.lifecycles, products: {} })),
      /lifecycles: 0/,
    );
  });

  it('finds a fact that rules need and nobody looked up, where the image is used much', () => {
    const forget = (copy: CatalogueData): void => {
      const node = copy.images.images.find(({ repository }) => repository === 'docker.io/library/node');
      if (node !== undefined) node.facts.user = ['root'];
    };
    assert.match(broken(forget), /docker\.io\/library\/node: its user \(root\) has no source that was looked up/);
  });
});

describe('catalogue pages', () => {
  it('list every image, certificate, life cycle and source, and the same data gives the same bytes', () => {
    const pages = cataloguePages(data);
    assert.deepEqual(
      [...pages.keys()].map((path) => path.replace('docs/catalogue/', '')),
      [
        'README.md',
        'images.md',
        'exact-matches.md',
        'cryptography.md',
        'certificates.md',
        'life-cycles.md',
        'sources.md',
      ],
    );
    const text = (name: string): string => pages.get(`docs/catalogue/${name}`) ?? '';
    for (const { repository } of data.images.images)
      assert.ok(text('images.md').includes(`| ${repository} |`), repository);
    for (const { certificate } of data.modules.modules)
      assert.ok(text('certificates.md').includes(`[#${certificate}](`), `#${certificate}`);
    for (const product of Object.keys(data.lifecycles.products))
      assert.ok(text('life-cycles.md').includes(`| ${product} |`), product);
    for (const source of Object.keys(data.sources.sources))
      assert.ok(text('sources.md').includes(`| ${source} |`), source);
    assert.deepEqual(cataloguePages(catalogueData()), pages);
  });
});
