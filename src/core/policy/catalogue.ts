// SPDX-License-Identifier: Apache-2.0
import { Catalogue } from '../catalogue/lookup.ts';
import { overlayCatalogue } from '../catalogue/overlay.ts';
import { canonicalImage } from './evaluate.ts';
import type { Policy } from './model.ts';

/**
 * The catalogue as a policy sees it: mirrors under the names that the catalogue knows, own entries over the shipped
 * ones. The same catalogue where the policy has neither. A host makes it once for a policy.
 */
export function catalogueFor(catalogue: Catalogue, policy: Policy, today: string): Catalogue {
  if (policy.mappings.length === 0 && policy.catalogue.length === 0) return catalogue;
  return new Catalogue(overlayCatalogue(catalogue.data, policy, today), (reference) =>
    canonicalImage(policy, reference),
  );
}
