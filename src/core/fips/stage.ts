// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { CatalogueData } from '../catalogue/schema.ts';
import type { DockerfileFacts, Stage } from '../dockerfile/model.ts';
import { StageNames } from '../dockerfile/stages.ts';
import type { Span } from '../text/source-text.ts';
import { ageLimit, judgeBase } from './base.ts';
import { certificate, certificateText, type CertificateState } from './certificate.ts';
import { buildsCertifiedProvider, claimsOf, godebugFips, goSetting, type ClaimContext } from './claims.ts';
import type { Evidence, FipsJudgement } from './model.ts';
import { lastOf, matches, settingsOf, type Setting } from './settings.ts';

/** Something in the stage that takes a module out of use although it may be there. */
export interface Defeat {
  readonly id: 'godebug-off' | 'gofips-off' | 'openssl-conf' | 'foreign-libcrypto';
  /** A sentence's end: why the module is not used. */
  readonly why: string;
  readonly span: Span;
}

export interface StageJudgement extends FipsJudgement {
  /** What the base alone would be judged, null where it is no image. */
  readonly base: FipsJudgement | null;
  readonly defeats: readonly Defeat[];
}

/** A module that the stage itself brings in. */
interface Brought {
  readonly text: string;
  readonly span: Span;
  readonly certificate: number | null;
  readonly source: string;
}

/** The stages a stage is built from in this file, itself first. */
function lineage(stage: Stage, facts: DockerfileFacts): readonly Stage[] {
  const chain = [stage];
  for (let at = stage; at.base.kind === 'stage';) {
    const next = facts.stages[at.base.index];
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    at = next;
  }
  return chain;
}

/** Words of which every claim, every module and every defeat needs one: most files have none, and need no search for them. */
const MENTIONS =
  /fips|cmvp|(?:boring|system|openssl)crypto|OPENSSL_CONF|lib(?:crypto|ssl)\.so|#\\?\d{4}|cert(?:ificate)?s?\b.{0,30}?\d{4}/is;

/**
 * The three answers for a stage: those of the base at its bottom, changed by what the stage does. Copies from other
 * stages are not followed: what a builder makes is judged in its own stage.
 */
export function judgeStage(
  stage: Stage,
  facts: DockerfileFacts,
  catalogue: Catalogue,
  data: CatalogueData,
  today: string,
): StageJudgement {
  const chain = lineage(stage, facts);
  const bottom = chain.at(-1) ?? stage;
  const reference = bottom.base.kind === 'image' ? catalogue.canonical(bottom.base.reference) : null;
  const distribution = reference === null ? null : catalogue.distribution(reference);
  const base = reference === null ? null : judgeBase({ reference, distribution }, data, today);
  if (!MENTIONS.test(facts.source.text)) {
    return { ...asBase(base, bottom), claims: base?.claims ?? [], base, defeats: [] };
  }
  const settings = settingsOf(stage, facts);
  const inherited = chain.toReversed().flatMap((each): readonly Setting[] => {
    const { environment, args } = each === stage ? settings : settingsOf(each, facts);
    // ARG ends with its stage, ENV goes on.
    return each === stage ? [...args, ...environment] : environment;
  });
  const context: ClaimContext = {
    settings,
    inherited,
    distribution: distribution?.value ?? null,
    repository: reference === null ? null : `${reference.registry}/${reference.repository}`,
    tag: reference?.tag ?? null,
    data,
    today,
  };
  const claims = [...(base?.claims ?? []), ...claimsOf(context)];
  const brought = [...broughtBy(context), ...providerOf(stage, context, facts)];
  const judged = brought[0] === undefined ? asBase(base, bottom) : withModule(brought, data, today);
  return { ...judged, claims, base, defeats: defeatsOf(context) };
}

function asBase(base: FipsJudgement | null, bottom: Stage): FipsJudgement {
  if (base !== null) return base;
  const empty = bottom.base.kind === 'scratch';
  const text = empty ? 'it starts empty: what is copied in counts' : 'the base is not known';
  return {
    module: { value: empty ? 'none' : 'unknown', text, evidence: [] },
    certificate: { value: empty ? 'none' : 'unknown', text: 'no module is known', evidence: [] },
    enforced: { value: empty ? 'no' : 'unknown', text: 'no module is known', evidence: [] },
    certificates: [],
    claims: [],
    limits: [],
  };
}

const GO_BUILD = /(?:^|[\s;&|(])go\s+(?:build|install)\b/;
/** `--features aws-lc-rs/fips`, `--features=rustls/fips,…`: the module AWS-LC-FIPS, linked into the program. */
const CARGO =
  /\bcargo\s[^;&|\n]{0,500}?(?:build|install)\b[^;&|\n]{0,2000}?\b((?:aws[-_]lc[-_]rs|rustls|tokio-rustls)\/fips)\b/g;
const PRO = /\bpro\s+enable\b[^;&|\n]{0,2000}?\s(fips(?:-updates)?)(?![-\w])/g;
const PROVIDER =
  /\b(?:micro)?(?:dnf|yum)\b[^;&|\n]{0,200}?\sinstall\b[^;&|\n]{0,2000}?\s(openssl-fips-provider(?:-so)?)(?=[\s;&|]|$)/g;
const HARDENED =
  /\bapk\b[^;&|\n]{0,200}?\sadd\b[^;&|\n]{0,2000}?\s(openssl-config-fipshardened(?:-[\d.]+)?)(?=[\s;&|=~]|$)/g;
const BC_JAR = /\bbc-fips-(\d+(?:\.\d+)+)\.jar\b/g;

/** Modules that the stage builds in or installs, in the order of how much they say. */
function broughtBy(context: ClaimContext): readonly Brought[] {
  const { settings, data } = context;
  const { go, bouncyCastle } = data.fips;
  const found: Brought[] = [];
  const goModule = goSetting('GOFIPS140', context);
  if (
    goModule !== null &&
    go.certified.includes(goModule.value) &&
    settings.run.some(({ text }) => GO_BUILD.test(text))
  ) {
    const text = `go builds with GOFIPS140=${goModule.value}`;
    found.push({ text, span: goModule.span, certificate: go.certificate, source: go.source });
  }
  for (const { match, span } of matches(settings.run, CARGO)) {
    found.push({ text: `cargo builds with ${match[1] ?? ''}`, span, certificate: null, source: 'awslc' });
  }
  for (const { match, span } of matches(settings.run, PRO)) {
    found.push({
      text: `pro enable ${match[1] ?? ''}`,
      span,
      certificate: ubuntuCertificate(context),
      source: 'canonical',
    });
  }
  for (const { match, span } of matches(settings.run, PROVIDER)) {
    found.push({ text: `installs ${match[1] ?? ''}`, span, certificate: rhelCertificate(context), source: 'ciq' });
  }
  for (const { match, span } of matches(settings.run, HARDENED)) {
    found.push({ text: `installs ${match[1] ?? ''}`, span, certificate: null, source: 'cg-verify' });
  }
  for (const { match, span } of matches([...settings.run, ...settings.copies], BC_JAR)) {
    const version = match[1] ?? '';
    const known = bouncyCastle.find((each) => version === each.version || version.startsWith(`${each.version}.`));
    found.push({
      text: `brings ${match[0]}`,
      span,
      certificate: known?.certificate ?? null,
      source: known?.source ?? 'cmvp-mirror',
    });
  }
  return found;
}

/** OpenSSL's own provider, built here or in the stage that fips.so is copied from. */
function providerOf(stage: Stage, { settings }: ClaimContext, facts: DockerfileFacts): readonly Brought[] {
  const brought = (span: Span): Brought => ({
    text: 'brings the provider of OpenSSL 3.1.2',
    span,
    certificate: 4985,
    source: 'cmvp-mirror',
  });
  if (buildsCertifiedProvider(settings)) {
    return [...matches(settings.run, /\benable-fips\b/g)].map(({ span }) => brought(span));
  }
  const names = new StageNames(facts.stages);
  return stage.instructions.flatMap((instruction): readonly Brought[] => {
    const from = instruction.flags.find(({ name }) => name === 'from')?.value ?? null;
    const taken = instruction.words.slice(0, -1).some(({ text }) => /(?:^|\/)(?:fips\.so|ossl-modules\/?)$/.test(text));
    if (instruction.keyword !== 'COPY' || from === null || from.includes('$') || !taken) return [];
    const source = names.source(from, stage.index);
    const built = source.kind === 'stage' ? facts.stages[source.index] : undefined;
    const certified = built !== undefined && buildsCertifiedProvider(settingsOf(built, facts));
    return certified ? [brought(instruction.argumentsSpan)] : [];
  });
}

function ubuntuCertificate({ data, tag }: ClaimContext): number | null {
  const release = /(\d\d\.\d\d)/.exec(tag ?? '')?.[1] ?? null;
  const named = Object.entries(data.sources.distributions.find(({ id }) => id === 'ubuntu')?.codenames ?? {}).find(
    ([name]) => (tag ?? '').includes(name),
  )?.[1];
  const profile = data.fips.bases.find(({ match }) => match.version?.includes(release ?? named ?? '-') === true);
  return profile?.components[0]?.certificates[0] ?? null;
}

function rhelCertificate({ data, distribution }: ClaimContext): number | null {
  if (distribution === null) return null;
  const profile = data.fips.bases.find(({ match }) =>
    match.distribution?.some((each) => distribution.startsWith(each)),
  );
  return profile?.components[0]?.certificates[0] ?? null;
}

function withModule(brought: readonly Brought[], data: CatalogueData, today: string): FipsJudgement {
  const evidence: Evidence[] = brought.map(({ text, span, source }) => ({
    text,
    source: data.sources.sources[source] ?? null,
    span,
  }));
  const states = brought.flatMap((each): readonly CertificateState[] => {
    const state = each.certificate === null ? null : certificate(each.certificate, data, today);
    return state === null ? [] : [state];
  });
  const best = states.find(({ state }) => state === 'active') ?? states[0];
  return {
    module: { value: 'yes', text: brought[0]?.text ?? '', evidence },
    certificate:
      best === undefined
        ? { value: 'unknown', text: 'which certificate covers it is not known', evidence: [] }
        : { value: best.state, text: certificateText(best, today), evidence: [] },
    enforced: {
      value: 'unknown',
      text: 'a Dockerfile does not show whether the mode is on when it runs',
      evidence: [],
    },
    certificates: states,
    claims: [],
    limits: ageLimit(states),
  };
}

const LIBCRYPTO = /(?:^|\s|\/)lib(?:crypto|ssl)\.so[.\d]*\b/g;

function defeatsOf(context: ClaimContext): readonly Defeat[] {
  const { settings, inherited } = context;
  const found: Defeat[] = [];
  for (const { name, value, span } of settings.environment) {
    if (name === 'GODEBUG' && godebugFips(value) === 'off') {
      found.push({ id: 'godebug-off', why: 'GODEBUG=fips140=off turns the mode off', span });
    }
    if (name === 'GOFIPS140' && value === 'off') {
      found.push({ id: 'gofips-off', why: 'GOFIPS140=off builds without the module', span });
    }
  }
  const configuration = lastOf(inherited, 'OPENSSL_CONF');
  if (configuration !== null && (configuration.value === '' || configuration.value === '/dev/null')) {
    const why = 'OPENSSL_CONF points away from the configuration that activates fips';
    found.push({ id: 'openssl-conf', why, span: configuration.span });
  }
  for (const { span } of matches(
    settings.copies.filter(({ text }) => text.includes('.so')),
    LIBCRYPTO,
  )) {
    found.push({
      id: 'foreign-libcrypto',
      why: 'a libcrypto from elsewhere takes the place of the one the module belongs to',
      span,
    });
  }
  return found.toSorted((a, b) => a.span.start - b.span.start);
}
