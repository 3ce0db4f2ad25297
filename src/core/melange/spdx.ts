// SPDX-License-Identifier: Apache-2.0
// Licence expressions by the SPDX licence list, which is public domain.
import { closest } from '../yaml/go/spelling.ts';
import data from './spdx.json' with { type: 'json' };

const KNOWN: ReadonlyMap<string, string> = new Map(
  [...data.licenses, ...data.deprecated].map((id) => [id.toLowerCase(), id]),
);
const EXCEPTIONS: ReadonlySet<string> = new Set(data.exceptions.map((id) => id.toLowerCase()));

export interface UnknownLicense {
  readonly id: string;
  /** Where it begins in the expression. */
  readonly start: number;
  /** The identifier that was probably meant. */
  readonly near: string | null;
}

/** What people write for the common ones. */
const ALIASES: Readonly<Record<string, string>> = {
  'apache 2.0': 'Apache-2.0',
  apache2: 'Apache-2.0',
  'apache-2': 'Apache-2.0',
  asl2: 'Apache-2.0',
  bsd: 'BSD-3-Clause',
  gpl: 'GPL-2.0-or-later',
  gplv2: 'GPL-2.0-only',
  gplv3: 'GPL-3.0-only',
  lgplv3: 'LGPL-3.0-only',
  mpl2: 'MPL-2.0',
  psf: 'PSF-2.0',
};

/** The identifiers of a licence expression that the SPDX list does not know; empty for one that is all right. */
export function unknownLicenses(expression: string): readonly UnknownLicense[] {
  if (/\s/.test(expression) && !/\b(?:AND|OR|WITH)\b/i.test(expression) && !/[()]/.test(expression)) {
    // Words that no operator joins are one licence by its name.
    const whole = expression.trim();
    const near =
      ALIASES[whole.toLowerCase()] ??
      KNOWN.get(whole.toLowerCase().replaceAll(/\s+/g, '-')) ??
      closest(whole.replaceAll(/\s+/g, '-'), data.licenses);
    return [{ id: whole, start: expression.indexOf(whole), near }];
  }
  const unknown: UnknownLicense[] = [];
  let afterWith = false;
  for (const found of expression.matchAll(/[^\s()]+/g)) {
    const [word] = found;
    const upper = word.toUpperCase();
    if (upper === 'AND' || upper === 'OR') continue;
    if (upper === 'WITH') {
      afterWith = true;
      continue;
    }
    const id = word.toLowerCase().replace(/\+$/, '');
    const fine = afterWith
      ? EXCEPTIONS.has(id)
      : KNOWN.has(id) || /^(?:documentref-.+:)?licenseref-[a-z0-9.-]+$/.test(id);
    afterWith = false;
    if (fine) continue;
    const near = ALIASES[id] ?? closest(word, data.licenses);
    unknown.push({ id: word, start: found.index, near });
  }
  return unknown;
}
