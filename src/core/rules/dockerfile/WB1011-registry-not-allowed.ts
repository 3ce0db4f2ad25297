// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../model/finding.ts';
import { organisationImage, registryAllowed } from '../../policy/evaluate.ts';
import type { SourceText } from '../../text/source-text.ts';
import { controls } from '../controls.ts';
import { defineRule, type DockerfileRuleContext } from '../define.ts';
import { askedAt } from '../demands.ts';
import { related, type ImageUse } from '../image-uses.ts';

/** Patterns that a message names; a longer list is in the policy file. */
const SHOWN = 3;

/** Write the name under which this organisation has the image; tag, digest and spacing stay. */
function ownName(use: ImageUse, source: SourceText, { policy }: DockerfileRuleContext): Fix | null {
  const own = organisationImage(policy, use.reference);
  if (own === use.reference || !registryAllowed(policy, own)) return null;
  const written = source.slice(use.span);
  // A name that is put together of variables, quotes or escapes is left to its author.
  if (!/^[A-Za-z0-9][\w./:@-]*$/.test(written)) return null;
  const behindName = /[:@]/.exec(written.slice(written.lastIndexOf('/') + 1))?.index;
  const at = written.indexOf('@');
  const path = at < 0 ? written : written.slice(0, at);
  const slash = path.lastIndexOf('/');
  const colon = path.indexOf(':', slash + 1);
  const length = behindName === undefined ? written.length : colon < 0 ? path.length : colon;
  const name = `${own.registry}/${own.repository}`;
  return {
    title: `Use ${name}`,
    caveat: 'by the mapping of the policy; whether this tag is there was not looked up',
    edits: [{ span: { start: use.span.start, end: use.span.start + length }, newText: name }],
  };
}

const POLICY = 'registries:\n  allowed: [registry.example.com/**, docker.io/library/*]\n';

export const registryNotAllowed = defineRule({
  id: 'WB1011',
  slug: 'registry-not-allowed',
  title: 'Image comes from a registry that the policy does not allow',
  language: 'dockerfile',
  severity: 'error',
  category: 'base',
  since: '0.1.0',
  why: 'An organisation names the registries whose images it has looked at, mirrors or pays for. What comes from elsewhere goes round scans, signatures and contracts.',
  controls: controls('SR-3', 'SR-11', 'CM-7(5)'),
  examples: {
    bad: [
      {
        text: 'FROM quay.io/team/app:1.4\nUSER 1000\n',
        policy: POLICY,
        note: 'A registry that is not on the list.',
      },
      {
        text: 'ARG BASE=someone/node\nFROM ${BASE}:24 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        policy: POLICY,
        note: 'The registry is, the namespace is not; the variable is followed.',
      },
      {
        text: 'FROM node:24\nCOPY --from=ghcr.io/team/tools:1 /t /t\nRUN --mount=type=bind,from=ghcr.io/team/cache:2,target=/c ls /c\nUSER node\n',
        policy: POLICY,
        note: 'In COPY --from and in RUN --mount.',
      },
    ],
    good: [
      {
        text: 'FROM registry.example.com/team/base:1 AS base\nFROM node:24\nCOPY --from=base /a /a\nUSER node\n',
        policy: POLICY,
        note: 'Both on the list; a stage is no image.',
      },
      {
        text: 'FROM registry.example.com/team/app:1.4\nUSER 1000\n',
        policy: POLICY,
        note: 'The same image from a registry on the list.',
        nearMiss: true,
      },
      { text: 'FROM quay.io/team/app:1.4\nUSER 1000\n', note: 'No list, no finding.' },
      {
        text: '# syntax=docker/dockerfile:1\nFROM scratch\nUSER 1000\n',
        policy: POLICY,
        note: 'The frontend is not what is shipped.',
      },
    ],
  },
  refs: ['docs/schemas/policy.json: registries'],
  *check(context) {
    const { policy, shared, facts } = context;
    if (policy.registries === null) return;
    const allowed = policy.registries.value;
    const named = allowed.slice(0, SHOWN).join(', ') + (allowed.length > SHOWN ? ' and others' : '');
    for (const use of shared.uses) {
      if (use.how === 'syntax' || registryAllowed(policy, use.reference)) continue;
      const fix = ownName(use, facts.source, context);
      yield {
        span: use.span,
        message: `${use.reference.registry}/${use.reference.repository} is not on the list of allowed registries (${askedAt(policy.registries)}). Take an image from ${named === '' ? 'a registry that is added to the list' : named}.`,
        data: { image: use.resolved },
        ...related(use),
        ...(fix === null ? {} : { fixes: [fix] }),
      };
    }
  },
});
