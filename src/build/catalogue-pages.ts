// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData, Family, RawFact, RawImage } from '../core/catalogue/schema.ts';
import { certificateUrl } from '../core/fips/certificate.ts';

/** docs/catalogue: everything the catalogue knows, as pages. Nothing in them depends on the day. */
export function cataloguePages(data: CatalogueData): ReadonlyMap<string, string> {
  return new Map([
    ['docs/catalogue/README.md', overview(data)],
    ['docs/catalogue/images.md', imagesPage(data)],
    ['docs/catalogue/exact-matches.md', exactMatchesPage(data)],
    ['docs/catalogue/cryptography.md', cryptographyPage(data)],
    ['docs/catalogue/certificates.md', certificatesPage(data)],
    ['docs/catalogue/life-cycles.md', lifeCyclesPage(data)],
    ['docs/catalogue/sources.md', sourcesPage(data)],
  ]);
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [row(heads), row(heads.map(() => '---')), ...rows.map(row)];
}

function page(title: string, ...parts: readonly (string | readonly string[])[]): string {
  return `${[`# ${title}`, ...parts.map((part) => (typeof part === 'string' ? part : part.join('\n')))].join('\n\n')}\n`;
}

function overview({ images, lifecycles, modules, sources, switches }: CatalogueData): string {
  const names = images.images.reduce((sum, { aliases = [] }) => sum + 1 + aliases.length, 0);
  const facts = images.images.flatMap((image) => Object.values(image.facts).filter((fact) => fact !== undefined));
  const sourced = facts.filter((fact) => fact.length === 2).length;
  return page(
    'Catalogue',
    'What Waybill knows about base images, written by `npm run generate` from `src/core/catalogue/data`. How an entry is added: [docs/catalogue.md](../catalogue.md).',
    [
      `- [Images](images.md): ${images.images.length} repositories under ${names} names, and ${images.families?.length ?? 0} namespaces`,
      `- [Exact matches](exact-matches.md): ${switches.switches.length} ways to the same software without a shell or with a module, which a fix may take`,
      '- [Cryptography](cryptography.md): what is known about validated modules, by base, and the claims that prove nothing',
      `- [Certificates](certificates.md): ${modules.modules.length}, as seen ${modules.asOf} unless a row says otherwise`,
      `- [Life cycles](life-cycles.md): ${Object.keys(lifecycles.products).length} products`,
      `- [Sources](sources.md): ${Object.keys(sources.sources).length} texts that were read`,
    ],
    `Of ${facts.length} facts about images ${sourced} have a source. The others stand in the tables with a question mark: they raise no more than a hint.`,
  );
}

/** `apt`, or `apt?` where nobody recorded a source. */
function shown(fact: RawFact | undefined): string {
  if (fact === undefined) return '';
  return fact[1] === undefined ? `${fact[0]}?` : fact[0];
}

function offers(image: Omit<RawImage, 'repository'>, kind: 'minimal' | 'fips'): string {
  return (image.alternatives ?? [])
    .filter((each) => each.for === kind)
    .map(({ image: other, tagSuffix, checked, paid }) => {
      const notes = [...(paid === true ? ['paid'] : []), ...(checked ? [] : ['by convention, not checked'])];
      const name = tagSuffix === undefined ? other : `${other}:…${tagSuffix}`;
      return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
    })
    .join('; ');
}

/** What a fix may switch to, one row for each way of writing a tag. */
function exactMatchesPage({ switches, sources }: CatalogueData): string {
  const rows = switches.switches.flatMap(
    ({ for: kind, repositories, to, rename, tags, lacks, runsAs, paid, caveat, source }) =>
      Object.entries(tags).map(([from, tag]) => [
        kind,
        rename?.[0] ?? repositories.join(', '),
        `\`${from}\``,
        rename?.[1] ?? to ?? 'the same',
        tag,
        lacks.join(', '),
        [
          ...(runsAs === undefined ? [] : [`runs as ${runsAs}`]),
          ...(paid === true ? ['paid'] : []),
          ...(caveat === undefined ? [] : [caveat]),
        ].join('; '),
        sources.sources[source]?.title ?? source,
      ]),
  );
  return page(
    'Exact matches',
    'The same software under another name or tag, as a source names it. A fix switches only to these, and only where the stage asks for nothing that the other image lacks. Tags are patterns, and `$1` is what the brackets hold.',
    table(['For', 'Image', 'Tag', 'Other image', 'Its tag', 'It lacks', 'Beside that', 'Source'], rows),
  );
}

function imageRow(name: string, image: Omit<RawImage, 'repository'> | Family): readonly string[] {
  const { facts, variants = [], lifecycle = '', note = '', deprecated } = image;
  const remarks = [
    ...(deprecated === undefined ? [] : [`deprecated: ${deprecated[0]}`]),
    ...(note === '' ? [] : [note]),
  ];
  return [
    name,
    shown(facts.distribution),
    shown(facts.packageManager),
    shown(facts.shell),
    shown(facts.user),
    variants.join(', '),
    lifecycle,
    offers(image, 'minimal'),
    offers(image, 'fips'),
    remarks.join('; '),
  ];
}

const IMAGE_HEADS = [
  'repository',
  'built on',
  'package manager',
  'shell',
  'user',
  'variants',
  'life cycle',
  'minimal instead',
  'FIPS instead',
  'note',
];

function imagesPage({ images, sources, vendors }: CatalogueData): string {
  return page(
    'Images',
    'An empty cell for package manager, shell or C library means that it follows from what the image is built on. `ORG` stands for the name of your organisation at the vendor.',
    table(
      IMAGE_HEADS,
      images.images.map((image) => imageRow(image.repository, image)),
    ),
    '## Namespaces',
    'What holds for every repository under them that has no row of its own.',
    table(
      IMAGE_HEADS,
      (images.families ?? []).map((family) => imageRow(`${family.prefix}*${family.suffix ?? ''}`, family)),
    ),
    '## Other names',
    'The same images as they are spelt elsewhere.',
    table(
      ['repository', 'also'],
      images.images.flatMap(({ repository, aliases = [] }) =>
        aliases.length === 0 ? [] : [[repository, aliases.join(', ')]],
      ),
    ),
    '## Variants by vendor',
    'What a name or a tag says, by the rules of who makes the image. What a rule leads to was not looked up.',
    table(
      ['vendor', 'variant', 'told by', 'spelt', 'what it is', 'terms'],
      vendors.vendors.flatMap(({ title, variants, terms = '' }) =>
        variants.map(({ kind, where, form = '', means, paid }) => [
          title,
          kind,
          where,
          form,
          paid === true ? `${means} (paid)` : means,
          terms,
        ]),
      ),
    ),
    '## What a distribution brings',
    table(
      ['distribution', 'words in tags', 'package manager', 'shell', 'C library', 'release names'],
      sources.distributions.map(({ id, match, packageManager, shell, libc, codenames = {} }) => [
        id,
        match.join(', '),
        shown(packageManager),
        shown(shell),
        shown(libc),
        Object.entries(codenames)
          .map(([name, cycle]) => `${name} ${cycle}`)
          .join(', '),
      ]),
    ),
  );
}

function cryptographyPage({ fips, modules, sources }: CatalogueData): string {
  const link = (number: number): string => `[#${number}](${certificateUrl(number)})`;
  return page(
    'Cryptography',
    'Three answers for each base: is a module there, is its certificate active, is approved mode enforced. A module is validated, never an image; a name proves nothing.',
    table(
      ['base', 'module', 'certificates', 'enforced', 'limits', 'source'],
      fips.bases.map(({ title, module, moduleText, components, enforcementText, limits, source }) => [
        title,
        `${module}: ${moduleText}`,
        components
          .map(
            ({ name, certificates, note }) =>
              `${name}: ${certificates.map(link).join(', ')}${note === undefined ? '' : ` (${note})`}`,
          )
          .join('; '),
        enforcementText,
        limits.join(' '),
        sources.sources[source]?.title ?? source,
      ]),
    ),
    '## Claims that prove nothing',
    table(
      ['claim', 'why', 'what to do'],
      fips.claims.map(({ title, why, todo }) => [title, why, todo]),
    ),
    '## Without a validated module',
    table(
      ['what', 'why'],
      modules.withoutModule.map(({ name, why }) => [name, why]),
    ),
    `## In process on ${fips.inProcessAsOf}`,
    'A module in process is not validated.',
    table(
      ['module', 'vendor', 'standard', 'status'],
      fips.inProcess.map(({ module, vendor, standard, status }) => [module, vendor, standard, status]),
    ),
  );
}

function certificatesPage({ modules, fips }: CatalogueData): string {
  return page(
    'Certificates',
    `State is computed for the day of the check: after the sunset a certificate is Historical, and every FIPS 140-2 certificate is after ${fips.rule1402.after}, by the published rule. Look at the certificate's own page before you rely on it.`,
    table(
      ['number', 'module', 'vendor', 'standard', 'versions', 'sunset', 'last seen', 'caveat'],
      modules.modules.map(
        ({ certificate, module, vendor, family, standard, versions = [], sunset, seen, caveat, supersededBy }) => [
          `[#${certificate}](${certificateUrl(certificate)})`,
          module ?? family,
          vendor ?? '',
          standard ?? '',
          versions.join(', '),
          sunset ?? '',
          `${seen === undefined ? '' : `${seen.status}, ${seen.date}`}${supersededBy === undefined ? '' : `; now #${supersededBy}`}`,
          caveat ?? '',
        ],
      ),
    ),
  );
}

function lifeCyclesPage({ lifecycles, sources }: CatalogueData): string {
  const source = sources.sources[lifecycles.source];
  const day = (value: string | boolean | undefined): string =>
    typeof value === 'string' ? value : value === true ? 'ended' : '';
  return page(
    'Life cycles',
    `From ${source?.title ?? ''} (${source?.ref ?? ''}), as of ${source?.asOf ?? ''}. An empty cell means that no end is set.`,
    table(
      ['product', 'cycle', 'released', 'end of life', 'extended until'],
      Object.entries(lifecycles.products).flatMap(([product, { cycles }]) =>
        Object.entries(cycles).map(([cycle, { releaseDate = '', eol, eoes }]) => [
          product,
          cycle,
          releaseDate,
          day(eol),
          day(eoes),
        ]),
      ),
    ),
  );
}

function sourcesPage({ sources }: CatalogueData): string {
  return page(
    'Sources',
    'What was read, where, and of which day it is. A stored copy without a day of its own has the newest day that its text proves.',
    table(
      ['id', 'title', 'where', 'as of', 'confidence'],
      Object.entries(sources.sources).map(([id, { title, ref, asOf, confidence }]) => [
        id,
        title,
        ref,
        asOf,
        confidence,
      ]),
    ),
  );
}
