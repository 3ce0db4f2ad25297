// SPDX-License-Identifier: Apache-2.0
import type { Catalogue, Fact } from '../../catalogue/lookup.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { related } from '../image-uses.ts';

/** Bitnami keeps its namespace on Docker Hub, and gave up the tags with a version in it. */
function movedTags(reference: ImageReference, catalogue: Catalogue): Fact | null {
  const { registry, repository, tag } = catalogue.canonical(reference);
  if (registry !== 'docker.io' || !repository.startsWith('bitnami/') || !/^\d/.test(tag ?? '')) return null;
  const source = catalogue.data.sources.sources['bitnami'] ?? null;
  return { value: 'tags with a version were moved to docker.io/bitnamilegacy on 2025-08-28, without updates', source };
}

export const deprecatedRepository = defineRule({
  id: 'WB1008',
  slug: 'deprecated-repository',
  title: 'Repository is deprecated or was given up',
  language: 'dockerfile',
  severity: 'warning',
  category: 'lifecycle',
  since: '0.1.0',
  why: 'A repository that its publisher has given up keeps its old tags: builds go on, and updates stop. Nobody tells the ones who build on it.',
  controls: controls('SA-22', 'SI-2', 'CM-2', 'SR-3'),
  examples: {
    bad: [
      {
        text: 'FROM openjdk:21 AS build\nFROM scratch\nUSER 1000\n',
        note: 'Only early-access builds are still published.',
      },
      { text: 'FROM centos:7\nUSER 1000\n', note: 'No official image any more.' },
      {
        text: 'ARG APP=redis\nFROM bitnamilegacy/${APP}:7.2\nUSER 1000\n',
        note: 'A namespace for images without updates; the variable is followed.',
      },
      { text: 'FROM bitnami/kafka:3.7\n', note: 'A version of a namespace that keeps none.' },
      {
        text: 'FROM scratch\nCOPY --from=k8s.gcr.io/pause:3.9 /pause /\nUSER 1000\n',
        note: 'A registry that was replaced, in COPY --from.',
      },
    ],
    good: [
      { text: 'FROM bitnami/kafka:latest\n', note: 'This tag stays where it was.' },
      {
        text: 'FROM eclipse-temurin:21 AS build\nFROM scratch\nUSER 1000\n',
        note: 'A repository that is kept up.',
        nearMiss: true,
      },
      {
        text: 'FROM registry.example.com/mirror/openjdk:21\nUSER 1000\n',
        note: 'An image of another registry is not judged by the last part of its name.',
      },
      {
        text: 'FROM eclipse-temurin:21 AS openjdk\nFROM openjdk\nUSER 1000\n',
        note: 'A stage of that name is no repository.',
      },
    ],
  },
  refs: ['docker-library/docs deprecated.md as of 2026-08-21', 'docker-library/official-images as of 2026-08-21'],
  *check({ shared, catalogue }) {
    for (const use of shared.uses) {
      const fact = catalogue.deprecated(use.reference) ?? movedTags(use.reference, catalogue);
      if (fact === null) continue;
      const name = `${use.reference.registry}/${use.reference.repository}`;
      yield {
        span: use.span,
        message: `${name} is not kept up any more: ${fact.value}. Move to a repository that gets updates.`,
        ...(fact.source === null ? { severity: 'hint' as const } : {}),
        data: { image: use.resolved, asOf: fact.source?.asOf ?? null },
        ...related(use),
      };
    }
  },
});
