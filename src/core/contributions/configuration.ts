// SPDX-License-Identifier: Apache-2.0
import { FINDING_SEVERITIES } from '../model/severity.ts';
import { apkoRules, melangeRules } from '../rules/config-index.gen.ts';
import { dockerfileRules } from '../rules/index.gen.ts';
import { SETTINGS } from './settings.ts';

/** Machine scope: a workspace must not choose which program is started, whom to believe or who is asked. */
const machineText = (markdownDescription: string, order: number): object => ({
  type: 'string',
  default: '',
  scope: 'machine',
  markdownDescription,
  order,
});

const machineSwitch = (markdownDescription: string, order: number): object => ({
  type: 'boolean',
  default: false,
  scope: 'machine',
  markdownDescription,
  order,
});

/** What an audit asks for beside the scan, and whom it believes. */
const evidence = {
  [SETTINGS.trustedRoot]: machineText(
    'Path of a `trusted_root.json` that says whose signatures are believed. It then counts for everything, and no root is fetched. Empty: the last root that was fetched, else the one that comes with Waybill.',
    10,
  ),
  [SETTINGS.updateTrustedRoot]: machineSwitch(
    "Fetch the newest trusted root by TUF during an audit of an image in a registry, where the last one is older than a day: from Sigstore's mirror or `#waybill.evidence.tufMirror#`, and from GitHub's where GitHub's own Sigstore instance signed. Off: no root is fetched.",
    11,
  ),
  [SETTINGS.tufMirror]: machineText(
    "Address (https) of a TUF mirror of your own, which is asked instead of Sigstore's. It needs `#waybill.evidence.tufRoot#`, and `#waybill.evidence.updateTrustedRoot#` to be asked at all.",
    12,
  ),
  [SETTINGS.tufRoot]: machineText(
    'Path of the first `root.json` of `#waybill.evidence.tufMirror#`: it says whom to believe there.',
    13,
  ),
  [SETTINGS.githubTufRoot]: machineText(
    "Path of a first `root.json` of GitHub's own Sigstore instance, which signs for private repositories, instead of the one that comes with Waybill. GitHub's mirror is asked where something of that instance is found, and only with `#waybill.evidence.updateTrustedRoot#`.",
    14,
  ),
  [SETTINGS.githubAttestations]: machineSwitch(
    "Ask GitHub's attestation API (api.github.com) in audits of images in registries. It is told a repository and digests of the image, and no account. For `ghcr.io/OWNER/NAME` the repository OWNER/NAME is asked, for others what `#waybill.evidence.githubRepositories#` says, else none.",
    15,
  ),
  [SETTINGS.githubRepositories]: {
    type: 'object',
    default: {},
    scope: 'machine',
    markdownDescription:
      'Repositories on GitHub that attest images: a pattern of image names, and OWNER/NAME, such as `"ghcr.io/northwind/**": "northwind/platform"`. The first pattern that fits counts. Asked only with `#waybill.evidence.githubAttestations#`.',
    additionalProperties: { type: 'string', pattern: String.raw`^[\w.-]+/[\w.-]+$` },
    order: 16,
  },
  [SETTINGS.cosignRepository]: machineText(
    "Repository that holds the tags of Cosign instead of the image's own, such as `registry.example/signatures`. Its registry is asked in audits of images in registries. Empty: `COSIGN_REPOSITORY`, where that is set.",
    17,
  ),
  [SETTINGS.localImages]: machineSwitch(
    'Look for signatures of images of a local engine in the registry that the engine knows them from, by their digest. Off: no registry is asked about a local image.',
    18,
  ),
  [SETTINGS.insecureRegistries]: {
    type: 'array',
    default: [],
    scope: 'machine',
    items: { type: 'string', pattern: String.raw`^[A-Za-z0-9.-]+(:\d{1,5})?$` },
    uniqueItems: true,
    markdownDescription:
      'Registries, as `HOST` or `HOST:PORT`, that are spoken to in plain HTTP where they do not speak HTTPS. Whoever is on the way can then read and change what is sent, credentials too. This machine needs no entry.',
    order: 19,
  },
};

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
    [SETTINGS.syftPath]: machineText('Path of Syft. Empty: it is looked for on `PATH`.', 6),
    [SETTINGS.grypePath]: machineText('Path of Grype. Empty: it is looked for on `PATH`.', 7),
    [SETTINGS.apkoPath]: machineText(
      'Path of apko, for the commands that run it. Empty: it is looked for on `PATH`.',
      8,
    ),
    [SETTINGS.dataFolder]: machineText(
      'Folder for stored reports, shared with the `waybill` command. Empty: the data folder of the system, or `WAYBILL_DATA` where that is set.',
      9,
    ),
    ...evidence,
  },
};
