// SPDX-License-Identifier: Apache-2.0
import fips from './data/fips.json' with { type: 'json' };
import images from './data/images.json' with { type: 'json' };
import lifecycles from './data/lifecycles.json' with { type: 'json' };
import modules from './data/modules.json' with { type: 'json' };
import sources from './data/sources.json' with { type: 'json' };
import switches from './data/switches.json' with { type: 'json' };
import vendors from './data/vendors.json' with { type: 'json' };
import type { CatalogueData } from './schema.ts';

/**
 * The catalogue as shipped; `npm run catalogue:check` and a test hold it against the schema, so it is not parsed again.
 * A file of its own in every bundle but the browser's, read on first use.
 */
export function catalogueData(): CatalogueData {
  return { fips, images, lifecycles, modules, sources, switches, vendors } as unknown as CatalogueData;
}
