// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../core/catalogue/lookup.ts';
import type { LintOptions } from '../core/lint/engine.ts';
import { policyFindings, type PolicyFinding } from '../core/lint/policy-findings.ts';
import type { LintedFile } from '../core/output/lint-document.ts';
import { catalogueFor } from '../core/policy/catalogue.ts';
import type { Policy } from '../core/policy/model.ts';
import { shownPath } from '../node/discover.ts';
import type { FoundPolicy, Policies } from '../node/policy.ts';
import type { Input } from './inputs.ts';

/** What the files of one run are judged by, and what is to be said of their policies themselves. */
export class LintPolicies {
  readonly #policies: Policies;
  readonly #shipped: Catalogue;
  readonly #today: string;
  readonly #cwd: string;
  readonly #used = new Map<Policy, Catalogue>();
  /** Findings by the path of the policy file, as it is printed. */
  readonly #findings = new Map<string, PolicyFinding[]>();

  constructor(policies: Policies, shipped: Catalogue, today: string, cwd: string) {
    this.#policies = policies;
    this.#shipped = shipped;
    this.#today = today;
    this.#cwd = cwd;
  }

  async optionsFor({ absolute, path }: Input): Promise<LintOptions> {
    const found = await this.#policies.policyFor(absolute ?? path);
    return { catalogue: this.#catalogueOf(found), today: this.#today, policy: found.policy, path: found.path };
  }

  /** Policy files in which something is found. Those without are settings, like a .gitignore, and are not listed. */
  files(): readonly LintedFile[] {
    return [...this.#findings].map(([path, findings]) => ({ path, language: 'policy', error: null, findings }));
  }

  #catalogueOf(found: FoundPolicy): Catalogue {
    const { policy } = found;
    const known = this.#used.get(policy);
    if (known !== undefined) return known;
    const catalogue = catalogueFor(this.#shipped, policy, this.#today);
    this.#used.set(policy, catalogue);
    for (const finding of policyFindings(policy, this.#shipped.data, this.#today)) {
      this.#add(shownPath(found.absolute(finding.path), this.#cwd), finding);
    }
    return catalogue;
  }

  /** Two policies may build on one file: what is wrong there is said once. */
  #add(path: string, finding: PolicyFinding): void {
    const there = this.#findings.get(path) ?? [];
    const same = (each: PolicyFinding): boolean =>
      each.ruleId === finding.ruleId && each.span.start === finding.span.start && each.message === finding.message;
    if (!there.some(same)) this.#findings.set(path, [...there, finding]);
  }
}
