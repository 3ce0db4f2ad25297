// SPDX-License-Identifier: Apache-2.0
// Files of roots that a person named: where one cannot be used, nothing else is believed in its place. Looked at before
// anything of the evidence stage is loaded.
import { readFile, stat } from 'node:fs/promises';
import type { Problem } from '../../core/model/problem.ts';
import { err } from '../../core/model/result.ts';
import type { EvidenceCollector, RootWish } from '../../core/ports.ts';
import { parseJson } from '../images/files.ts';

/** Bytes; roots have about 10 kB. */
const MAX_BYTES = 1024 * 1024;

/** The first file that cannot be read or is no JSON, null where there is none. Whether it is a root is seen at its use. */
export async function unusableRoot({ trustedRoot, tuf, githubRoot }: RootWish): Promise<Problem | null> {
  for (const path of [trustedRoot, tuf?.rootPath ?? null, githubRoot]) {
    const why = path === null ? null : await unusable(path);
    if (why !== null) {
      const todo =
        'Give the path of a root in JSON, as Sigstore publishes it or gh attestation trusted-root prints it.';
      return { code: 'file-unreadable', what: `The trusted root ${path} could not be read`, why, todo };
    }
  }
  return null;
}

async function unusable(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return 'it is no file';
    if (found.size > MAX_BYTES) return `it is larger than ${MAX_BYTES} bytes`;
    const bytes = await readFile(path);
    const lines = bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const each = lines.length > 0 && lines.every((line) => parseJson(Buffer.from(line)).ok);
    return parseJson(bytes).ok || each ? null : 'it is no JSON';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The collector that `make` answers, once what was asked for can be done. */
export function whereUsable(make: () => EvidenceCollector): EvidenceCollector {
  return {
    collect: async (image, request, progress, cancel) => {
      const { evidence } = request;
      const problem = evidence === undefined ? null : (evidence.problem ?? (await unusableRoot(evidence)));
      return problem === null ? make().collect(image, request, progress, cancel) : err(problem);
    },
  };
}
