// SPDX-License-Identifier: Apache-2.0
import type { AuditRequest, EvidenceWish } from '../ports.ts';

/**
 * An audit that also asks this of its evidence stage. A local image is audited without a network, unless it is to be
 * looked up in its registry.
 */
export function askingFor(request: AuditRequest, evidence: EvidenceWish): AuditRequest {
  const { scheme } = request.source;
  const inRegistry = evidence.localImages && (scheme === 'docker' || scheme === 'podman');
  return { ...request, offline: request.offline && !inRegistry, evidence };
}
