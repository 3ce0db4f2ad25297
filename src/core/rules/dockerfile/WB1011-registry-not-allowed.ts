// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import { formatImageReference } from '../../model/image-reference.ts';
import { organisationImage, registryAllowed } from '../../policy/evaluate.ts';
import type { Policy } from '../../policy/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { askedAt } from '../demands.ts';
import { related, type ImageUse } from '../image-uses.ts';

export const registryNotAllowed = defineRule({
  id: 'WB1011',
  slug: 'registry-not-allowed',
  title: 'Image is from a registry that the policy does not allow',
  language: 'dockerfile',
  severity: 'error',
  category: 'base',
  since: '0.1.0',
  why: 'An organisation that says where its images come from can scan, sign and keep them there. One image from elsewhere goes around all of that. Without a policy that names registries nothing is found.',
  controls: controls('CM-7(5)', 'SR-3', 'SR-11'),
  examples: {
    bad: [
      {
        text: 'FROM debian:13\nUSER 1000\n',
        policy: 'registries:\n  allowed: [registry.example.com/**]\n',
        note: 'docker.io is where a name without a registry is from.',
      },
      {
        text: 'FROM registry.example.com/base:1\nCOPY --from=ghcr.io/someone/tool:2 /tool /\nUSER 1000\n',
        policy: 'registries:\n  allowed: [registry.example.com/**]\n',
        note: 'In COPY --from as well.',
      },
      {
        text: 'ARG REGISTRY=quay.io\nFROM ${REGISTRY}/team/base:1\nUSER 1000\n',
        policy: 'registries:\n  allowed: [quay.io/other/*]\n',
        note: 'The registry is allowed for another namespace only; the ARG is followed.',
      },
    ],
    good: [
      { text: 'FROM debian:13\nUSER 1000\n', note: 'No policy says where images may come from.' },
      {
        text: 'FROM registry.example.com/hub/debian:13\nUSER 1000\n',
        policy: 'registries:\n  allowed: [registry.example.com/**]\n',
        note: 'One that is allowed.',
      },
      {
        text: 'FROM debian:13 AS base\nFROM base\nUSER 1000\n',
        policy: 'registries:\n  allowed: [docker.io/library/*]\n',
        note: 'A stage is no image, and official images are allowed.',
      },
      {
        text: 'FROM scratch\nUSER 1000\n',
        policy: 'registries:\n  allowed: []\n',
        note: 'Nothing is taken from anywhere.',
      },
    ],
  },
  refs: ['docs/policy.md'],
  *check({ policy, shared }) {
    const { registries } = policy;
    if (registries === null) return;
    for (const use of shared.uses) {
      if (registryAllowed(policy, use.reference)) continue;
      const { registry } = use.reference;
      const from = `${use.written} is from ${registry === '' ? 'no registry' : registry}`;
      const own = organisationImage(policy, use.reference);
      const mirrored = own !== use.reference && registryAllowed(policy, own);
      yield {
        span: use.span,
        message: `${from}, which the policy does not allow (${askedAt(registries)}). ${mirrored ? `Use ${formatImageReference(own)}.` : 'Take it from a registry that is allowed, or have this one added.'}`,
        data: { image: use.resolved, registry },
        ...(mirrored && isPlain(use) ? { fixes: [mirrorFix(use, policy)] } : {}),
        ...related(use),
      };
    }
  },
});

/** True where the reference is written as such, without variables, so that it can be replaced as a whole. */
function isPlain({ how, written, span, stage }: ImageUse): boolean {
  return (
    how !== 'syntax' &&
    written.length === span.end - span.start &&
    !/["'$\\`]/.test(written) &&
    (how !== 'base' || stage?.variables.length === 0)
  );
}

/** The policy says that the mirror has the same images, so tag and digest stay. */
function mirrorFix(use: ImageUse, policy: Policy): Fix {
  const newText = formatImageReference(organisationImage(policy, use.reference));
  return { title: `Use ${newText}`, edits: [{ span: use.span, newText }], preferred: true };
}
