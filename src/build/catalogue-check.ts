// SPDX-License-Identifier: Apache-2.0
// npm run catalogue:check: holds the catalogue's data against its schema and against itself.
import { gzipSync } from 'node:zlib';
import type * as z from 'zod/mini';
import { catalogueData } from '../core/catalogue/data.ts';
import { Catalogue } from '../core/catalogue/lookup.ts';
import {
  imagesFileSchema,
  lifecyclesFileSchema,
  modulesFileSchema,
  sourcesFileSchema,
  type CatalogueData,
} from '../core/catalogue/schema.ts';
import { daysBetween } from '../core/fips/certificate.ts';
import { CLAIM_IDS, fipsFileSchema } from '../core/fips/knowledge.ts';
import { carriesFix, exactMatch } from '../core/catalogue/switches.ts';
import { switchesFileSchema } from '../core/catalogue/switches-schema.ts';
import { vendorsFileSchema } from '../core/catalogue/vendors-schema.ts';
import { VENDORS } from '../core/policy/schema.ts';
import { parseImageReference } from '../core/model/image-reference.ts';
import { MOST_USED } from './catalogue-most-used.ts';

const FILES: Readonly<Record<keyof CatalogueData, z.ZodMiniType>> = {
  images: imagesFileSchema,
  lifecycles: lifecyclesFileSchema,
  modules: modulesFileSchema,
  sources: sourcesFileSchema,
  fips: fipsFileSchema,
  switches: switchesFileSchema,
  vendors: vendorsFileSchema,
};

/** Fewer than these means that something was lost. */
const AT_LEAST = { images: 450, lifecycles: 107, modules: 123, mostUsed: 100 };

/** Every contradiction in the data, one sentence each, on a given day. */
export function catalogueProblems(data: CatalogueData, today: string): readonly string[] {
  return [
    ...schemaProblems(data),
    ...nameProblems(data),
    ...sourceProblems(data, today),
    ...linkProblems(data),
    ...fipsProblems(data),
    ...vendorProblems(data),
    ...switchProblems(data),
    ...countProblems(data),
    ...mostUsedProblems(data),
  ];
}

function* schemaProblems(data: CatalogueData): Generator<string> {
  for (const [name, schema] of Object.entries(FILES)) {
    const checked = schema.safeParse(data[name as keyof CatalogueData]);
    if (checked.success) continue;
    for (const { path, message } of checked.error.issues.slice(0, 20))
      yield `${name}.json at ${path.join('.')}: ${message}`;
  }
}

/** Names are normalised, and each stands for one image only. */
function* nameProblems({ images }: CatalogueData): Generator<string> {
  const seen = new Map<string, string>();
  for (const { repository, aliases = [] } of images.images) {
    for (const name of [repository, ...aliases]) {
      const parsed = parseImageReference(name);
      const normal = parsed.ok ? `${parsed.value.registry}/${parsed.value.repository}` : null;
      if (normal !== name) yield `${name} is not written as it is looked up: ${normal ?? 'it is no reference'}.`;
      const other = seen.get(name);
      if (other !== undefined) yield `${name} stands for ${other} and for ${repository}.`;
      seen.set(name, repository);
    }
  }
  for (const { prefix, suffix = '' } of images.families ?? []) {
    const hidden = images.families?.find((each) => each.prefix.startsWith(prefix) && each.prefix !== prefix);
    const order = images.families?.findIndex((each) => each === hidden) ?? -1;
    const own = images.families?.findIndex((each) => each.prefix === prefix && (each.suffix ?? '') === suffix) ?? 0;
    if (hidden !== undefined && suffix === '' && own < order) yield `The family ${prefix} hides ${hidden.prefix}.`;
  }
}

/** Everything that names a source, with where it does. */
function* namedSources({
  images,
  lifecycles,
  modules,
  sources,
  fips,
  switches,
  vendors,
}: CatalogueData): Generator<readonly [string, string]> {
  for (const image of [...images.images, ...(images.families ?? [])]) {
    const name = 'repository' in image ? image.repository : image.prefix;
    for (const [kind, fact] of Object.entries(image.facts)) {
      if (fact?.[1] !== undefined) yield [`${name} ${kind}`, fact[1]];
    }
    for (const { image: other, source } of image.alternatives ?? [])
      if (source !== undefined) yield [`${name} → ${other}`, source];
    if (image.tags !== undefined) yield [`${name} tags`, image.tags[1]];
    if (image.deprecated?.[1] !== undefined) yield [`${name} deprecated`, image.deprecated[1]];
    if (image.support !== undefined) yield [`${name} support`, image.support.source];
  }
  yield ['lifecycles', lifecycles.source];
  for (const module of modules.modules)
    for (const source of module.sources ?? []) yield [`#${module.certificate}`, source];
  for (const { id, packageManager, shell, libc } of sources.distributions) {
    for (const fact of [packageManager, shell, libc])
      if (fact?.[1] !== undefined) yield [`distribution ${id}`, fact[1]];
  }
  for (const { id, source, variants } of vendors.vendors) {
    for (const each of [source, ...variants.map((variant) => variant.source)])
      if (each !== undefined) yield [`vendor ${id}`, each];
  }
  for (const { id, source } of switches.switches) yield [`switch ${id}`, source];
  yield ['rule1402', fips.rule1402.source];
  yield ['go', fips.go.source];
  for (const { id, source } of fips.bases) yield [`base ${id}`, source];
  for (const { version, source } of fips.bouncyCastle) yield [`bc-fips ${version}`, source];
}

function* sourceProblems(data: CatalogueData, today: string): Generator<string> {
  const known = data.sources.sources;
  const used = new Set<string>();
  for (const [where, source] of namedSources(data)) {
    used.add(source);
    if (!Object.hasOwn(known, source)) yield `${where} names the source ${source}, which is not recorded.`;
  }
  for (const [id, { asOf }] of Object.entries(known)) {
    if (!used.has(id) && !SPOKEN.has(id)) yield `The source ${id} is named by nothing.`;
    if (asOf > today) yield `The source ${id} is of ${asOf}, a day that has not come.`;
  }
}

/** Sources that code names by their id, and those that a sentence rests on. */
const SPOKEN = new Set(['canonical', 'ciq', 'cg-verify', 'lib', 'dhi', 'dhi-mirror']);

function* linkProblems({ images, lifecycles, sources, modules }: CatalogueData): Generator<string> {
  const names = new Set(images.images.flatMap(({ repository, aliases = [] }) => [repository, ...aliases]));
  for (const image of images.images) {
    if (image.lifecycle !== undefined && !Object.hasOwn(lifecycles.products, image.lifecycle)) {
      yield `${image.repository} names the life cycle ${image.lifecycle}, which is not there.`;
    }
    for (const { image: other, checked, basis, source } of image.alternatives ?? []) {
      const parsed = parseImageReference(other.replace('/ORG/', '/org/'));
      if (!parsed.ok) yield `${image.repository}: the alternative ${other} is no reference: ${parsed.error}.`;
      if (checked === /not checked/.test(basis))
        yield `${image.repository} → ${other}: "${basis}" and checked disagree.`;
      if (checked && source === undefined)
        yield `${image.repository} → ${other} is called checked and names no source.`;
      const listed = /^(?:gcr\.io\/distroless|cgr\.dev\/chainguard)\//.test(other);
      if (listed && !names.has(other)) yield `${image.repository} → ${other} is not in the catalogue itself.`;
    }
  }
  for (const { id, lifecycle, codenames = {} } of sources.distributions) {
    const cycles = lifecycle === undefined ? {} : lifecycles.products[lifecycle]?.cycles;
    if (cycles === undefined)
      yield `The distribution ${id} names the life cycle ${lifecycle ?? ''}, which is not there.`;
    for (const [name, cycle] of Object.entries(codenames)) {
      if (cycles !== undefined && !Object.hasOwn(cycles, cycle))
        yield `${id} ${name} is ${cycle}, which has no life cycle.`;
    }
  }
  const numbers = modules.modules.map(({ certificate }) => certificate);
  for (const number of numbers)
    if (numbers.indexOf(number) !== numbers.lastIndexOf(number)) yield `#${number} stands twice.`;
  for (const { certificate, supersededBy } of modules.modules) {
    if (supersededBy !== undefined && !numbers.includes(supersededBy))
      yield `#${certificate} was replaced by #${supersededBy}, which is not there.`;
  }
}

function* fipsProblems({ fips, modules }: CatalogueData): Generator<string> {
  const numbers = new Set(modules.modules.map(({ certificate }) => certificate));
  const named = [
    ...fips.bases.flatMap(({ id, components }) =>
      components.flatMap(({ certificates }) => certificates.map((each) => [id, each] as const)),
    ),
    ['go', fips.go.certificate] as const,
    ...fips.bouncyCastle.map(({ version, certificate }) => [`bc-fips ${version}`, certificate] as const),
  ];
  for (const [where, number] of named)
    if (!numbers.has(number)) yield `${where} names certificate #${number}, which is not there.`;
  for (const id of CLAIM_IDS) if (!fips.claims.some((each) => each.id === id)) yield `The claim ${id} has no words.`;
  const ids = fips.bases.map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) yield `The base ${id} stands twice.`;
  for (const { id, match } of fips.bases) {
    if (match.repositories === undefined && match.distribution === undefined) yield `The base ${id} fits everything.`;
    for (const pattern of [match.name, match.tag]) if (pattern !== undefined) RegExp(pattern);
  }
}

function* vendorProblems({ vendors }: CatalogueData): Generator<string> {
  const entitlements: readonly string[] = VENDORS;
  for (const { id, entitlement, variants } of vendors.vendors) {
    if (entitlement !== undefined && !entitlements.includes(entitlement))
      yield `${id}: no policy can name ${entitlement}.`;
    for (const { pattern } of variants) RegExp(pattern);
  }
}

/** A match is exact only with tags and differences that a source names, and only where it leads to what it is for. */
function* switchProblems(data: CatalogueData): Generator<string> {
  const catalogue = new Catalogue(data);
  const ids = data.switches.switches.map(({ id }) => id);
  for (const row of data.switches.switches) {
    const { id, repositories, tags, lacks, programs, users, source, example, to } = row;
    const fail = (why: string): string => `The switch ${id} ${why}.`;
    if (ids.indexOf(id) !== ids.lastIndexOf(id)) yield fail('stands twice');
    if (!carriesFix(data.sources.sources[source])) yield fail('has no source that was looked up');
    if (Object.keys(tags).length === 0) yield fail('names no tags');
    if (lacks.length > 0 && (programs === undefined || users === undefined || row.entrypoint === undefined)) {
      yield fail('does not say which programs, users and entrypoint the other image has');
    }
    for (const name of [...repositories.filter((each) => !each.endsWith('/')), ...(to === undefined ? [] : [to])]) {
      const parsed = parseImageReference(name);
      if (!parsed.ok || catalogue.find(parsed.value) === null)
        yield fail(`names ${name}, which is not in the catalogue`);
    }
    const parsed = parseImageReference(example);
    const match = parsed.ok ? exactMatch(row.for, parsed.value, data) : null;
    if (match === null || match.row.id !== id) {
      yield fail(`does not fit its example ${example}`);
    } else if (row.for === 'minimal') {
      const { value, sourced, reason } = catalogue.minimal(match.target);
      if (value !== 'yes' || !sourced)
        yield fail(`leads from ${example} to what is not known to be minimal: ${reason}`);
    }
  }
}

function* countProblems({ images, lifecycles, modules }: CatalogueData): Generator<string> {
  const counts = {
    images: images.images.length,
    lifecycles: Object.keys(lifecycles.products).length,
    modules: modules.modules.length,
    mostUsed: new Set(MOST_USED).size,
  };
  for (const [name, count] of Object.entries(counts)) {
    const least = AT_LEAST[name as keyof typeof AT_LEAST];
    if (count < least) yield `${name}: ${count}, and at least ${least} are wanted.`;
  }
}

/** What rules ask of an image has to come from a source that was looked up, for every image that is used much. */
function* mostUsedProblems(data: CatalogueData): Generator<string> {
  const catalogue = new Catalogue(data);
  for (const name of MOST_USED) {
    const parsed = parseImageReference(name);
    if (!parsed.ok || catalogue.find(parsed.value) === null) {
      yield `${name} is used much and is not in the catalogue.`;
      continue;
    }
    const reference = { ...parsed.value, tag: 'latest' };
    const [, distribution] = data.images.images.find(({ repository }) => repository === name)?.facts.distribution ?? [];
    if (distribution === undefined) yield `${name}: its distribution has no source that was looked up.`;
    for (const kind of ['packageManager', 'shell', 'user'] as const) {
      const fact = catalogue[kind](reference);
      if (fact === null) yield `${name}: its ${kind} is not known.`;
      else if (fact.source === null || ['memory', 'convention'].includes(fact.source.confidence)) {
        yield `${name}: its ${kind} (${fact.value}) has no source that was looked up.`;
      }
    }
  }
}

/** What is there, and how old it is: no problem, but worth a look. */
export function catalogueSummary(data: CatalogueData, today: string): readonly string[] {
  const { images, lifecycles, modules, sources } = data;
  const facts = images.images.flatMap((image) => Object.values(image.facts).filter((fact) => fact !== undefined));
  const names = images.images.reduce((sum, { aliases = [] }) => sum + 1 + aliases.length, 0);
  const bytes = Buffer.from(
    Object.values(data)
      .map((each) => JSON.stringify(each))
      .join(''),
  );
  const old = Object.entries(sources.sources).filter(([, { asOf }]) => daysBetween(asOf, today) > 730);
  return [
    `${images.images.length} images under ${names} names, ${images.families?.length ?? 0} namespaces`,
    `${facts.length} facts, ${facts.filter((fact) => fact.length === 2).length} of them with a source`,
    `${Object.keys(lifecycles.products).length} life cycles, ${modules.modules.length} certificates, ${Object.keys(sources.sources).length} sources`,
    `${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} compressed`,
    `certificates as of ${modules.asOf}, ${daysBetween(modules.asOf, today)} days ago${daysBetween(modules.asOf, today) > data.fips.staleAfterDays ? ': old, look for newer lists' : ''}`,
    ...(old.length === 0
      ? []
      : [`${old.length} sources are older than two years: ${old.map(([id]) => id).join(', ')}`]),
  ];
}

if (import.meta.main) {
  const data = catalogueData();
  const today = new Date().toISOString().slice(0, 10);
  for (const line of catalogueSummary(data, today)) console.log(line);
  const problems = catalogueProblems(data, today);
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? 'Nothing contradicts itself.' : `${problems.length} problems.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
