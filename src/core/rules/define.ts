// SPDX-License-Identifier: Apache-2.0
import type { ApkoFile, ReadBeside } from '../apko/validate.ts';
import type { Catalogue } from '../catalogue/lookup.ts';
import type { DockerfileFacts } from '../dockerfile/model.ts';
import type { MelangeFile } from '../melange/validate.ts';
import type { RawFinding } from '../model/finding.ts';
import type { FindingSeverity } from '../model/severity.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Policy, TrustRule } from '../policy/model.ts';
import type { FipsAnswers } from './fips-answers.ts';
import type { SourceText } from '../text/source-text.ts';
import type { GoNode } from '../yaml/go/node.ts';
import type { GoStruct } from '../yaml/go/types.ts';
import type { SharedFacts } from './shared-facts.ts';

export type RuleLanguage = 'policy' | 'dockerfile' | 'apko' | 'melange' | 'image';

export interface RuleExample {
  /** A whole file. */
  readonly text: string;
  /** What it shows, one short sentence; printed in the docs. */
  readonly note: string;
  /** The policy file under which it is so, where it takes one. */
  readonly policy?: string;
  /** Files beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Its text in the commit that is checked out. */
  readonly head?: string;
  /** Of a good example: it differs from a bad one in little, and that little is what the rule is about. */
  readonly nearMiss?: true;
}

/** A NIST SP 800-53 control a finding bears on; the wording says "bears on", never "violates". */
export interface ControlReference {
  readonly id: string;
  readonly title: string;
}

/** What a rule sees. Everything is computed before; a rule does no I/O and asks no clock. */
export interface DockerfileRuleContext {
  readonly facts: DockerfileFacts;
  /** What more than one rule derives from the facts. */
  readonly shared: SharedFacts;
  /** As the policy sees it: mirrors and own entries are in. */
  readonly catalogue: Catalogue;
  /** What the nearest policy file asks for; `demands.ts` says how a rule follows it. */
  readonly policy: Policy;
  /** FIPS answers of bases and stages. */
  readonly fips: FipsAnswers;
  /** ISO date (YYYY-MM-DD) on which the file is judged. */
  readonly today: string;
}

export interface RuleInfo {
  /** `WB` and four digits; never reused. */
  readonly id: string;
  /** The human name in settings and comments. */
  readonly slug: string;
  readonly title: string;
  readonly language: RuleLanguage;
  readonly severity: FindingSeverity;
  /** True for a rule that only runs where a setting gives it a severity. */
  readonly offByDefault?: true;
  readonly category:
    | 'base'
    | 'build'
    | 'cryptography'
    | 'evidence'
    | 'lifecycle'
    | 'pinning'
    | 'policy'
    | 'runtime'
    | 'secrets';
  /** Version of Waybill that brought the rule. */
  readonly since: string;
  readonly why: string;
  readonly controls: readonly ControlReference[];
  readonly examples: { readonly bad: readonly RuleExample[]; readonly good: readonly RuleExample[] };
  /** Where the rule's claim comes from. */
  readonly refs: readonly string[];
}

/** What is said of a rule, without its examples. */
export type RuleSummary = Omit<RuleInfo, 'examples'>;

export interface DockerfileRule extends RuleInfo {
  readonly language: 'dockerfile';
  check(context: DockerfileRuleContext): Iterable<RawFinding>;
}

/**
 * What a host knows of a file beyond its text. Every answer is a text, null where there is none, and undefined where it
 * may not be looked for or is not known yet; rules say nothing then. Answers come at once: a host that has to wait gives
 * undefined, fetches, and judges again, as with `beside`.
 */
export interface FileNeighbours {
  /** Name of the file without its folder: `nginx.apko.yaml`. */
  readonly name: string;
  /** Text of a file of the same folder by its name, inside of the workspace only: `nginx.apko.lock.json`. */
  sibling(name: string): string | null | undefined;
  /**
   * Text of the file itself in git's HEAD. Asked for melange files only. No host has to give it; one that does never runs
   * anything in a workspace that is not trusted.
   */
  head(): string | null | undefined;
}

/** What rules about apko and melange files see. */
export interface ConfigRuleContext<File> {
  readonly file: File;
  /** What the tool reads the file into, and the document itself; empty for a file that cannot be read at all. */
  readonly config: GoStruct;
  readonly root: GoNode;
  readonly source: SourceText;
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  /** ISO date (YYYY-MM-DD) on which the file is judged. */
  readonly today: string;
  /** Text of a file of the workspace; null where there is none, undefined where it may not be looked for. */
  readonly beside: ReadBeside;
  /** Null where the host tells nothing of the file, as for standard input. */
  readonly neighbours: FileNeighbours | null;
}

/** A rule about files that apko and melange read. Without `onRefused` it runs only where the tool takes the file. */
interface ConfigRule<File> extends RuleInfo {
  readonly onRefused?: true;
  check(context: ConfigRuleContext<File>): Iterable<RawFinding>;
}

export interface ApkoRule extends ConfigRule<ApkoFile> {
  readonly language: 'apko';
}

export interface MelangeRule extends ConfigRule<MelangeFile> {
  readonly language: 'melange';
}

/** What rules about built images see: what was found beside one, and what a policy asks for. */
export interface ImageRuleContext {
  readonly evidence: Evidence;
  /** The policy's entry for this image, null where it has none. */
  readonly trust: TrustRule | null;
  /** Milliseconds since the Unix epoch at which it is judged. */
  readonly now: number;
}

/** An image has no lines: a message, and the severity where it is not the rule's own. */
export interface ImageFinding {
  readonly message: string;
  readonly severity?: FindingSeverity;
}

/** A rule about a built image. Its examples are what was found beside one, in YAML. */
export interface ImageRule extends RuleInfo {
  readonly language: 'image';
  check(context: ImageRuleContext): Iterable<ImageFinding>;
}

export type Rule = DockerfileRule | ApkoRule | MelangeRule | ImageRule;

/** Declares a rule; exists so that every rule file is checked against the contract where it is written. */
export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}
