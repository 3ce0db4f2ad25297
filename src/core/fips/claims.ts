// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData } from '../catalogue/schema.ts';
import type { Span } from '../text/source-text.ts';
import { certificate } from './certificate.ts';
import type { ClaimId } from './knowledge.ts';
import type { Claim } from './model.ts';
import { lastOf, matches, type Setting, type StageSettings } from './settings.ts';

/** What the detectors of false claims look at: the stage itself, and what it inherits. */
export interface ClaimContext {
  readonly settings: StageSettings;
  /** ENV and ARG of the stage and of the stages it is built from, oldest first. */
  readonly inherited: readonly Setting[];
  /** Distribution of the bottom base, null where nobody knows. */
  readonly distribution: string | null;
  /** `registry/repository` of the bottom base, null where it is no image. */
  readonly repository: string | null;
  readonly tag: string | null;
  readonly data: CatalogueData;
  readonly today: string;
}

export function claimOf(id: ClaimId, span: Span | null, data: CatalogueData): Claim {
  const known = data.fips.claims.find((each) => each.id === id);
  return {
    id,
    title: known?.title ?? id,
    why: known?.why ?? '',
    todo: known?.todo ?? '',
    span,
    sourced: known !== undefined && known.confidence !== 'memory',
  };
}

// Every gap has a bound, so that no text takes longer than its length times a constant.
const APK = /\bapk\s[^;&|\n]{0,200}?\badd\b[^;&|\n]{0,2000}?\s(openssl-fips)(?=[\s;&|=]|$)/g;
const CONFIGURE = /(?:\.\/)?[Cc]onfig(?:ure)?\b[^;&|\n]{0,2000}?\s(enable-fips)(?=[\s;&|]|$)/g;
const NODE = /\bnode\b[^;&|\n]{0,2000}?\s["',]*(--(?:enable|force)-fips)\b|["'](--(?:enable|force)-fips)["']/g;
const HOST =
  /\btouch\s+\/etc\/system-fips\b|>\s*\/proc\/sys\/crypto\/fips_enabled\b|\bfips-mode-setup\s+--enable\b|\bupdate-crypto-policies\s+--set\s+FIPS\b/g;
const PREVIEW = /\bpro\s+enable\b[^;&|\n]{0,2000}?\s(fips-preview)\b/g;
const GO_LATEST = /\bGOFIPS140=["']?([a-z]+)\b/g;
const OPENSSL_312 = /openssl-?3\.1\.2\b/i;
/** `OPENSSL_VERSION=3.1.2`, `FIPS_VERSION=openssl-3.1.2` */
const VERSION_312 = /^(?:openssl-?)?v?3\.1\.2$/i;
const TRUE = /^(?:1|true|yes|on|enabled?)$/i;
const FIPS_WORD = /(?:^|[^a-z])fips(?:$|[^a-z])/i;
/** What prose has to say besides: FIPS is also the name of codes of counties and states. */
const FIPS_CLAIM =
  /\bfips[\s-]*(?:140|mode|module|image|build|base|variant|validated|compliant|certified|enabled|ready|capable|approved|hardened|crypto)/i;
const UBI = /^rhel .* ubi/;
const NEGATED = /^(?:0|false|no|off|none|disabled?)$/i;
const CITED = /(?:#|\bcert(?:ificate)?s?\s*(?:no\.?|number|#)?\s*:?\s*#?)(\d{4})\b/gi;

/** True where a stage builds the provider from the OpenSSL that certificate #4985 names. */
export function buildsCertifiedProvider({ run, copies, args, environment }: StageSettings): boolean {
  const names =
    [...run, ...copies].some(({ text }) => OPENSSL_312.test(text)) ||
    [...args, ...environment].some(({ name, value }) => /openssl|fips/i.test(name) && VERSION_312.test(value ?? ''));
  return names && [...matches(run, CONFIGURE)].length > 0;
}

type Detector = (context: ClaimContext) => Iterable<readonly [ClaimId, Span]>;

/** A value of GODEBUG holds several settings; `fips140` of them. */
export function godebugFips(value: string | null): string | null {
  const found = /(?:^|,)fips140=([a-z]+)/.exec(value ?? '');
  return found?.[1] ?? null;
}

/** The last value of a Go setting: from ENV and ARG, or before a command in RUN. */
export function goSetting(name: string, context: ClaimContext): { value: string; span: Span } | null {
  const pattern = new RegExp(`(?<![^\\s;&(])${name}=["']?([^\\s"';&|)]+)`, 'g');
  const inline = [...matches(context.settings.run, pattern)].at(-1);
  if (inline !== undefined && !(inline.match[1] ?? '').includes('$')) {
    return { value: inline.match[1] ?? '', span: inline.span };
  }
  const set = lastOf(context.inherited, name);
  return set === null || set.value === null ? null : { value: set.value, span: set.span };
}

function valueSaysFips(value: string): boolean {
  return FIPS_WORD.test(value) && (!/\s/.test(value.trim()) || FIPS_CLAIM.test(value));
}

/** True where the stage gives Node.js a provider and tells it where that is. */
function hasProvider({ inherited, settings }: ClaimContext): boolean {
  const named = ['OPENSSL_CONF', 'OPENSSL_MODULES'].every((name) => lastOf(inherited, name) !== null);
  return named || [...settings.run, ...settings.copies].some(({ text }) => /\bfips\.so\b|\bfipsinstall\b/.test(text));
}

const DETECTORS: readonly Detector[] = [
  function* alpinePackage({ settings, distribution }) {
    if (distribution !== null && !distribution.startsWith('alpine')) return;
    for (const { match, span } of matches(settings.run, APK)) {
      yield ['alpine-openssl-fips', { start: span.end - (match[1] ?? '').length, end: span.end }];
    }
  },
  function* selfBuilt({ settings }) {
    // 3.1.2 is the version a certificate names; whether it was built by its policy is another matter.
    if (buildsCertifiedProvider(settings)) return;
    for (const { match, span } of matches(settings.run, CONFIGURE)) {
      yield ['self-built-provider', { start: span.end - (match[1] ?? '').length, end: span.end }];
    }
  },
  function* environment({ settings }) {
    for (const { name, value, span } of settings.environment) {
      if (name === 'OPENSSL_FIPS' && TRUE.test(value ?? '')) yield ['openssl-fips-env', span];
    }
  },
  function* node(context) {
    const { settings, distribution } = context;
    // Node.js of UBI uses the OpenSSL of the system, which has its provider.
    if (hasProvider(context) || UBI.test(distribution ?? '')) return;
    for (const { match, span } of matches([...settings.run, ...settings.start], NODE)) {
      const flag = match[1] ?? match[2] ?? '';
      const start = span.start + match[0].lastIndexOf(flag);
      yield ['node-enable-fips', { start, end: start + flag.length }];
    }
    for (const { name, value, span } of settings.environment) {
      if (name === 'NODE_OPTIONS' && /--(?:enable|force)-fips\b/.test(value ?? '')) yield ['node-enable-fips', span];
    }
  },
  function* goMode(context) {
    const { certified } = context.data.fips.go;
    const built = goSetting('GOFIPS140', context);
    if (built !== null && certified.includes(built.value)) return;
    for (const { name, value, span } of context.settings.environment) {
      const mode = name === 'GODEBUG' ? godebugFips(value) : null;
      if (mode === 'on' || mode === 'only') yield ['godebug-only', span];
    }
  },
  function* goVersion({ settings, data }) {
    const { unvalidated } = data.fips.go;
    for (const { name, value, span } of [...settings.environment, ...settings.args]) {
      if (name === 'GOFIPS140' && unvalidated.includes(value ?? '')) yield ['gofips-latest', span];
    }
    for (const { match, span } of matches(settings.run, GO_LATEST)) {
      if (unvalidated.includes(match[1] ?? '')) yield ['gofips-latest', span];
    }
  },
  function* withoutCgo(context) {
    const experiment = goSetting('GOEXPERIMENT', context);
    const cgo = goSetting('CGO_ENABLED', context);
    if (experiment === null || cgo?.value !== '0') return;
    const names = experiment.value.split(',');
    if (names.includes('boringcrypto')) yield ['boring-cgo0', cgo.span];
    if (names.includes('systemcrypto') || names.includes('opensslcrypto')) yield ['systemcrypto-cgo0', cgo.span];
  },
  function* wolfiGo(context) {
    const built = goSetting('GOFIPS140', context);
    if (built === null || !context.data.fips.go.certified.includes(built.value)) return;
    const go = /^cgr\.dev\/[^/]+\/go$/.test(context.repository ?? '');
    const version = /^(\d+)\.(\d+)/.exec(context.tag ?? '');
    // latest has been 1.27 since 2026-08; older tags still have the snapshot.
    const removed =
      version === null ? context.tag === null || context.tag.startsWith('latest') : Number(version[2]) >= 27;
    if (go && removed) yield ['wolfi-go-127', built.span];
  },
  function* hostCommand({ settings }) {
    for (const { span } of matches(settings.run, HOST)) yield ['host-command', span];
  },
  function* preview({ settings }) {
    for (const { match, span } of matches(settings.run, PREVIEW)) {
      yield ['pro-preview', { start: span.end - (match[1] ?? '').length, end: span.end }];
    }
  },
  function* labels({ settings, distribution }) {
    for (const { name, value, span } of settings.labels) {
      const says = FIPS_WORD.test(name) ? !NEGATED.test(value ?? '') : valueSaysFips(value ?? '');
      if (!says) continue;
      if (distribution?.startsWith('alpine') === true) yield ['static-musl', span];
      else if (UBI.test(distribution ?? '')) yield ['ubi-is-fips', span];
      else yield ['label-says-fips', span];
    }
  },
  function* citations({ settings, data, today }) {
    for (const { name, value, span } of [...settings.labels, ...settings.environment, ...settings.args]) {
      const text = `${name}=${value ?? ''}`;
      if (!/fips|cmvp|cert/i.test(text)) continue;
      for (const match of text.matchAll(CITED)) {
        if (certificate(Number(match[1]), data, today)?.state === 'historical') yield ['cites-historical', span];
      }
    }
  },
];

/** Everything in the stage that says FIPS and proves nothing, in the order of the file. */
export function claimsOf(context: ClaimContext): readonly Claim[] {
  const found: Claim[] = [];
  for (const detect of DETECTORS) {
    for (const [id, span] of detect(context)) {
      if (found.some((each) => each.id === id && each.span?.start === span.start)) continue;
      found.push(claimOf(id, span, context.data));
    }
  }
  return found.toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0) || a.id.localeCompare(b.id));
}
