// SPDX-License-Identifier: Apache-2.0

/** Why the reader of the Go tools refuses a text, and where. */
export class GoYamlError extends Error {
  readonly start: number;
  readonly end: number;
  /** Where the thing that could not be read begins; the same as `start` where nothing was begun. */
  readonly context: number;

  constructor(message: string, start: number, end: number, context: number = start) {
    super(message);
    this.name = 'GoYamlError';
    this.start = start;
    this.end = end;
    this.context = context;
  }
}

/** The text is beyond what this reader follows. */
export class GoYamlLimit extends Error {}
