// SPDX-License-Identifier: Apache-2.0
import manifest from '../../package.json' with { type: 'json' };

export const TOOL = { name: 'waybill', version: manifest.version } as const;
