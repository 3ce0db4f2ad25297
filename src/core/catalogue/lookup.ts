// SPDX-License-Identifier: Apache-2.0
import type { ImageReference } from '../model/image-reference.ts';
import { lifecycleOf, type LifecycleAnswer } from './lifecycle.ts';
import type { Alternative, CatalogueData, CryptographicModule, RawFact, RawImage, Source } from './schema.ts';

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
}

/** Tags of variants that add what a runtime image leaves out. */
const DEVELOPMENT = /(?:^|[-.])(?:dev|debug|sdk)(?:$|[-.])/;
/** Tags of variants without shell and package manager, where the repository has both kinds. */
const STRIPPED = /chiseled|distroless/;

/** Answers for images by their normalised reference; it never guesses by the last part of a name. */
export class Catalogue {
  readonly #data: CatalogueData;
  readonly #images = new Map<string, RawImage>();

  constructor(data: CatalogueData) {
    this.#data = data;
    for (const image of data.images.images) {
      this.#images.set(image.repository, image);
      for (const alias of image.aliases ?? []) if (!this.#images.has(alias)) this.#images.set(alias, image);
    }
  }

  get size(): number {
    return this.#data.images.images.length;
  }

  get modules(): readonly CryptographicModule[] {
    return this.#data.modules.modules;
  }

  find(reference: ImageReference): CatalogueEntry | null {
    const image = this.#raw(reference);
    if (image === undefined) return null;
    return {
      repository: image.repository,
      category: image.category,
      note: image.note ?? null,
      deprecated: image.deprecated ?? null,
      alternatives: image.alternatives ?? [],
    };
  }

  /** The user a container of this image runs as by default, null where nobody knows. */
  user(reference: ImageReference): Fact | null {
    const image = this.#raw(reference);
    const fact = this.#fact(image?.facts.user);
    if (fact === null) return null;
    const tagged = /\(tag nonroot: ([^)]+)\)/.exec(fact.value);
    const value = (tagged !== null && (reference.tag ?? '').includes('nonroot') ? tagged[1] : undefined) ?? fact.value;
    return { ...fact, value: value.replace(/ \(.*$/, '') };
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
    if (image === undefined)
      return { value: 'unknown', reason: 'the catalogue does not know it', sourced: false, asOf: null };
    const tag = reference.tag ?? '';
    const manager = this.#packageManager(image, tag);
    const shell = this.#fact(image.facts.shell);
    if (manager !== null && STRIPPED.test(tag) && /none on chiseled/.test(manager.value)) {
      return judgement('yes', 'this variant has no shell and no package manager', [manager]);
    }
    if (manager !== null && manager.value !== 'none') {
      const name = manager.value.split(/[;,(]/)[0]?.trim() ?? manager.value;
      return judgement('no', `it brings the package manager ${name}`, [manager]);
    }
    if (DEVELOPMENT.test(tag) && manager !== null) {
      return judgement('no', `the tag ${tag} names a development variant, with a shell`, [manager]);
    }
    if (manager === null)
      return { value: 'unknown', reason: 'its contents are not recorded', sourced: false, asOf: null };
    if (shell === null) return judgement('unknown', 'whether it has a shell is not recorded', [manager]);
    if (shell.value === 'none') return judgement('yes', 'it has no shell and no package manager', [manager, shell]);
    return judgement('no', `it keeps a shell (${shell.value})`, [manager, shell]);
  }

  /** Whether a validated cryptographic module comes with the image, by what is recorded; a name alone proves nothing. */
  validatedModule(reference: ImageReference): Judgement {
    const image = this.#raw(reference);
    const { asOf, withoutModule } = this.#data.modules;
    const named = /(?:^|[-_./])fips(?:$|[-_./])/;
    if (named.test(reference.repository) || named.test(reference.tag ?? '')) {
      return { value: 'unknown', reason: 'its name says FIPS, and a name is no evidence', sourced: false, asOf: null };
    }
    if (image === undefined)
      return { value: 'unknown', reason: 'the catalogue does not know it', sourced: false, asOf: null };
    if (image.fips?.available === 'host mode') {
      return {
        value: 'unknown',
        reason: image.fips.note ?? 'its module is active only on a host in FIPS mode',
        sourced: false,
        asOf: null,
      };
    }
    const distribution = this.#distribution(image, reference.tag ?? '');
    const family = distribution === null ? null : /alpine|debian|wolfi/i.exec(distribution.value)?.[0].toLowerCase();
    const absent =
      family === null || family === undefined
        ? undefined
        : withoutModule.find(({ name }) => name.toLowerCase().startsWith(family));
    if (absent === undefined || distribution === null) {
      return { value: 'unknown', reason: 'nothing is recorded about its cryptography', sourced: false, asOf: null };
    }
    const sourced = distribution.source !== null;
    return { value: 'no', reason: `no certificate names the cryptography of ${capital(family ?? '')}`, sourced, asOf };
  }

  /** Where the tag stands in the life cycle of what it names, most pressing first. */
  lifecycles(reference: ImageReference, today: string): readonly LifecycleAnswer[] {
    const image = this.#raw(reference);
    if (image === undefined || reference.tag === null) return [];
    return lifecycleOf(image, reference.tag, this.#data, today);
  }

  #raw(reference: ImageReference): RawImage | undefined {
    return this.#images.get(`${reference.registry}/${reference.repository}`);
  }

  #fact(raw: RawFact | undefined): Fact | null {
    if (raw === undefined) return null;
    const [value, source] = raw;
    return { value, source: source === undefined ? null : (this.#data.sources.sources[source] ?? null) };
  }

  #distribution(image: RawImage, tag: string): Fact | null {
    const own = this.#fact(image.facts.distribution);
    const variant = this.#data.sources.distributions.find(({ match }) =>
      match.some((word) => new RegExp(`(?:^|-)${word}`).test(tag) && (image.variants ?? []).includes(word)),
    );
    return variant === undefined
      ? own
      : { value: variant.id, source: this.#fact(variant.packageManager)?.source ?? null };
  }

  #packageManager(image: RawImage, tag: string): Fact | null {
    const own = this.#fact(image.facts.packageManager);
    if (own !== null && own.source !== null && !(image.variants ?? []).includes('alpine')) return own;
    const distribution = this.#distribution(image, tag);
    if (distribution === null) return own;
    const known = this.#data.sources.distributions.find(({ id }) => distribution.value === id);
    if (known === undefined) return own;
    const brought = this.#fact(known.packageManager);
    // A manager known from the distribution is as good as the fact that the image is built on it.
    return brought === null
      ? own
      : { value: brought.value, source: distribution.source === null ? null : brought.source };
  }
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
