// SPDX-License-Identifier: Apache-2.0
import type { CatalogueData, CryptographicModule } from '../catalogue/schema.ts';

/** Where a certificate stands on a given day, computed from its dates; never more than what was last seen. */
export interface CertificateState {
  readonly number: number;
  readonly module: string;
  readonly standard: string | null;
  readonly versions: readonly string[];
  readonly state: 'active' | 'historical' | 'unknown';
  /** What the state rests on. */
  readonly basis: 'seen' | 'sunset' | 'rule' | 'superseded' | 'none';
  /** Last day on which it counts, null where no source gives one. */
  readonly ends: string | null;
  readonly daysLeft: number | null;
  /** True where it is active and ends soon. */
  readonly lapsing: boolean;
  /** True for the two-year validations that CMVP calls interim. */
  readonly interim: boolean;
  readonly caveat: string | null;
  readonly supersededBy: number | null;
  /** The day it was last seen in a list, null where that was never recorded. */
  readonly asOf: string | null;
  /** True where that day is too long ago for the state to be taken as it is. */
  readonly stale: boolean;
  readonly url: string;
}

const DAY = 86_400_000;
const PAGE = 'https://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/';

/** Whole days from one ISO day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

export function certificateUrl(number: number): string {
  return `${PAGE}${number}`;
}

type Limits = Pick<CatalogueData['fips'], 'rule1402' | 'staleAfterDays' | 'lapsingDays'>;

/** The state of one certificate on `today`. A day that is itself the sunset still counts. */
export function certificateState(module: CryptographicModule, limits: Limits, today: string): CertificateState {
  const { seen, sunset } = module;
  const by1402 = module.standard === 'FIPS 140-2' ? limits.rule1402.after : null;
  const ends = [sunset, by1402].filter((day) => typeof day === 'string').toSorted()[0] ?? null;
  const [state, basis] = ((): [CertificateState['state'], CertificateState['basis']] => {
    if (seen?.status === 'Historical') return ['historical', 'seen'];
    if (ends !== null && ends < today) return ['historical', ends === by1402 ? 'rule' : 'sunset'];
    if (module.supersededOn !== undefined && module.supersededOn <= today) return ['historical', 'superseded'];
    return seen === undefined ? ['unknown', 'none'] : ['active', 'seen'];
  })();
  const daysLeft = ends === null || state === 'historical' ? null : daysBetween(today, ends);
  const asOf = seen?.date ?? null;
  return {
    number: module.certificate,
    module: module.module ?? module.family,
    standard: module.standard ?? null,
    versions: module.versions ?? [],
    state,
    basis,
    ends,
    daysLeft,
    lapsing: state === 'active' && daysLeft !== null && daysLeft <= limits.lapsingDays,
    interim: /^interim validation/i.test(module.caveat ?? ''),
    caveat: module.caveat ?? null,
    supersededBy: module.supersededBy ?? null,
    asOf,
    stale: asOf === null || daysBetween(asOf, today) > limits.staleAfterDays,
    url: certificateUrl(module.certificate),
  };
}

/** The certificate of a number, null where the catalogue does not know it. */
export function certificate(number: number, data: CatalogueData, today: string): CertificateState | null {
  const module = data.modules.modules.find((each) => each.certificate === number);
  return module === undefined ? null : certificateState(module, data.fips, today);
}

/** `2026-09-21` as it is written in a sentence: 21 September 2026. */
function written(day: string): string {
  const months = 'January February March April May June July August September October November December'.split(' ');
  const [year = '', month = '', date = ''] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1] ?? month} ${year}`;
}

/** The state as a sentence without its full stop, with the day it rests on. */
export function certificateText(state: CertificateState, today: string): string {
  const name = `certificate #${state.number}${state.standard === null ? '' : `, ${state.standard},`}`;
  const seen = seenText(state, today);
  if (state.state === 'unknown') return `${name} was named by a source, its state was not seen`;
  if (state.state === 'active') {
    const end =
      state.ends === null
        ? ''
        : ` and ends on ${state.ends}${state.lapsing ? `, in ${days(state.daysLeft ?? 0)}` : ''}`;
    const interim = state.interim ? ' (an interim validation)' : '';
    const next = state.supersededBy === null ? '' : `; its vendor now names #${state.supersededBy}`;
    return `${name} is active ${seen}${end}${interim}${next}`;
  }
  if (state.basis === 'rule') return `${name} is Historical since ${written(state.ends ?? '')}, by the published rule`;
  if (state.basis === 'sunset') return `${name} ended on ${state.ends ?? ''} and was not seen renewed`;
  if (state.basis === 'superseded') return `${name} was replaced by #${state.supersededBy ?? ''}`;
  return `${name} is Historical ${seen}`;
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

function seenText(state: CertificateState, today: string): string {
  if (state.asOf === null) return 'by a source without a day';
  return state.stale
    ? `as last seen ${state.asOf} (${days(daysBetween(state.asOf, today))} ago)`
    : `as last seen ${state.asOf}`;
}
