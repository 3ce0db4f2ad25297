// SPDX-License-Identifier: Apache-2.0
import type { Stage } from '../dockerfile/model.ts';
import { saysFips } from '../fips/base.ts';
import type { FindingSeverity } from '../model/severity.ts';
import type { Given } from '../policy/parse.ts';
import type { Wish } from '../policy/schema.ts';
import { demandSeverity } from './demands.ts';
import type { DockerfileRuleContext } from './define.ts';

/** Why a file is judged by FIPS at all. */
export interface FipsIntent {
  /** The policy's word on what is shipped, or else on builders; null where only the file speaks of FIPS. */
  readonly wish: Given<Wish> | null;
  /** An error or a warning where the policy asks for it, else what is given. */
  severity(otherwise: FindingSeverity): FindingSeverity;
}

/** Words without which no file says anything of FIPS: nearly every file is left alone after this one look. */
const SAYS = /fips|boringcrypto|systemcrypto|opensslcrypto|ossl-modules|cmvp/i;
/** Settings and files that have no other purpose. */
const SERVES =
  /boringcrypto|systemcrypto|opensslcrypto|strictfipsruntime|GOFIPS140|\bfips\.so\b|\bfipsmodule\.cnf\b|\bossl-modules\b/;

type Context = Pick<DockerfileRuleContext, 'facts' | 'policy' | 'fips' | 'shared'>;

/** The intent behind a file; null where nobody asks for FIPS and nothing says it, or where the policy switches it off. */
export function fipsIntent(context: Context): FipsIntent | null {
  const { facts, policy } = context;
  if (policy.fips.final?.value === 'off') return null;
  const { builder } = policy.fips;
  const wish = policy.fips.final ?? (builder?.value === 'off' ? null : builder);
  if (wish === null && !(SAYS.test(facts.source.text) && usedStages(context).some((each) => speaks(each, context)))) {
    return null;
  }
  return { wish, severity: (otherwise) => demandSeverity(wish, otherwise) ?? otherwise };
}

/** The stages that are shipped or that something shipped is taken from. */
export function usedStages({ facts, shared }: Pick<Context, 'facts' | 'shared'>): readonly Stage[] {
  return facts.stages.filter(({ index }) => shared.roles[index] !== 'unused');
}

function speaks(stage: Stage, { facts, fips }: Context): boolean {
  if (stage.base.kind === 'image' && saysFips(stage.base.reference)) return true;
  if (stage.instructions.some(({ span }) => SERVES.test(facts.source.slice(span)))) return true;
  const { claims, module, defeats } = fips.stage(stage);
  return (
    claims.length > 0 ||
    module.evidence.some(({ span }) => span !== null) ||
    defeats.some(({ id }) => id === 'godebug-off' || id === 'gofips-off')
  );
}

/** The first letter in upper case, for a sentence that begins with a text of the catalogue. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same in the middle of a sentence: `It has no effect` becomes lower case, names keep their capital. */
export function inSentence(text: string): string {
  return /^(?:It|Only|A|The|No|Without) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
