// SPDX-License-Identifier: Apache-2.0

/** What one audit's resolver tells its scanner besides the image: how to get at it. Never kept, never logged. */
export interface AuditSession {
  /** Private folder of this audit, gone afterwards. */
  readonly folder: string;
  /** Added to the scanner's environment: where the engine is, or credentials for the registry. */
  readonly scannerEnv: Map<string, string>;
  /** Id of a Podman image that has to be saved first, because Podman has no socket. */
  exportFromPodman: string | null;
}
