// SPDX-License-Identifier: Apache-2.0

/** Where a rule is documented. */
export function ruleDocs(ruleId: string): string {
  return `https://github.com/waybill-dev/waybill/blob/main/docs/rules/${ruleId}.md`;
}
