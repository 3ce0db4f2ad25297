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
  trustedRoot: 'waybill.evidence.trustedRoot',
  updateTrustedRoot: 'waybill.evidence.updateTrustedRoot',
  tufMirror: 'waybill.evidence.tufMirror',
  tufRoot: 'waybill.evidence.tufRoot',
  githubTufRoot: 'waybill.evidence.githubTufRoot',
  githubAttestations: 'waybill.evidence.githubAttestations',
  githubRepositories: 'waybill.evidence.githubRepositories',
  cosignRepository: 'waybill.evidence.cosignRepository',
  localImages: 'waybill.evidence.localImages',
  insecureRegistries: 'waybill.registries.insecure',
} as const;

/**
 * Settings that only a trusted workspace may set, if any workspace may: those that name programs, files, hosts and roots,
 * or turn a network on.
 */
export const RESTRICTED_SETTINGS: readonly string[] = [
  SETTINGS.policyFile,
  SETTINGS.syftPath,
  SETTINGS.grypePath,
  SETTINGS.apkoPath,
  SETTINGS.dataFolder,
  SETTINGS.trustedRoot,
  SETTINGS.updateTrustedRoot,
  SETTINGS.tufMirror,
  SETTINGS.tufRoot,
  SETTINGS.githubTufRoot,
  SETTINGS.githubAttestations,
  SETTINGS.githubRepositories,
  SETTINGS.cosignRepository,
  SETTINGS.localImages,
  SETTINGS.insecureRegistries,
];
