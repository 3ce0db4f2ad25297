// SPDX-License-Identifier: Apache-2.0
import { FINDING_SEVERITIES } from '../model/severity.ts';
import { apkoRules, melangeRules } from '../rules/config-index.gen.ts';
import { dockerfileRules } from '../rules/index.gen.ts';
import { SETTINGS } from './settings.ts';

/** Machine scope: a workspace must not choose which program is started or where reports are kept. */
const machinePath = (markdownDescription: string, order: number): object => ({
  type: 'string',
  default: '',
  scope: 'machine',
  markdownDescription,
  order,
});

export const configurationContribution = {
  title: 'Waybill',
  properties: {
    [SETTINGS.lintEnabled]: {
      type: 'boolean',
      default: true,
      scope: 'resource',
      description: 'Judge Dockerfiles, apko and melange files while you type.',
      order: 1,
    },
    [SETTINGS.lintRules]: {
      type: 'object',
      default: {},
      scope: 'resource',
      markdownDescription:
        'Severity of single rules; `off` leaves a rule out. Rules not named keep their own severity.',
      additionalProperties: false,
      properties: Object.fromEntries(
        [...dockerfileRules, ...apkoRules, ...melangeRules].map(({ id, slug, title, severity, offByDefault }) => [
          slug,
          {
            type: 'string',
            enum: [...FINDING_SEVERITIES, 'off'],
            description: `${id}: ${title}. Its own severity is ${severity}${offByDefault === true ? ', and it is off by default' : ''}.`,
          },
        ]),
      ),
      order: 2,
    },
    [SETTINGS.languages]: {
      type: 'object',
      default: {},
      scope: 'resource',
      markdownDescription:
        'What files are, where names and contents do not say it: a pattern relative to the workspace folder, and `apko`, `melange` or `none`. `"images/**/*.yaml": "apko"` takes all YAML below `images`; `none` leaves files alone. A comment `# waybill language=apko` at the top of a file says the same of that file.',
      additionalProperties: { type: 'string', enum: ['apko', 'melange', 'none'] },
      order: 3,
    },
    [SETTINGS.policyFile]: {
      type: 'string',
      default: '',
      scope: 'machine-overridable',
      markdownDescription:
        'Policy file for folders that have no `.waybill.yaml` of their own, such as one that an organisation shares. A path that is not absolute is relative to the workspace folder. Files only, no addresses.',
      order: 4,
    },
    [SETTINGS.codeLensEnabled]: {
      type: 'boolean',
      default: true,
      scope: 'resource',
      description: 'Show above FROM what the last audit of that image found, and offer to audit it.',
      order: 5,
    },
    [SETTINGS.syftPath]: machinePath('Path of Syft. Empty: it is looked for on `PATH`.', 6),
    [SETTINGS.grypePath]: machinePath('Path of Grype. Empty: it is looked for on `PATH`.', 7),
    [SETTINGS.apkoPath]: machinePath(
      'Path of apko, for the commands that run it. Empty: it is looked for on `PATH`.',
      8,
    ),
    [SETTINGS.dataFolder]: machinePath(
      'Folder for stored reports, shared with the `waybill` command. Empty: the data folder of the system, or `WAYBILL_DATA` where that is set.',
      9,
    ),
  },
};
