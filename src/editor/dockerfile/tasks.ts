// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { MATCHER_NAME, TASK_TYPE } from '../../core/contributions/tasks.ts';

/** Tasks of type `waybill`: the command of that name, found on PATH, judges files and fills Problems. */
export function registerTasks(): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: () => (vscode.workspace.workspaceFolders ?? []).map((folder) => lintTask(folder, ['.'])),
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : undefined;
      const paths = (definition as { readonly paths?: unknown }).paths;
      if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string' && path !== '')) return undefined;
      return lintTask(folder, paths, definition);
    },
  });
}

function lintTask(
  folder: vscode.WorkspaceFolder | undefined,
  paths: readonly string[],
  definition: vscode.TaskDefinition = { type: TASK_TYPE, paths },
): vscode.Task {
  // No shell; what stands behind the dashes is a path, whatever it looks like.
  const run = new vscode.ProcessExecution('waybill', ['lint', '--format', 'text', '--', ...paths]);
  const task = new vscode.Task(definition, folder ?? vscode.TaskScope.Workspace, 'lint', 'waybill', run, MATCHER_NAME);
  task.group = vscode.TaskGroup.Test;
  task.detail = 'Judge Dockerfiles, apko and melange files with the waybill command';
  return task;
}
