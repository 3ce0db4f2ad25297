// SPDX-License-Identifier: Apache-2.0
// What was found beside an image, as read-only documents. They are named by report, position, digest and part, so that
// no address can lead to a file.
import * as vscode from 'vscode';
import type { ReportItem } from '../../core/evidence/evidence.ts';
import { itemDocuments, type RawDocument } from '../../core/evidence/raw.ts';
import { RAW_PARTS, type RawPart } from '../../core/model/raw-part.ts';
import type { Problem } from '../../core/model/problem.ts';
import { problemText } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import { documentName } from '../../core/panel/evidence-words.ts';
import type { ExplorerNode } from '../../core/explorer/node.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { AuditService } from './service.ts';

const EVIDENCE_SCHEME = 'waybill-evidence';

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

export function evidenceArgument(value: unknown): EvidenceArgument | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('branch' in value) {
    const { image, target } = value as ExplorerNode;
    const row = target?.tab === 'signatures' || target?.tab === 'provenance' ? target.row : null;
    return image.key === null || row === null || !/^\d{1,6}$/.test(row)
      ? undefined
      : { key: image.key, item: Number(row) };
  }
  const { key, item, part, digest } = value as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) return undefined;
  const known = RAW_PARTS.find((each) => each === part);
  if (part !== undefined && known === undefined) return undefined;
  return {
    key,
    item,
    ...(known === undefined ? {} : { part: known }),
    ...(typeof digest === 'string' ? { digest } : {}),
  };
}

interface Address {
  readonly key: string;
  readonly item: number;
  readonly digest: string;
  readonly part: RawPart;
}

/** The name is for people; the query says what it is. */
function uriOf({ key, item, digest, part }: Address, { kind, label }: ReportItem): vscode.Uri {
  const name = `${label}, ${documentName(kind, part)}`.replace(/[^A-Za-z0-9., _-]+/g, '-').slice(0, 80);
  const ending = part === 'certificate' ? 'pem' : 'json';
  return vscode.Uri.from({
    scheme: EVIDENCE_SCHEME,
    path: `/${name}.${ending}`,
    query: [key, item, digest, part].join('&'),
  });
}

function addressOf({ query }: vscode.Uri): Address | null {
  const [, key = '', item = '', digest = '', part] =
    /^(sha\d{3}:[0-9a-f]+)&(\d{1,6})&(sha\d{3}:[0-9a-f]+)&([a-z]+)$/.exec(query) ?? [];
  const known = RAW_PARTS.find((each) => each === part);
  return known === undefined ? null : { key, item: Number(item), digest, part: known };
}

/** Opens what was found; every document is read anew where its tab outlived the window. */
export class EvidenceDocuments implements vscode.Disposable {
  readonly #service: AuditService;
  readonly #provider: vscode.Disposable;
  /** Read to see whether it can be shown, and asked for by the editor at once. */
  readonly #ready = new Map<string, string>();

  constructor(service: AuditService) {
    this.#service = service;
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(EVIDENCE_SCHEME, {
      provideTextDocumentContent: async (uri) => {
        const ready = this.#ready.get(uri.toString());
        if (ready !== undefined) return ready;
        const address = addressOf(uri);
        if (address === null) throw new Error('This is no address of evidence that Waybill keeps.');
        const found = await this.#read(address);
        if (!found.ok) throw new Error(problemText(found.error));
        return found.value.text;
      },
    });
  }

  dispose(): void {
    this.#provider.dispose();
  }

  /** Open a part of an item beside nothing else; null where a person chose none, a problem where there is none. */
  async open({ key, item, part: wanted, digest }: EvidenceArgument): Promise<Problem | null> {
    const report = await this.#service.report(key);
    if (!report.ok) return report.error;
    const found = report.value.evidence?.items[item];
    if (found === undefined || (digest !== undefined && digest !== found.digest)) return notThere();
    const parts = itemDocuments(found);
    const part = wanted ?? (await choose(found, parts));
    if (part === undefined) return null;
    if (!parts.includes(part)) return notThere();
    const address = { key, item, digest: found.digest, part };
    const document = await this.#read(address);
    if (!document.ok) return document.error;
    const uri = uriOf(address, found);
    this.#ready.set(uri.toString(), document.value.text);
    try {
      const opened = await vscode.workspace.openTextDocument(uri);
      const language = document.value.form === 'json' ? 'json' : 'plaintext';
      await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(opened, language));
    } finally {
      this.#ready.delete(uri.toString());
    }
    return null;
  }

  #read({ key, item, digest, part }: Address): Promise<Result<RawDocument, Problem>> {
    return this.#service.evidenceDocument(key, item, digest, part);
  }
}

async function choose(item: ReportItem, parts: readonly RawPart[]): Promise<RawPart | undefined> {
  if (parts.length < 2) return parts[0];
  const chosen = await vscode.window.showQuickPick(
    parts.map((part) => {
      const name = documentName(item.kind, part);
      return { label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, description: WHAT[part], part };
    }),
    { placeHolder: `What to open of ${visibleText(item.label)}` },
  );
  return chosen?.part;
}

const WHAT: Readonly<Record<RawPart, string>> = {
  bundle: 'as it was found, JSON',
  statement: 'what was signed, JSON',
  certificate: 'of whoever signed, PEM',
};

function notThere(): Problem {
  return {
    code: 'bad-input',
    what: 'It could not be opened',
    why: 'the report that is kept now does not hold it',
    todo: 'Open the report again.',
  };
}
