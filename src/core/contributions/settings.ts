// SPDX-License-Identifier: Apache-2.0

/** Names of the settings, whole. */
export const SETTINGS = {
  lintEnabled: 'waybill.lint.enabled',
  lintRules: 'waybill.lint.rules',
  languages: 'waybill.languages',
  policyFile: 'waybill.policy.file',
  codeLensEnabled: 'waybill.codeLens.enabled',
  syftPath: 'waybill.syft.path',
  grypePath: 'waybill.grype.path',
  apkoPath: 'waybill.apko.path',
  dataFolder: 'waybill.dataFolder',
} as const;
