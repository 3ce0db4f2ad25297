// SPDX-License-Identifier: Apache-2.0

/** Where the tool that made a log is described. */
export const TOOL_ADDRESS = 'https://github.com/waybill-dev/waybill';

/** A SARIF 2.1.0 log with one run. */
export function sarifLog(run: unknown): string {
  const $schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return `${JSON.stringify({ $schema, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}
