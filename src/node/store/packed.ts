// SPDX-License-Identifier: Apache-2.0
// Files that are kept compressed, read back: none is trusted to be as small as what was written.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import * as z from 'zod/mini';
import { ITEM_KINDS, MAX_EVIDENCE_BYTES } from '../../core/attestations/model.ts';
import type { RawEvidence } from '../../core/evidence/raw.ts';
import type { Problem } from '../../core/model/problem.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { digestHolds, parseJson } from '../images/files.ts';
import { writeProblem } from './atomic.ts';

/** Bytes of an unpacked SBOM; more would be a bomb. */
const MAX_SBOM = 4 * 1024 * 1024 * 1024;
/** Bytes of an unpacked item or attested SBOM: what can be attested, twice for how it is written, and annotations. */
const MAX_JSON = 2 * MAX_EVIDENCE_BYTES + 16 * 1024 * 1024;

/** Compress a syft-json file as the store keeps it: about a fifth of its size. */
export async function packSbom(from: string, to: string): Promise<Result<null, Problem>> {
  try {
    await pipeline(createReadStream(from), createGzip({ level: 3 }), createWriteStream(to, { flags: 'wx' }));
    return ok(null);
  } catch (error) {
    return err(writeProblem(to, error));
  }
}

export async function unpackSbom(from: string, to: string): Promise<Result<null, Problem>> {
  try {
    await pipeline(createReadStream(from), createGunzip(), limited(MAX_SBOM), createWriteStream(to, { flags: 'wx' }));
    return ok(null);
  } catch (error) {
    return err(writeProblem(to, error));
  }
}

/** JSON of a packed file; the error is a sentence's end. */
export async function readPacked(path: string): Promise<Result<unknown, string>> {
  try {
    const chunks: Buffer[] = [];
    await pipeline(createReadStream(path), createGunzip(), limited(MAX_JSON), async (parts: AsyncIterable<Buffer>) => {
      for await (const part of parts) chunks.push(part);
    });
    const json = parseJson(Buffer.concat(chunks));
    return json.ok ? ok(json.value) : err('what is kept of it is no JSON');
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

const head = {
  kind: z.enum(ITEM_KINDS),
  digest: z.string(),
  mediaType: z.string(),
  annotations: z.record(z.string(), z.string()),
};
const keptSchema = z.union([z.object({ ...head, text: z.string() }), z.object({ ...head, base64: z.string() })]);

/** An item as node/evidence/keep wrote it; its bytes have to have its digest still. The error is a sentence's end. */
export async function readEvidence(path: string, digest: string): Promise<Result<RawEvidence, string>> {
  const json = await readPacked(path);
  if (!json.ok) return json;
  const kept = keptSchema.safeParse(json.value);
  if (!kept.success) return err('what is kept of it is not as it was written');
  const { data } = kept;
  const bytes = 'text' in data ? Buffer.from(data.text, 'utf8') : Buffer.from(data.base64, 'base64');
  if (data.digest !== digest || !digestHolds(bytes, digest))
    return err('what is kept of it has another digest, so that it was changed since');
  const { kind, mediaType, annotations } = data;
  return ok({ kind, digest, mediaType, annotations, bytes });
}

/** Passes bytes on up to a limit, then fails. */
function limited(limit: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* passOn(source) {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw new Error('what is kept is larger than anything that was written');
      yield chunk;
    }
  };
}
