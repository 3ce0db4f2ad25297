// SPDX-License-Identifier: Apache-2.0
import { COMMANDS, CONTEXT, IMAGES_VIEW, VIEW_CONTAINER } from './commands.ts';

export const viewContributions = {
  viewsContainers: { activitybar: [{ id: VIEW_CONTAINER, title: 'Waybill', icon: 'media/waybill.svg' }] },
  views: {
    [VIEW_CONTAINER]: [{ id: IMAGES_VIEW, name: 'Images', icon: 'media/waybill.svg', contextualTitle: 'Waybill' }],
  },
};

const welcome = (when: string, ...lines: readonly string[]): object => ({
  view: IMAGES_VIEW,
  when,
  contents: lines.join('\n'),
});

const audit = `[Audit Image…](command:${COMMANDS.auditImage.id})`;
const setting = (key: string): string => `command:workbench.action.openSettings?${encodeURIComponent(`["${key}"]`)}`;
const ready = `${CONTEXT.host} == desktop && isWorkspaceTrusted`;
const missing = (name: 'none' | 'syft' | 'grype' | 'both'): string => `${CONTEXT.missingTools} == ${name}`;
const found = `!(${CONTEXT.missingTools} =~ /syft|grype|both/)`;

/** One sentence, one button, and what it will do. The first whose condition holds is the only one that holds. */
export const welcomeContributions = [
  welcome(
    `${CONTEXT.host} == browser`,
    'Findings in Dockerfiles work here. Auditing an image needs Syft and Grype, which a browser cannot start.',
    'Open this folder in VS Code on a desktop or a remote machine to audit.',
  ),
  welcome(
    `${CONTEXT.host} == desktop && !isWorkspaceTrusted`,
    'This workspace is not trusted. Waybill reads files and reports, and starts no tools.',
    '[Manage Workspace Trust](command:workbench.trust.manage)',
  ),
  welcome(
    `${ready} && ${missing('syft')}`,
    'Auditing needs Syft and Grype. Syft was not found on PATH.',
    `[Choose Path…](${setting('waybill.syft.path')})`,
    'Findings in Dockerfiles work without it.',
  ),
  welcome(
    `${ready} && ${missing('grype')}`,
    'Auditing needs Syft and Grype. Grype was not found on PATH.',
    `[Choose Path…](${setting('waybill.grype.path')})`,
    'Findings in Dockerfiles work without it.',
  ),
  welcome(
    `${ready} && ${missing('both')}`,
    'Auditing needs Syft and Grype. Neither was found on PATH.',
    `[Choose Paths…](${setting('waybill path')})`,
    'Findings in Dockerfiles work without them.',
  ),
  welcome(
    `${ready} && ${CONTEXT.dockerfileOpen} && ${found}`,
    'A Dockerfile is open. Audit one of its base images, or an image that is already built.',
    audit,
    'Nothing is uploaded, and a registry is asked only for an image that you choose from it.',
  ),
  welcome(
    `${ready} && !${CONTEXT.dockerfileOpen} && ${found}`,
    'Audit a container image to see what is in it and what is known against it.',
    audit,
    'Nothing is uploaded, and a registry is asked only for an image that you choose from it.',
  ),
];
