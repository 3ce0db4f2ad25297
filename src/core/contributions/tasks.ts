// SPDX-License-Identifier: Apache-2.0

/** Type of the tasks that run the `waybill` command. */
export const TASK_TYPE = 'waybill';
const MATCHER = 'waybill';

/** One line of `waybill lint --format text`: path, line, column, severity, message, id and name of the rule. */
export const LINT_LINE = /^(.+?):(\d+):(\d+): (error|warning|info|hint): (.+) \[WB\d{4} ([a-z0-9-]+)\]$/;

export const taskContributions = {
  taskDefinitions: [
    {
      type: TASK_TYPE,
      required: ['paths'],
      properties: {
        paths: {
          type: 'array',
          items: { type: 'string' },
          description: 'Files and folders that `waybill lint` judges, relative to the workspace folder.',
        },
      },
    },
  ],
  problemMatchers: [
    {
      name: MATCHER,
      label: 'Waybill',
      owner: 'waybill-lint',
      source: 'waybill',
      // Open documents are judged as they are now, not as they were when the command ran.
      applyTo: 'closedDocuments',
      fileLocation: ['autoDetect', '${workspaceFolder}'],
      pattern: { regexp: LINT_LINE.source, file: 1, line: 2, column: 3, severity: 4, message: 5, code: 6 },
    },
  ],
};

export const MATCHER_NAME = `$${MATCHER}`;
