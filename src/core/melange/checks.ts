// SPDX-License-Identifier: Apache-2.0
// The checks melange makes of single values.
import type { GoNode } from '../yaml/go/node.ts';
import type { GoStruct, Placed } from '../yaml/go/types.ts';

type Report = (node: GoNode | null, message: string) => void;

const PACKAGE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9+_.-]*$/;
export const PACKAGE_NAME_HINT =
  'It begins with a letter or digit and goes on with letters, digits, "+", "_", "." and "-".';

// A dollar sign ends a Go expression at the very end only, never before a last line break.
export const isPackageName = (name: string): boolean => PACKAGE_NAME.test(name) && !name.includes('\n');

export function checkPriority(text: string, report: (message: string) => void): void {
  if (text === '') return;
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : null;
  if (value === null || value >= 2n ** 63n || value < -(2n ** 63n)) {
    report(`${JSON.stringify(text)} is no priority. Write a whole number.`);
  }
}

/** The capabilities melange knows. */
export const CAPABILITIES: readonly string[] = [
  'cap_ipc_lock',
  'cap_net_admin',
  'cap_net_bind_service',
  'cap_net_raw',
  'cap_sys_admin',
];

export function checkCapabilities(list: readonly Placed<GoStruct>[], report: Report): void {
  for (const { value: entry, node } of list) {
    for (const [names, { key }] of entry.map('add')) {
      for (const name of names.split(',')) {
        if (!CAPABILITIES.includes(name)) {
          report(key, `melange sets no capability ${JSON.stringify(name)}. It knows ${CAPABILITIES.join(', ')}.`);
        }
      }
    }
    if (entry.string('reason') === '') {
      report(entry.node('reason') ?? node, 'A capability needs a reason. Say under "reason" why the program needs it.');
    }
  }
}

const CPE_FIELD = /^[a-z0-9][a-z0-9+_.-]*$/;

export function checkCpe(cpe: GoStruct | null, report: Report): void {
  if (cpe === null) return;
  const part = cpe.string('part');
  if (part !== '' && part !== 'a' && part !== 'o') {
    report(
      cpe.node('part'),
      `The CPE part ${JSON.stringify(part)} is neither "a" (application) nor "o" (operating system).`,
    );
  }
  const [vendor, product] = [cpe.string('vendor'), cpe.string('product')];
  if ((vendor === '') !== (product === '')) {
    const set = vendor === '' ? 'product' : 'vendor';
    report(
      cpe.fields.get(set)?.key ?? null,
      `The CPE has a ${set} and no ${vendor === '' ? 'vendor' : 'product'}. Set both, or neither.`,
    );
  }
  for (const field of ['vendor', 'product', 'edition', 'language', 'sw_edition', 'target_sw', 'target_hw', 'other']) {
    const value = cpe.string(field);
    if (value !== '' && (!CPE_FIELD.test(value) || value.includes('\n'))) {
      report(
        cpe.node(field),
        `${JSON.stringify(value)} is no value for the CPE ${field}. Use small letters, digits, "+", "_", "." and "-".`,
      );
    }
  }
}
