// SPDX-License-Identifier: Apache-2.0
import type { ImageReference } from '../model/image-reference.ts';
import type { SourceText, Span } from '../text/source-text.ts';

/** What a FROM (or a `--from`) points at after expansion. */
export type Base =
  | { readonly kind: 'image'; readonly reference: ImageReference; readonly resolved: string }
  | { readonly kind: 'stage'; readonly index: number; readonly name: string }
  | { readonly kind: 'scratch' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  readonly value: string | null;
  readonly span: Span;
  readonly valueSpan: Span | null;
}

export interface Word {
  readonly text: string;
  readonly span: Span;
}

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  readonly span: Span;
}

/** One instruction, continuation lines and heredocs included. */
export interface Instruction {
  /** Upper case, whatever was written. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  /** Everything behind keyword and flags, as written. */
  readonly argumentsSpan: Span;
  readonly flags: readonly Flag[];
  /** Words split at unquoted blanks, comments and continuations left out, quotes kept. */
  readonly words: readonly Word[];
  readonly heredocs: readonly Heredoc[];
  /** The array of a JSON (exec) form, null for the shell form. */
  readonly exec: readonly string[] | null;
  /** What ONBUILD triggers, null otherwise. */
  readonly trigger: Instruction | null;
}

export interface ArgDefinition {
  readonly name: string;
  readonly value: string | null;
  /** The value as written, with quotes; null for `ARG NAME`. */
  readonly valueSpan: Span | null;
  readonly span: Span;
}

/** A variable reference inside a FROM's base. */
export interface BaseVariable {
  readonly name: string;
  readonly span: Span;
  /** The last global ARG of that name; null where none declares it. */
  readonly definition: ArgDefinition | null;
}

export interface Stage {
  readonly index: number;
  /** As written (BuildKit lower-cases it for look-ups); null without AS. */
  readonly name: string | null;
  /** 1-based line on which FROM starts. */
  readonly line: number;
  readonly from: Instruction;
  /** The base as written. */
  readonly written: string;
  readonly baseSpan: Span;
  readonly base: Base;
  /** The text of `--platform`, null without. */
  readonly platform: string | null;
  readonly final: boolean;
  /** Value-less ARGs that expanded to empty on the way to the base. */
  readonly assumed: readonly string[];
  /** Variables written in the base, each with the ARG it comes from: where a fix follows a variable to. */
  readonly variables: readonly BaseVariable[];
  /** Everything between this FROM and the next. */
  readonly instructions: readonly Instruction[];
}

/** A parser directive that BuildKit reads: `# syntax=`, `# escape=`, `# check=`. */
export interface Directive {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly valueSpan: Span;
}

export interface DockerfileError {
  readonly message: string;
  readonly span: Span;
}

/** A parsed Dockerfile. With `error` set, BuildKit refuses the file; stages holds what could be read before. */
export interface DockerfileFacts {
  readonly source: SourceText;
  readonly error: DockerfileError | null;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** ARG instructions before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly globalArgs: readonly ArgDefinition[];
  readonly stages: readonly Stage[];
}

export interface DockerfileOptions {
  /** `--build-arg`: name to value. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `os/arch[/variant]` that the platform ARGs take; linux/amd64 unless the user says otherwise. */
  readonly platform: string;
}
