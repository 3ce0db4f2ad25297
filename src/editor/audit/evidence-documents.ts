// SPDX-License-Identifier: Apache-2.0
// What was found beside an image, as read-only documents. They are named by report, position, digest and part, so that
// no address can lead to a file.
import * as vscode from 'vscode';
import type { ReportItem } from '../../core/evidence/evidence.ts';
import {
  addressQuery,
  documentFile,
  readAddress,
  type EvidenceAddress,
  type EvidenceArgument,
} from '../../core/explorer/evidence-address.ts';
import { itemDocuments, type RawDocument } from '../../core/evidence/raw.ts';
import type { RawPart } from '../../core/model/raw-part.ts';
import type { Problem } from '../../core/model/problem.ts';
import { problemText } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import { documentName } from '../../core/panel/evidence-words.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { AuditService } from './service.ts';

const EVIDENCE_SCHEME = 'waybill-evidence';

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
        const address = readAddress(uri.query);
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

  /** Open a part of an item in an editor; null where it is open or a person chose none, else why it is not. */
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
    const uri = vscode.Uri.from({
      scheme: EVIDENCE_SCHEME,
      path: `/${documentFile(found, part)}`,
      query: addressQuery(address),
    });
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

  #read({ key, item, digest, part }: EvidenceAddress): Promise<Result<RawDocument, Problem>> {
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
