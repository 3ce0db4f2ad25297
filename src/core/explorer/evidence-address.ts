// SPDX-License-Identifier: Apache-2.0
// How a part of a found item is named: by report, position, digest and part. No name can lead to a file.
import type { ReportItem } from '../evidence/evidence.ts';
import { RAW_PARTS, type RawPart } from '../model/raw-part.ts';
import { documentName } from '../panel/evidence-words.ts';
import type { ExplorerNode } from './node.ts';

/** Argument of `waybill.openEvidence`; a node of the tree is one, too. */
export interface EvidenceArgument {
  /** Of the stored report. */
  readonly key: string;
  /** Position of the item in it. */
  readonly item: number;
  /** Left out: a person chooses. */
  readonly part?: RawPart;
  /** Left out: whatever stands there now. */
  readonly digest?: string;
}

export interface EvidenceAddress {
  readonly key: string;
  readonly item: number;
  readonly digest: string;
  readonly part: RawPart;
}

const POSITION = /^\d{1,6}$/;
const partOf = (value: unknown): RawPart | undefined => RAW_PARTS.find((each) => each === value);
const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What somebody asks for; undefined where that is no item of a stored report. */
export function evidenceArgument(value: unknown): EvidenceArgument | undefined {
  if (!record(value)) return undefined;
  if ('branch' in value) {
    const { image, target } = value as Partial<ExplorerNode>;
    const row = target?.tab === 'signatures' || target?.tab === 'provenance' ? target.row : null;
    const key = image?.key ?? null;
    return key === null || row === null || !POSITION.test(row) ? undefined : { key, item: Number(row) };
  }
  const { key, item, part, digest } = value;
  if (typeof key !== 'string' || typeof item !== 'number' || !POSITION.test(String(item))) return undefined;
  const known = partOf(part);
  if (part !== undefined && known === undefined) return undefined;
  return {
    key,
    item,
    ...(known === undefined ? {} : { part: known }),
    ...(typeof digest === 'string' ? { digest } : {}),
  };
}

/** The query of a document's address. */
export function addressQuery({ key, item, digest, part }: EvidenceAddress): string {
  return [key, item, digest, part].join('&');
}

/** A query read back; null where it is none of ours. */
export function readAddress(query: string): EvidenceAddress | null {
  const [, key = '', item = '', digest = '', part] =
    /^(sha\d{3}:[0-9a-f]+)&(\d{1,6})&(sha\d{3}:[0-9a-f]+)&([a-z]+)$/.exec(query) ?? [];
  const known = partOf(part);
  return known === undefined ? null : { key, item: Number(item), digest, part: known };
}

/** Name of a document for people, with the ending of its form: `SLSA provenance v1, statement.json`. */
export function documentFile({ kind, label }: Pick<ReportItem, 'kind' | 'label'>, part: RawPart): string {
  const name = label
    .replace(/[^A-Za-z0-9._-]+/g, ' ')
    .trim()
    .slice(0, 60);
  return `${name}, ${documentName(kind, part)}.${part === 'certificate' ? 'pem' : 'json'}`;
}
