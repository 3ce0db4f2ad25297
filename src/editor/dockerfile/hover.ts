// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { withoutScheme } from '../../core/explorer/labels.ts';
import { baseHover, imageUses } from '../../core/dockerfile-services.ts';
import type { LastAudit } from '../../core/hover/base.ts';
import { parseImageReference, resolvedReference } from '../../core/model/image-reference.ts';
import type { StoredReport } from '../../core/ports.ts';
import { spanRange } from '../lint/convert.ts';
import type { Linter } from '../lint/linter.ts';
import { today } from '../policy/policies.ts';

/** The reports that are stored; none where the host cannot audit. */
export type StoredReports = () => Promise<readonly StoredReport[]>;

/** What is known of an image, on its name in FROM, `COPY --from` and `RUN --mount=from`. */
export class BaseHoverProvider implements vscode.HoverProvider {
  readonly #linter: Linter;
  readonly #stored: StoredReports;

  constructor(linter: Linter, stored: StoredReports) {
    this.#linter = linter;
    this.#stored = stored;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | null> {
    const facts = this.#linter.facts(document);
    if (facts === null) return null;
    const use = imageUses(facts).find(({ span }) => spanRange(document, span).contains(position));
    if (use === undefined) return null;
    const text = baseHover({
      reference: use.reference,
      resolved: use.resolved,
      catalogue: this.#linter.catalogueFor(document),
      today: today(),
      now: Date.now(),
      audit: lastAudit(await this.#stored(), use.resolved),
      openReport: COMMANDS.openReport.id,
    });
    if (text === null) return null;
    const markdown = new vscode.MarkdownString(text, true);
    // The only command that a link in it may run; everything else in it is text.
    markdown.isTrusted = { enabledCommands: [COMMANDS.openReport.id] };
    return new vscode.Hover(markdown, spanRange(document, use.span));
  }
}

/** The newest report of the image; the store lists them so. */
function lastAudit(stored: readonly StoredReport[], resolved: string): LastAudit | null {
  const report = stored.find((each) => {
    const reference = parseImageReference(withoutScheme(each.reference));
    return reference.ok && resolvedReference(reference.value) === resolved;
  });
  if (report === undefined) return null;
  const { key, generated, bySeverity } = report;
  return { key, generated, critical: bySeverity.critical, high: bySeverity.high };
}
