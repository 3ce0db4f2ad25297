// SPDX-License-Identifier: Apache-2.0

/** A normalised image reference: registry and repository are always filled (`docker.io`, `library/alpine`). */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | null;
  /** `sha256:…` or another algorithm that the reference grammar allows. */
  readonly digest: string | null;
}
