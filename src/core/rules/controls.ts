// SPDX-License-Identifier: Apache-2.0
import type { ControlReference } from './define.ts';

/** Titles of the NIST SP 800-53 Rev. 5 controls that rules bear on. */
const TITLES: Readonly<Record<string, string>> = {
  'AC-6': 'Least Privilege',
  'AC-6(10)': 'Least Privilege: Prohibit Non-privileged Users from Executing Privileged Functions',
  'CM-2': 'Baseline Configuration',
  'CM-6': 'Configuration Settings',
  'CM-7': 'Least Functionality',
  'CM-7(1)': 'Least Functionality: Periodic Review',
  'CM-7(5)': 'Least Functionality: Authorized Software - Allow-by-exception',
  'CM-8': 'System Component Inventory',
  'CM-8(1)': 'System Component Inventory: Updates During Installation and Removal',
  'CM-14': 'Signed Components',
  'IA-5(7)': 'Authenticator Management: No Embedded Unencrypted Static Authenticators',
  'CM-3': 'Configuration Change Control',
  'RA-5': 'Vulnerability Monitoring and Scanning',
  'SA-8': 'Security and Privacy Engineering Principles',
  'SA-10': 'Developer Configuration Management',
  'SA-22': 'Unsupported System Components',
  'SC-8': 'Transmission Confidentiality and Integrity',
  'SC-8(1)': 'Transmission Confidentiality and Integrity: Cryptographic Protection',
  'SC-13': 'Cryptographic Protection',
  'SI-2': 'Flaw Remediation',
  'SI-7': 'Software, Firmware, and Information Integrity',
  'SI-7(1)': 'Software, Firmware, and Information Integrity: Integrity Checks',
  'SR-3': 'Supply Chain Controls and Processes',
  'SR-4': 'Provenance',
  'SR-4(3)': 'Provenance: Validate as Genuine and Not Altered',
  'SR-11': 'Component Authenticity',
};

/** Controls by id, with their titles; an id without a title is a mistake in the rule. */
export function controls(...ids: readonly string[]): readonly ControlReference[] {
  return ids.map((id) => {
    const title = TITLES[id];
    if (title === undefined) throw new Error(`The control ${id} has no title in controls.ts.`);
    return { id, title };
  });
}
