// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { withExceptions } from '../../core/evidence/exceptions.ts';
import type { AuditReport } from '../../core/evidence/report.ts';
import { NO_POLICY, type Policy } from '../../core/policy/model.ts';
import { today, type EditorPolicies } from './policies.ts';

/**
 * Reports as the policies of this window see them. A report belongs to no folder, so the waivers and trust entries of
 * every workspace folder count; which image one is about, its own scope says. Reports are stored without waivers: one
 * ends with its day.
 */
export class Waivers implements vscode.Disposable {
  readonly #policies: EditorPolicies;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #policy: Promise<Policy> | null = null;
  #judged = new WeakMap<AuditReport, { readonly day: string; readonly report: AuditReport }>();

  /** Every report has to be judged anew. */
  readonly onDidChange = this.#changed.event;

  constructor(policies: EditorPolicies) {
    this.#policies = policies;
    this.#subscription = policies.onDidChange(() => {
      this.#policy = null;
      this.#judged = new WeakMap();
      this.#changed.fire();
    });
  }

  /** The same object for the same report, as long as neither the policies nor the day have changed. */
  async judge(report: AuditReport): Promise<AuditReport> {
    // What is judged while the policies change belongs to the old ones.
    const judged = this.#judged;
    const policy = await this.#current();
    const day = today();
    const known = judged.get(report);
    if (known?.day === day) return known.report;
    const seen = policy.waivers.length === 0 ? report : withExceptions(report, policy, day);
    judged.set(report, { day, report: seen });
    return seen;
  }

  /** Who may sign what, null where nobody says: in a folder that is not trusted nobody does. */
  async trust(): Promise<Policy | null> {
    if (!vscode.workspace.isTrusted) return null;
    const policy = await this.#current();
    return policy.trust.length === 0 ? null : policy;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #current(): Promise<Policy> {
    return (this.#policy ??= this.#load());
  }

  async #load(): Promise<Policy> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const all = await Promise.all(folders.map(({ uri }) => this.#policies.policyOf(uri)));
    // Folders of one repository share its policy: one waiver is one waiver.
    const waivers = new Map(
      all.flatMap((policy) => policy.waivers).map((each) => [JSON.stringify([each.path, each.value]), each]),
    );
    const trust = new Map(
      all.flatMap((policy) => policy.trust).map((each) => [JSON.stringify([each.path, each.line]), each]),
    );
    return {
      ...NO_POLICY,
      waivers: [...waivers.values()],
      trust: [...trust.values()],
      files: [...new Set(all.flatMap(({ files }) => files))],
    };
  }
}
