// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts } from '../../dockerfile/model.ts';
import type { RawFinding } from '../../model/finding.ts';
import { parseImageReference, type ImageReference } from '../../model/image-reference.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { related, type ImageUse } from '../image-uses.ts';

/** A use with a digest, which is what the other checks compare. */
interface Pinned {
  readonly use: ImageUse;
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string;
}

/** The numbers of a version in front of a tag: `1.27-alpine3.24` is 1.27. */
function versionOf(tag: string): readonly string[] | null {
  const version = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:$|[-_+])/.exec(tag)?.[1];
  return version === undefined ? null : version.split('.');
}

/** True for tags that cannot name one image: 1.26 and 1.27, but not 1.27 and 1.27.3. */
function conflict(a: string, b: string): boolean {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left === null || right === null) return false;
  return left.some((part, index) => right[index] !== undefined && Number(part) !== Number(right[index]));
}

const REFERENCE_COMMENT = /^#\s*(?:(?:image|tag|pinned|from|was)\s*[:=]\s*)?([a-z0-9][\w./:-]{0,300})\s*$/i;

function isSameRepository(a: ImageReference, b: ImageReference): boolean {
  return a.registry === b.registry && a.repository === b.repository;
}

/** The tag that the comment right above a use gives for the same repository, such as `# golang:1.27.1`. */
function commentedTag({ reference, span }: ImageUse, { source }: DockerfileFacts): string | null {
  const { line } = source.positionAt(span.start);
  if (line < 2) return null;
  const text = source.slice(source.lineSpan(line - 1)).trim();
  const written = REFERENCE_COMMENT.exec(text)?.[1];
  const parsed = written === undefined ? null : parseImageReference(written);
  return parsed !== null && parsed.ok && parsed.value.tag !== null && isSameRepository(parsed.value, reference)
    ? parsed.value.tag
    : null;
}

function pinned(uses: readonly ImageUse[]): readonly Pinned[] {
  return uses.flatMap((use) => {
    const { registry, repository, tag, digest } = use.reference;
    return digest === null ? [] : [{ use, name: `${registry}/${repository}`, tag, digest }];
  });
}

/** Groups in the order of their first member. */
function grouped(list: readonly Pinned[], key: (each: Pinned) => string): readonly (readonly Pinned[])[] {
  const groups = new Map<string, Pinned[]>();
  for (const each of list) {
    const group = groups.get(key(each));
    if (group === undefined) groups.set(key(each), [each]);
    else group.push(each);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

function finding({ use }: Pinned, other: Pinned, message: string): RawFinding {
  const places = related(use).related ?? [];
  return {
    span: use.span,
    message,
    data: { image: use.resolved },
    related: [...places, { span: other.use.span, message: 'The other one stands here.' }],
  };
}

export const digestTagDisagrees = defineRule({
  id: 'WB1013',
  slug: 'digest-tag-disagrees',
  title: 'Digest and tag say different things',
  language: 'dockerfile',
  severity: 'warning',
  category: 'pinning',
  since: '0.1.0',
  why: 'With a digest the tag is only a remark for people: builders take the digest. A remark that was left behind makes reviewers, update bots and this tool judge another version than the one that is built.',
  controls: controls('CM-2', 'CM-8', 'SI-7', 'SR-11'),
  examples: {
    bad: [
      {
        text: `FROM golang:1.26@sha256:${'a'.repeat(64)} AS build\nFROM golang:1.27@sha256:${'a'.repeat(64)} AS test\nFROM scratch\nCOPY --from=build /a /a\nCOPY --from=test /b /b\nUSER 1000\n`,
        note: 'One digest cannot be two versions.',
      },
      {
        text: `FROM node:24.9@sha256:${'a'.repeat(64)} AS build\nFROM node:24.9@sha256:${'b'.repeat(64)}\nCOPY --from=build /a /a\nUSER node\n`,
        note: 'One version with two digests: one of them was left behind.',
      },
      {
        text: `# node:22.1\nFROM node:24.9@sha256:${'a'.repeat(64)}\nUSER node\n`,
        note: 'The comment above names another version.',
      },
    ],
    good: [
      {
        text: `FROM golang:1.27@sha256:${'a'.repeat(64)} AS build\nFROM golang:1.27.1-trixie@sha256:${'a'.repeat(64)} AS test\nFROM scratch\nUSER 1000\n`,
        note: 'A shorter and a longer tag of one image.',
      },
      {
        text: `# node:24\nFROM node:24.9@sha256:${'a'.repeat(64)} AS build\nFROM node:22@sha256:${'b'.repeat(64)}\nUSER node\n`,
        note: 'Two versions with two digests, and a comment that fits.',
        nearMiss: true,
      },
      {
        text: `FROM --platform=linux/amd64 node:24.9@sha256:${'a'.repeat(64)} AS amd64\nFROM --platform=linux/arm64 node:24.9@sha256:${'b'.repeat(64)} AS arm64\nFROM arm64\nUSER node\n`,
        note: 'One tag on two platforms has two digests.',
      },
      {
        text: 'FROM node:24.9 AS build\nFROM node:22.1\nUSER node\n',
        note: 'No digest, nothing to disagree with.',
      },
    ],
  },
  refs: ['OCI image specification: descriptors', 'Reference grammar of the distribution project'],
  *check({ facts, shared }) {
    const all = pinned(shared.uses);
    for (const group of grouped(all, ({ name, digest }) => `${name}@${digest}`)) {
      const [first] = group;
      const other = group.find(({ tag }) => conflict(first?.tag ?? '', tag ?? ''));
      if (first === undefined || other === undefined) continue;
      yield finding(
        other,
        first,
        `One digest stands here as ${other.tag ?? ''} and elsewhere as ${first.tag ?? ''}, and builders go by the digest. Look up which version it is, and correct the other.`,
      );
    }
    const tagged = all.filter(({ tag }) => tag !== null && versionOf(tag) !== null);
    for (const group of grouped(tagged, ({ name, tag, use }) => `${name}:${tag ?? ''} ${use.stage?.platform ?? ''}`)) {
      const [first] = group;
      const other = group.find(({ digest }) => digest !== first?.digest);
      if (first === undefined || other === undefined) continue;
      yield finding(
        other,
        first,
        `${other.name}:${other.tag ?? ''} has another digest here than elsewhere in this file, so two builds of it are mixed. Pin both to the same digest.`,
      );
    }
    for (const { use, tag } of all) {
      const comment = commentedTag(use, facts);
      // Without a tag there is no version either.
      if (comment === null || !conflict(comment, tag ?? '')) continue;
      yield {
        span: use.span,
        severity: 'info',
        message: `The comment above names ${comment}, the reference ${tag ?? ''}, and builders go by the digest. Look up which version it is, and correct the other.`,
        data: { image: use.resolved },
        ...related(use),
      };
    }
  },
});
