// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Problem } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import type { Cancel, SbomFormat } from '../../core/ports.ts';
import { deliverFile } from './atomic.ts';

/** Writes another format of a syft-json file to a path. */
export type ConvertSbom = (
  from: string,
  format: Exclude<SbomFormat, 'syft-json'>,
  to: string,
  folder: string,
  cancel: Cancel,
) => Promise<Result<null, Problem>>;

/** Write a syft-json file in a format to where a person wants it; `folder` is a private one. */
export async function saveSbomAs(
  plain: string,
  format: SbomFormat,
  path: string,
  folder: string,
  convert: ConvertSbom,
  cancel: Cancel,
): Promise<Result<null, Problem>> {
  if (format === 'syft-json') return deliverFile(plain, path);
  const converted = join(folder, `sbom.${format}.converted.json`);
  const result = await convert(plain, format, converted, folder, cancel);
  return result.ok ? deliverFile(converted, path) : result;
}
