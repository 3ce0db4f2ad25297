// SPDX-License-Identifier: Apache-2.0
import type { ImageReference } from '../model/image-reference.ts';
import { imageOfFamily } from './family.ts';
import { lifecycleOf, type LifecycleAnswer } from './lifecycle.ts';
import type {
  Alternative,
  CatalogueData,
  CryptographicModule,
  Distribution,
  RawFact,
  RawImage,
  Source,
} from './schema.ts';

/** A value with where it comes from; `source` null means that nobody recorded one. */
export interface Fact {
  readonly value: string;
  readonly source: Source | null;
}

/** A yes or no that was derived, with the reason in words and the facts it rests on. */
export interface Judgement {
  readonly value: 'yes' | 'no' | 'unknown';
  readonly reason: string;
  /** True where every fact it rests on has a recorded source; else it may raise no more than a hint. */
  readonly sourced: boolean;
  /** The oldest day of its sources, null without any. */
  readonly asOf: string | null;
}

export interface CatalogueEntry {
  readonly repository: string;
  readonly category: string;
  readonly note: string | null;
  readonly deprecated: string | null;
  readonly alternatives: readonly Alternative[];
  /** Suffixes that tags have here, such as `alpine`. */
  readonly variants: readonly string[];
  /** Version tags that are known to be published. */
  readonly tags: readonly string[];
}

const MAX_REMEMBERED = 2000;
/** Tags of variants that add what a runtime image leaves out. */
const DEVELOPMENT = /(?:^|[-.])(?:dev|debug|sdk)(?:$|[-.])/;
/** Tags of variants without shell and package manager, where the repository has both kinds. */
const STRIPPED = /chiseled|distroless/;
/** A part of a tag that names a distribution with or without its release: `alpine3.20`, `ubi9`, `debian13`. */
const RELEASE = /^([a-z][a-z-]*?)(\d[\d.]*)?$/;

/** Answers for images by their normalised reference; it never guesses by the last part of a name. */
export class Catalogue {
  /** What the answers are taken from. */
  readonly data: CatalogueData;
  readonly #canonical: (reference: ImageReference) => ImageReference;
  readonly #images = new Map<string, RawImage>();
  /** Answers that were given, by reference and day: the same few are asked for at every keystroke. */
  readonly #lifecycles = new Map<string, readonly LifecycleAnswer[]>();
  /** Facts that were given, by kind and reference. */
  readonly #given = new Map<string, Fact | null>();
  /** By the words that name them in a tag, code names among them. */
  readonly #distributions = new Map<string, Distribution>();

  /** `canonical` gives the name by which the data knows an image, for mirrors. */
  constructor(data: CatalogueData, canonical: (reference: ImageReference) => ImageReference = (same) => same) {
    this.data = data;
    this.#canonical = canonical;
    for (const distribution of data.sources.distributions) {
      for (const word of [...distribution.match, ...Object.keys(distribution.codenames ?? {})]) {
        this.#distributions.set(word, distribution);
      }
    }
    for (const image of data.images.images) {
      this.#images.set(image.repository, image);
      for (const alias of image.aliases ?? []) if (!this.#images.has(alias)) this.#images.set(alias, image);
    }
  }

  get size(): number {
    return this.data.images.images.length;
  }

  get modules(): readonly CryptographicModule[] {
    return this.data.modules.modules;
  }

  /** The reference under the name by which the data knows the image. */
  canonical(reference: ImageReference): ImageReference {
    return this.#canonical(reference);
  }

  find(reference: ImageReference): CatalogueEntry | null {
    const image = this.#raw(reference);
    if (image === undefined) return null;
    return {
      repository: image.repository,
      category: image.category,
      note: image.note ?? null,
      deprecated: image.deprecated?.[0] ?? null,
      alternatives: image.alternatives ?? [],
      variants: image.variants ?? [],
      tags: image.tags?.[0] ?? [],
    };
  }

  /** Why nobody should take this image any more, null where nothing says so. */
  deprecated(reference: ImageReference): Fact | null {
    return this.#fact(this.#raw(reference)?.deprecated);
  }

  /** The user a container of this image runs as by default, null where nobody knows. */
  user(reference: ImageReference): Fact | null {
    const tag = reference.tag ?? '';
    const fact = this.#fact(this.#raw(reference)?.facts.user);
    // "root, mysql" stands for variants that differ: which one a tag is, nobody recorded.
    if (fact === null || fact.value.includes(',')) return null;
    const [usual = '', stripped] = fact.value.split('; chiseled and distroless: ');
    if (stripped !== undefined && STRIPPED.test(tag)) return { ...fact, value: stripped.replace(/ \(.*$/, '') };
    const nonRoot = /\(tag nonroot: ([^)]+)\)/.exec(usual)?.[1];
    if (tag.includes('nonroot')) return nonRoot === undefined ? null : { ...fact, value: nonRoot };
    // Development variants of images that run without privileges are often root; only the usual tags were read.
    if (DEVELOPMENT.test(tag) && !usual.startsWith('root')) return null;
    return { ...fact, value: usual.replace(/ \(.*$/, '') };
  }

  /** How the image leaves root by itself, such as an entrypoint that drops privileges; null where it does not. */
  userNote(reference: ImageReference): string | null {
    return this.#raw(reference)?.userNote ?? null;
  }

  /** A non-root user that the image has although it does not run as it by default. */
  nonRootUser(reference: ImageReference): Fact | null {
    const fact = this.#fact(this.#raw(reference)?.facts.user);
    const tagged = fact === null ? null : /^root \(tag nonroot: (\w+)\)/.exec(fact.value);
    return fact === null || tagged === null ? null : { value: tagged[1] ?? '', source: fact.source };
  }

  /** Minimal means: no package manager and no shell. Derived from facts, never stored. */
  minimal(reference: ImageReference): Judgement {
    const image = this.#raw(reference);
    if (image === undefined) return unknown('the catalogue does not know it');
    const tag = reference.tag ?? '';
    const manager = this.packageManager(reference);
    if (manager === null) return unknown('its contents are not recorded');
    const name = manager.value.split(/[;,(]/)[0]?.trim() ?? manager.value;
    if (name !== 'none') return judgement('no', `it brings the package manager ${name}`, [manager]);
    if (DEVELOPMENT.test(tag)) {
      return judgement('no', `the tag ${tag} names a development variant, with a shell`, [manager]);
    }
    const shell = this.shell(reference);
    if (shell === null) return judgement('unknown', 'whether it has a shell is not recorded', [manager]);
    if (shell.value === 'none') return judgement('yes', 'it has no shell and no package manager', [manager, shell]);
    return judgement('no', `it keeps a shell (${shell.value})`, [manager, shell]);
  }

  /** The package manager in the image, `none` where it has none, null where nobody knows. */
  packageManager(reference: ImageReference): Fact | null {
    return this.#once('manager', reference, (image) => this.#packageManager(image, reference));
  }

  #packageManager(image: RawImage, reference: ImageReference): Fact | null {
    const tag = reference.tag ?? '';
    const own = this.#fact(image.facts.packageManager);
    if (own !== null && /none on chiseled/.test(own.value) && STRIPPED.test(tag)) return { ...own, value: 'none' };
    if (own?.value === 'none') return DEVELOPMENT.test(tag) && /-(?:dev|sdk)/.test(`-${tag}`) ? null : own;
    const named = this.#namedDistribution(image, tag);
    if (named === null && own !== null && own.source !== null) {
      const value = ofVersion(own.value, tag);
      return value === null ? null : { ...own, value };
    }
    const distribution = named ?? this.#distribution(image, tag);
    if (distribution === null) return own;
    const known = this.data.sources.distributions.find(({ id }) => distribution.value === id);
    const brought = this.#fact(known?.packageManager);
    if (brought === null) return named === null ? own : null;
    // A manager known from the distribution is as good as the fact that the image is built on it.
    return { value: brought.value, source: distribution.source === null ? null : brought.source };
  }

  /** The shell in the image, `none` where it has none, null where nobody knows. */
  shell(reference: ImageReference): Fact | null {
    return this.#once('shell', reference, (image) => this.#shell(image, reference));
  }

  #shell(image: RawImage, reference: ImageReference): Fact | null {
    const tag = reference.tag ?? '';
    const own = this.#fact(image.facts.shell);
    if (own !== null && /none on chiseled/.test(own.value)) {
      return { ...own, value: STRIPPED.test(tag) ? 'none' : 'yes' };
    }
    if (own?.value === 'none') return DEVELOPMENT.test(tag) ? null : own;
    return this.#ownOrBrought(image, tag, own, 'shell');
  }

  /** The C library, null where nobody knows. */
  libc(reference: ImageReference): Fact | null {
    const image = this.#raw(reference);
    return image === undefined
      ? null
      : this.#ownOrBrought(image, reference.tag ?? '', this.#fact(image.facts.libc), 'libc');
  }

  /** What the image is built on, null where nobody knows or where it depends on what the tag does not say. */
  distribution(reference: ImageReference): Fact | null {
    return this.#once('distribution', reference, (image) => this.#distribution(image, reference.tag ?? ''));
  }

  /** Where the tag stands in the life cycle of what it names, most pressing first. */
  lifecycles(reference: ImageReference, today: string): readonly LifecycleAnswer[] {
    const { registry, repository, tag } = reference;
    const key = `${registry}/${repository}:${tag ?? ''} ${today}`;
    const known = this.#lifecycles.get(key);
    if (known !== undefined) return known;
    const image = this.#raw(reference);
    const answers = image === undefined ? [] : lifecycleOf(image, tag ?? '', this.data, today);
    if (this.#lifecycles.size >= MAX_REMEMBERED) this.#lifecycles.clear();
    this.#lifecycles.set(key, answers);
    return answers;
  }

  /** A fact that is worked out once: the same few images stand in most files, and are asked for at every keystroke. */
  #once(kind: string, reference: ImageReference, make: (image: RawImage) => Fact | null): Fact | null {
    const { registry, repository, tag } = reference;
    const key = `${kind} ${registry}/${repository}:${tag ?? ''}`;
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const image = this.#raw(reference);
    const fact = image === undefined ? null : make(image);
    if (this.#given.size >= MAX_REMEMBERED) this.#given.clear();
    this.#given.set(key, fact);
    return fact;
  }

  #raw(reference: ImageReference): RawImage | undefined {
    const { registry, repository } = this.#canonical(reference);
    const name = `${registry}/${repository}`;
    return this.#images.get(name) ?? imageOfFamily(name, this.data);
  }

  /** The image's own fact, or what its distribution brings where the tag names another one or nothing is recorded. */
  #ownOrBrought(image: RawImage, tag: string, own: Fact | null, kind: 'shell' | 'libc'): Fact | null {
    const named = this.#namedDistribution(image, tag);
    if (own !== null && (named === null || own.source !== null)) return own;
    const distribution = named ?? this.#distribution(image, tag);
    const brought = this.#fact(this.data.sources.distributions.find(({ id }) => id === distribution?.value)?.[kind]);
    if (brought === null) return named === null ? own : null;
    return {
      value: brought.value,
      source: distribution === null || distribution.source === null ? null : brought.source,
    };
  }

  #fact(raw: RawFact | undefined): Fact | null {
    if (raw === undefined) return null;
    const [value, source] = raw;
    return { value, source: source === undefined ? null : (this.data.sources.sources[source] ?? null) };
  }

  /** The distribution that a tag names by itself, such as `-alpine3.20`, `-bookworm` or `-ubi9-minimal`. */
  #namedDistribution(image: RawImage, tag: string): Fact | null {
    const own = this.#fact(image.facts.distribution);
    for (const part of tag.toLowerCase().split(/[-_]/)) {
      const word = RELEASE.exec(part)?.[1] ?? part;
      const found = this.#distributions.get(part) ?? this.#distributions.get(word);
      if (found === undefined) continue;
      const confirmed = (image.variants ?? []).some((variant) =>
        variant.split('-').some((each) => each.startsWith(word)),
      );
      const stated = own !== null && own.source !== null && own.value.includes(found.id);
      const lists = image.category === 'official-image' ? 'lib' : image.category === 'dhi' ? 'dhi' : null;
      const source =
        confirmed && lists !== null ? (this.data.sources.sources[lists] ?? null) : stated ? own.source : null;
      return { value: found.id, source };
    }
    return null;
  }

  /** What the image is built on: as the tag says, else what is recorded where that is one distribution and not several. */
  #distribution(image: RawImage, tag: string): Fact | null {
    const named = this.#namedDistribution(image, tag);
    if (named !== null) return named;
    const own = this.#fact(image.facts.distribution);
    return own === null || /[/,]| by /.test(own.value) ? null : own;
  }
}

/** Of `dnf (2023), yum (2)` what the version of a tag has, null for a third; a tag without a version means the first, the newest. */
function ofVersion(value: string, tag: string): string | null {
  const versions = [...value.matchAll(/(\S+) \((\d+)\)/g)];
  const major = /^\d+/.exec(tag)?.[0] ?? versions[0]?.[2];
  return versions.length === 0 ? value : (versions.find(([, , version]) => version === major)?.[1] ?? null);
}

function unknown(reason: string): Judgement {
  return { value: 'unknown', reason, sourced: false, asOf: null };
}

function judgement(value: Judgement['value'], reason: string, facts: readonly Fact[]): Judgement {
  const days = facts.flatMap(({ source }) => (source === null ? [] : [source.asOf])).toSorted();
  return {
    value,
    reason,
    sourced: facts.every(({ source }) => source !== null && source.confidence !== 'memory'),
    asOf: days[0] ?? null,
  };
}
