// SPDX-License-Identifier: Apache-2.0
import type * as vscode from 'vscode';

/** Documents that may be Dockerfiles: by language, and by a name that VS Code does not know as one. */
export const DOCKERFILES: readonly vscode.DocumentFilter[] = [
  { language: 'dockerfile' },
  { pattern: '**/*[dD]ockerfile*' },
  { pattern: '**/*[cC]ontainerfile*' },
];

/** Those, and the files of other tools that may hold some or name images; what a file is, its name decides. */
export const JUDGED: vscode.DocumentSelector = [
  ...DOCKERFILES,
  { pattern: '**/*compose*.{yaml,yml}' },
  { pattern: '**/*devcontainer.json' },
  { pattern: '**/docker-bake*.json' },
];

/** All of them as one pattern, for finding and watching files; names decide what comes of it. */
export const JUDGED_FILES =
  '**/{*[dD]ockerfile*,*DOCKERFILE*,*[cC]ontainerfile*,*compose*.yaml,*compose*.yml,*devcontainer.json,docker-bake*.json}';
