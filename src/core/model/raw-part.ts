// SPDX-License-Identifier: Apache-2.0

/**
 * What can be opened of a found item. `bundle`: what was found itself, a layer of Cosign's older form together with its
 * annotations; `statement`: what was signed, or the bare statement; `certificate`: that of whoever signed.
 */
export const RAW_PARTS = ['bundle', 'statement', 'certificate'] as const;
export type RawPart = (typeof RAW_PARTS)[number];
