// SPDX-License-Identifier: Apache-2.0
// Writes what was found into the folder of an audit, from where the store keeps it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { EvidenceItem } from '../../core/attestations/model.ts';
import { rawParts } from '../../core/evidence/raw.ts';
import type { RawPart } from '../../core/model/raw-part.ts';
import type { Cancel, Log, RawEvidenceFile } from '../../core/ports.ts';
import { exactText } from '../exact-text.ts';
import { digestHolds } from '../images/files.ts';

/** Bytes of the evidence of one image that are kept; a signed SBOM of a big image is some tens of megabytes. */
export const MAX_KEPT_BYTES = 128 * 1024 * 1024;

const pack = promisify(gzip);

/**
 * What is kept of an item, as JSON. Text is packed to a fifth, and base64 hardly at all; text that is hardly more than
 * control characters would grow to six times its size.
 */
export function keptText({ kind, digest, mediaType, annotations }: EvidenceItem, bytes: Uint8Array): string {
  const text = exactText(bytes);
  const quoted = text === null ? null : JSON.stringify(text);
  const head = JSON.stringify({ kind, digest, mediaType, annotations }).slice(0, -1);
  return quoted === null || quoted.length > 2 * bytes.length + 2
    ? `${head},"base64":"${Buffer.from(bytes).toString('base64')}"}`
    : `${head},"text":${quoted}}`;
}

/** Kinds of which the form tells what is in them. */
const FORMS: readonly EvidenceItem['kind'][] = ['bundle', 'in-toto-referrer'];

function partsOf(item: EvidenceItem, bytes: Uint8Array): readonly RawPart[] {
  let document: unknown;
  if (FORMS.includes(item.kind)) {
    try {
      document = JSON.parse(exactText(bytes) ?? '');
    } catch {
      document = undefined;
    }
  }
  return rawParts(item, document);
}

export interface KeptEvidence {
  readonly files: readonly RawEvidenceFile[];
  /** What can be opened of each item, by its position. */
  readonly parts: readonly (readonly RawPart[])[];
}

/**
 * Each item that has bytes as one packed file, the smallest first while there is room: signatures and provenance are a
 * few kilobytes. What is left out or cannot be written is logged, for the report is whole without it. `items` are in the
 * order of the report.
 */
export async function keepEvidence(
  items: readonly EvidenceItem[],
  { folder, log, room = MAX_KEPT_BYTES }: { readonly folder: string; readonly log: Log; readonly room?: number },
  cancel: Cancel,
): Promise<KeptEvidence> {
  const parts: (readonly RawPart[])[] = items.map(() => []);
  const files: RawEvidenceFile[] = [];
  const bySize = items
    .flatMap((item, index) => (item.bytes === null ? [] : [{ item, index, bytes: item.bytes }]))
    .toSorted((a, b) => a.bytes.length - b.bytes.length);
  let left = room;
  for (const { item, index, bytes } of bySize) {
    if (cancel.aborted) break;
    const { digest } = item;
    parts[index] = partsOf(item, bytes);
    let path: string | null = null;
    if (bytes.length > left) {
      log.warn(
        `${digest} was not kept: what was found is more than ${room / 1024 / 1024} MiB, and the largest is left out.`,
      );
    } else if (!digestHolds(bytes, digest)) {
      log.warn(`${digest} was not kept: its digest is another.`);
    } else {
      path = join(folder, `evidence-${index}.json.gz`);
      try {
        await writeFile(path, await pack(keptText(item, bytes), { level: 3 }), { flag: 'wx' });
        left -= bytes.length;
      } catch (error) {
        path = null;
        log.warn(`${digest} was not kept: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    files.push({ item: index, digest, path });
  }
  return { files: files.toSorted((a, b) => a.item - b.item), parts };
}
