// SPDX-License-Identifier: Apache-2.0
import type * as vscode from 'vscode';

/** Documents that may be Dockerfiles: by language, and by a name that VS Code does not know as one. */
export const DOCKERFILES: readonly vscode.DocumentFilter[] = [
  { language: 'dockerfile' },
  { pattern: '**/*[dD]ockerfile*' },
  { pattern: '**/*[cC]ontainerfile*' },
];

/** YAML, which may be apko's or melange's: what stands in a file decides. */
export const YAML: readonly vscode.DocumentFilter[] = [{ language: 'yaml' }, { pattern: '**/*.{yaml,yml}' }];

/** The same as a pattern, for finding and watching files. */
export const YAML_FILES = '**/*.{yaml,yml}';

/** Those, and the files of other tools that may hold some or name images; what a file is, its name decides. */
export const JUDGED: vscode.DocumentSelector = [
  ...DOCKERFILES,
  ...YAML,
  { pattern: '**/*devcontainer.json' },
  { pattern: '**/docker-bake*.{json,hcl}' },
];

/** Documents beside whose language's name it says how they stand; apko and melange files as they are met. */
export const WITH_STATUS: readonly vscode.DocumentFilter[] = [
  ...DOCKERFILES,
  { pattern: '**/*compose*.{yaml,yml}' },
  { pattern: '**/*devcontainer.json' },
  { pattern: '**/docker-bake*.{json,hcl}' },
];

/** All of them as one pattern, for finding and watching files; names decide what comes of it. */
export const JUDGED_FILES =
  '**/{*[dD]ockerfile*,*DOCKERFILE*,*[cC]ontainerfile*,*compose*.yaml,*compose*.yml,*devcontainer.json,docker-bake*.json,docker-bake*.hcl}';
