// SPDX-License-Identifier: Apache-2.0
// What the tests of the node layer share: scratch folders, a log that keeps what it is told, small images.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, type BuiltImage } from '../../../scripts/lib/oci-layout.mjs';
import type { Log } from '../../../src/core/ports.ts';

export const never = new AbortController().signal;

export interface KeptLog extends Log {
  readonly lines: string[];
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** A folder that is gone after `work`. */
export async function scratch<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-unit-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An image of a few bytes; `mark` makes it another one. */
export function smallImage(architecture: string, mark = '', variant?: string): BuiltImage {
  return buildImage({
    platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
    created: '2025-10-09T08:53:20Z',
    layers: [{ entries: [{ path: 'etc/mark', data: mark + architecture }] }],
    config: { User: '65532' },
  });
}

export const AMD64 = { os: 'linux', architecture: 'amd64', variant: '' };
