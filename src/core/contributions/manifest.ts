// SPDX-License-Identifier: Apache-2.0
import { COLOURS } from './colours.ts';
import { commandContributions, menuContributions, PANEL_VIEW_TYPE } from './commands.ts';
import { configurationContribution } from './configuration.ts';
import { RESTRICTED_SETTINGS } from './settings.ts';
import { taskContributions } from './tasks.ts';
import { viewContributions, welcomeContributions } from './views.ts';

/** The parts of package.json that are written by `npm run generate`; everything else there is written by hand. */
export const manifestParts = {
  /** Views and commands activate by themselves. */
  activationEvents: [
    'onLanguage:dockerfile',
    'onLanguage:yaml',
    'onLanguage:dockercompose',
    // devcontainer.json is one; bake files would need every JSON file, so they count where they lie at the top.
    'onLanguage:jsonc',
    'workspaceContains:docker-bake.hcl',
    'workspaceContains:docker-bake.json',
    `onWebviewPanel:${PANEL_VIEW_TYPE}`,
  ],
  capabilities: {
    untrustedWorkspaces: {
      supported: 'limited',
      description: 'Dockerfiles, apko and melange files are judged and stored reports are shown. No tool is started.',
      restrictedConfigurations: RESTRICTED_SETTINGS,
    },
    virtualWorkspaces: {
      supported: 'limited',
      description:
        'Dockerfiles, apko and melange files are judged. Images on disk cannot be audited from a virtual workspace.',
    },
  },
  contributes: {
    // Names that VS Code itself takes for plain text. Nothing else of the language is touched.
    languages: [
      { id: 'dockerfile', filenamePatterns: ['Dockerfile-*', 'Dockerfile_*', 'Containerfile-*', 'Containerfile_*'] },
    ],
    ...viewContributions,
    viewsWelcome: welcomeContributions,
    commands: commandContributions,
    menus: menuContributions,
    configuration: configurationContribution,
    ...taskContributions,
    // Read by the YAML extension, where a person has it: completion and descriptions. Of apko and melange files only
    // those whose names say it: of other YAML that extension cannot tell.
    yamlValidation: [
      { fileMatch: ['.waybill.yaml', '.waybill.yml'], url: './docs/schemas/policy.json' },
      ...['apko', 'melange'].map((name) => ({
        fileMatch: ['yaml', 'yml'].flatMap((ending) => ['', '.', '*.'].map((before) => `${before}${name}.${ending}`)),
        url: `./docs/schemas/${name}.json`,
      })),
    ],
    colors: COLOURS.map(({ id, description, ...defaults }) => ({ id, description, defaults })),
  },
};
