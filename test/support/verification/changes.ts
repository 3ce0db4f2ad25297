// SPDX-License-Identifier: Apache-2.0
// Ways to change one thing of a fixture.
import { ISSUER } from '../../testbed/sigstore/authority.ts';
import type { Expected, Verdict } from '../../../src/core/attestations/model.ts';
import { simpleSigning, statement, statementContent, type Json, type Recipe } from './fixtures.ts';
import type { CaseItem } from './model.ts';

export type Main = 'key' | 'rekor1' | 'rekor2' | 'layer' | 'stamp';

export interface Change {
  readonly kind: string;
  readonly base: string;
  readonly what: string;
  readonly recipe: Recipe;
  readonly code: string;
  readonly verdict?: Verdict;
  readonly root?: string;
}

/** The fixture of a name; throws where there is none. */
export const fixtureOf =
  (bases: Readonly<Record<string, Recipe>>) =>
  (base: string): Recipe => {
    const recipe = bases[base];
    if (recipe === undefined) throw new Error(`there is no fixture ${base}`);
    return recipe;
  };

export const changed = (
  kind: string,
  base: string,
  what: string,
  code: string,
  recipe: Recipe,
  more: Partial<Change> = {},
): Change => ({ ...{ kind, base, what, code, recipe, ...more } });

export const MAIN: readonly Main[] = ['key', 'rekor1', 'rekor2', 'layer', 'stamp'];
export const DAY = 86_400_000;
export const MAX_BYTES = 64 * 1024 * 1024;

export type Codes = Readonly<Record<Main, string>>;
export const all = (code: string): Codes => ({ key: code, rekor1: code, rekor2: code, layer: code, stamp: code });

export const expecting = (recipe: Recipe, expected: Expected): Recipe => ({
  ...recipe,
  request: { ...recipe.request, expected },
});
export const identity = (recipe: Recipe, who: string, issuer = ISSUER): Recipe =>
  expecting(recipe, { kind: 'identity', identity: who, issuer });
export const signing = (recipe: Recipe, options: Partial<Recipe['options']>): Recipe => ({
  ...recipe,
  options: { ...recipe.options, ...options },
});
export const edited = (recipe: Recipe, edit: (bundle: Json) => void): Recipe => ({
  ...recipe,
  edit: (bundle) => {
    recipe.edit?.(bundle);
    edit(bundle);
  },
});
export const item = (recipe: Recipe, editItem: (item: CaseItem) => CaseItem): Recipe => ({ ...recipe, editItem });
export const text = (recipe: Recipe, change: (text: string) => string): Recipe =>
  item(recipe, (each) => ({
    ...each,
    bytes: Buffer.from(change(Buffer.from(each.bytes, 'base64').toString('utf8'))).toString('base64'),
  }));
export const annotation = (recipe: Recipe, name: string, change: (value: string) => string | null): Recipe =>
  item(recipe, (each) => {
    const value = change(each.annotations[name] ?? '');
    const { [name]: _, ...rest } = each.annotations;
    return { ...each, annotations: value === null ? rest : { ...rest, [name]: value } };
  });

/** Sign something else that is of the same kind. */
export function saying(recipe: Recipe, statementChanges: Json, criticalChanges: Json = {}): Recipe {
  return signing(recipe, {
    content:
      recipe.form === 'layer'
        ? { message: Buffer.from(JSON.stringify(simpleSigning(criticalChanges))) }
        : statementContent(statement(statementChanges)),
  });
}

export const OTHER = 'b'.repeat(64);
export const NESTED = `${'['.repeat(200)}${']'.repeat(200)}`;
export const COSIGN_BUNDLE = 'dev.sigstore.cosign/bundle';
export const COSIGN_STAMP = 'dev.sigstore.cosign/rfc3161timestamp';
export const COSIGN_CERTIFICATE = 'dev.sigstore.cosign/certificate';
