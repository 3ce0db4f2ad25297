// SPDX-License-Identifier: Apache-2.0
import type * as vscode from 'vscode';

/** Documents that may be Dockerfiles: by language, and by a name that VS Code does not know as one. */
export const DOCKERFILES: vscode.DocumentSelector = [
  { language: 'dockerfile' },
  { pattern: '**/*[dD]ockerfile*' },
  { pattern: '**/*[cC]ontainerfile*' },
];
