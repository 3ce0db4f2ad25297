// SPDX-License-Identifier: Apache-2.0
import { FINDING_SEVERITIES } from '../model/severity.ts';
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
      description: 'Judge Dockerfiles while you type.',
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
        dockerfileRules.map(({ id, slug, title, severity, offByDefault }) => [
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
    [SETTINGS.policyFile]: {
      type: 'string',
      default: '',
      scope: 'machine-overridable',
      markdownDescription:
        'Policy file for folders that have no `.waybill.yaml` of their own, such as one that an organisation shares. A relative path is seen from the workspace folder. Files only, no addresses.',
      order: 3,
    },
    [SETTINGS.codeLensEnabled]: {
      type: 'boolean',
      default: true,
      scope: 'resource',
      description: 'Show above FROM what the last audit of that image found, and offer to audit it.',
      order: 4,
    },
    [SETTINGS.syftPath]: machinePath('Path of Syft. Empty: it is looked for on `PATH`.', 5),
    [SETTINGS.grypePath]: machinePath('Path of Grype. Empty: it is looked for on `PATH`.', 6),
    [SETTINGS.dataFolder]: machinePath(
      'Folder for stored reports, shared with the `waybill` command. Empty: the data folder of the system, or `WAYBILL_DATA` where that is set.',
      7,
    ),
  },
};
