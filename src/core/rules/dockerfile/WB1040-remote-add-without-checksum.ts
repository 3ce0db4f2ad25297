// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Stage } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { copySources } from '../copy-sources.ts';
import { defineRule } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { instructionsOf } from '../instructions.ts';

const REMOTE = /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@[^/:]+:)/i;
/** What BuildKit clones instead of downloading. */
const GIT = /^(?:git:\/\/|ssh:\/\/|git@)|^https?:\/\/[^#?]+\.git(?:[#?]|$)/i;
const COMMIT = /(?:#|[?&](?:ref|commit|checksum)=)(?:[0-9a-f]{40}|[0-9a-f]{64})(?:[:&]|$)/i;

/** No address is longer; the pattern's time would grow with the square. */
const MAX_ADDRESS = 4096;
const WHOLE_COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** True where a variable decides which commit it is, and its default is a whole one or comes from outside. */
function commitByVariable(written: string, stage: Stage, { globals }: DockerfileFacts): boolean {
  if (written.length > MAX_ADDRESS) return false;
  const name = /[#=]\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(?::[^#]*)?$/.exec(written)?.[1];
  if (name === undefined) return false;
  const settings = [...globals, ...stage.instructions].flatMap(settingsOf).filter((each) => each.name === name);
  const values = settings.flatMap(({ value, literal }) => (value === null ? [] : [literal ? value : null]));
  return values.every((value) => value === null || WHOLE_COMMIT.test(value));
}

export const remoteAddWithoutChecksum = defineRule({
  id: 'WB1040',
  slug: 'remote-add-without-checksum',
  title: 'ADD from the network without a checksum',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'What a URL answers can change between two builds, by its owner or by somebody else. ADD --checksum stops the build when the file is another one; a Git source is fixed by the whole commit.',
  controls: controls('SI-7', 'SI-7(1)', 'SR-3', 'SR-11'),
  examples: {
    bad: [
      {
        text: 'FROM scratch\nADD https://example.com/tool-1.2.tar.gz /opt/\nUSER 1000\n',
        note: 'Whatever the server answers that day.',
      },
      {
        text: 'FROM debian:13 AS build\nARG V=1.2\nADD --chmod=755 ["https://example.com/tool-${V}", "/bin/tool"]\nFROM scratch\nCOPY --from=build /bin/tool /\nUSER 1000\n',
        note: 'In a builder whose result is shipped, as a JSON array.',
      },
      {
        text: 'FROM scratch\nADD https://github.com/example/tool.git#v1.2 /src/\nUSER 1000\n',
        note: 'A tag of a Git repository can be moved.',
      },
    ],
    good: [
      {
        text: `FROM scratch\nADD --checksum=sha256:${'0'.repeat(64)} https://example.com/tool-1.2.tar.gz /opt/\nUSER 1000\n`,
        note: 'With a checksum another file stops the build.',
      },
      {
        text: `FROM scratch\nADD https://github.com/example/tool.git#${'0'.repeat(40)} /src/\nUSER 1000\n`,
        note: 'A Git source at a whole commit.',
        nearMiss: true,
      },
      { text: 'FROM scratch\nADD https /https/\nUSER 1000\n', note: 'A local file; its name only looks like a URL.' },
      {
        text: 'FROM debian:13 AS docs\nADD https://example.com/x.html /\nFROM scratch\nCOPY a /\nUSER 1000\n',
        note: 'Nothing of this stage reaches the final image.',
      },
    ],
  },
  refs: ['Dockerfile reference: ADD --checksum and Git sources'],
  *check({ facts, shared }) {
    for (const { instruction, stage } of instructionsOf(facts)) {
      if (instruction.keyword !== 'ADD' || shared.roles[stage.index] === 'unused') continue;
      if (instruction.flags.some(({ name, value }) => name === 'checksum' && value !== null && value !== '')) continue;
      for (const { text: written, span } of copySources(instruction, facts).sources) {
        if (!REMOTE.test(written) || COMMIT.test(written)) continue;
        if (GIT.test(written) && commitByVariable(written, stage, facts)) continue;
        yield {
          span,
          message: GIT.test(written)
            ? 'ADD takes what this Git reference points at on the day of the build. Name the whole commit behind #, or give ADD --checksum=COMMIT.'
            : 'ADD takes whatever this address answers on the day of the build. Give ADD --checksum=sha256:… of the file that was reviewed.',
        };
      }
    }
  },
});
