// SPDX-License-Identifier: Apache-2.0

/** As in package.json, which a test holds it against: importing that would bring all of the manifest into the bundle. */
export const TOOL = { name: 'waybill', version: '0.1.0' } as const;
