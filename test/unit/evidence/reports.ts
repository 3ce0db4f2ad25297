// SPDX-License-Identifier: Apache-2.0
// Small Syft and Grype documents, and a report made from them, for tests that need no tools.
import { audit, type AuditPorts } from '../../../src/core/evidence/audit.ts';
import type { AuditReport } from '../../../src/core/evidence/report.ts';
import { ok } from '../../../src/core/model/result.ts';
import type { AuditRequest, ResolvedImage } from '../../../src/core/ports.ts';

export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
export const never = new AbortController().signal;
export const NOW = Date.parse('2026-11-23T10:00:00Z');

export const REQUEST: AuditRequest = {
  source: { scheme: 'oci-dir', target: 'image' },
  platform: null,
  offline: false,
  allowStaleDatabase: false,
};

export const RESOLVED: ResolvedImage = {
  source: REQUEST.source,
  scanTarget: 'oci-dir:/image',
  platform: 'linux/amd64',
  indexDigest: null,
  manifestDigest: digest('a'),
  configDigest: digest('c'),
  created: '2025-10-09T08:53:20.000Z',
  user: '',
  platforms: [],
};

export function artifact(id: string, name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const locations = [{ path: `/lib/${name}` }];
  return { id, name, version: '1.0', type: 'npm', purl: `pkg:npm/${name}@1.0`, locations, licenses: ['MIT'], ...more };
}

export function sbomDocument(artifacts: readonly unknown[], imageID = digest('c')): unknown {
  return {
    artifacts,
    source: {
      type: 'image',
      metadata: {
        imageID,
        manifestDigest: digest('a'),
        imageSize: 1_500_000,
        layers: [{}, {}],
        os: 'linux',
        architecture: 'amd64',
        labels: { 'org.opencontainers.image.base.name': 'docker.io/library/debian:12' },
      },
    },
    distro: { id: 'debian', versionID: '12' },
    descriptor: { name: 'syft', version: '1.54.0' },
  };
}

export function match(id: string, artifactId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    vulnerability: {
      id,
      namespace: 'github:language:npm',
      severity: 'High',
      dataSource: `https://advisories.test/${id}`,
      fix: { state: 'fixed', versions: ['1.1'] },
      ...more,
    },
    relatedVulnerabilities: [],
    artifact: { id: artifactId, name: 'x', version: '1.0', locations: [{ path: '/lib/x' }] },
  };
}

export const FRESH = { built: '2026-11-23T00:00:00.000Z', schema: 'v6.1.10', kind: 'grype', stale: false } as const;

/** A scanner that leaves this document. */
export function scannerOf(document: unknown): AuditPorts['scanner'] {
  const read = async () => ok({ tool: { name: 'syft', version: '1.54.0' }, document });
  return { sbom: async () => ok({ sbomPath: '/sbom', read }) };
}

/** Ports that answer at once; `more` replaces some. */
export function ports(
  artifacts: readonly unknown[],
  matches: readonly unknown[],
  more: Partial<AuditPorts> = {},
): AuditPorts {
  return {
    clock: { now: () => NOW },
    resolver: { resolve: async () => ok(RESOLVED) },
    scanner: scannerOf(sbomDocument(artifacts)),
    matcher: {
      database: async () => ok(FRESH),
      match: async () => ok({ tool: { name: 'grype', version: '0.120.0' }, document: { matches } }),
    },
    ...more,
  };
}

/** The report of an image with these packages and matches. */
export async function reportOf(
  artifacts: readonly unknown[],
  matches: readonly unknown[],
  more: Partial<AuditPorts> = {},
): Promise<AuditReport> {
  return (await audit(REQUEST, ports(artifacts, matches, more), () => undefined, never)).report;
}
