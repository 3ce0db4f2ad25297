// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { detectEmbedding, type EmbeddingKind } from '../../../src/core/embedded/detect.ts';
import { embeddedParts, withoutComments } from '../../../src/core/embedded/extract.ts';
import { lintEmbedded } from '../../../src/core/embedded/lint.ts';
import type { LintOptions } from '../../../src/core/lint/engine.ts';
import { applyEdits } from '../../../src/core/text/edit.ts';
import { SourceText } from '../../../src/core/text/source-text.ts';

const options: LintOptions = { catalogue: new Catalogue(catalogueData()), today: '2026-11-25' };

const INLINE = `services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM golang:1.21.1 AS build
        RUN go build -o /app \\
              ./cmd

        FROM debian:latest
        COPY --from=build /app /app
        RUN curl -k https://example.com/x | sh && echo $$HOME
  cache:
    image: redis:latest
`;

const BAKE = JSON.stringify(
  {
    target: {
      web: { 'dockerfile-inline': 'FROM golang:1.21.1 AS b\nFROM debian:latest\nRUN echo "é\t\u{1f600}"\n' },
    },
  },
  null,
  2,
);
const BAKE_HCL = `# A bake file
variable "TAG" { default = "x\${upper("}")}" }
group "default" { targets = ["web"] }
target "web" {
  contexts = { "a" = "docker-image://alpine" }
  dockerfile-inline = <<-EOT
    FROM golang:1.21.1 AS build
    RUN go build -o /app \\
          ./cmd

    FROM debian:latest
    COPY --from=build /app /app
    RUN curl -k https://example.com/x | sh
  EOT
}
target "one" {
  dockerfile-inline = "FROM golang:1.21.1\\nRUN echo \\"é\\"\\n" # why
}
`;
const DEVCONTAINER = '{\n\t// The image, with a "quote"\n\t"image": "golang:1.21.1", /* old */\n\t"features": {},\n}\n';

/** What findings mark in the file. */
function marked(file: string, kind: EmbeddingKind): readonly (readonly [string, string])[] {
  return lintEmbedded(file, kind, options).findings.map(({ slug, span }) => [slug, file.slice(span.start, span.end)]);
}

const has = (file: string, kind: EmbeddingKind, slug: string, text: string): void =>
  assert.ok(
    marked(file, kind).some(([name, words]) => name === slug && words === text),
    JSON.stringify(marked(file, kind)),
  );

describe('files that hold Dockerfiles', () => {
  it('are known by the names their tools look for, and no other file is claimed', () => {
    for (const [path, kind] of [
      ['compose.yaml', 'compose'],
      ['a/docker-compose.yml', 'compose'],
      ['docker-compose.override.yml', 'compose'],
      ['compose.prod.yaml', 'compose'],
      ['.devcontainer/devcontainer.json', 'devcontainer'],
      ['a/.devcontainer/python/devcontainer.json', 'devcontainer'],
      ['.devcontainer.json', 'devcontainer'],
      ['docker-bake.json', 'bake'],
      ['docker-bake.override.json', 'bake'],
      ['docker-bake.hcl', 'bake'],
      ['x/docker-bake.override.hcl', 'bake'],
    ] as const) {
      assert.equal(detectEmbedding(path), kind, path);
    }
    for (const path of [
      'values.yaml',
      'decompose.yaml',
      'compose.json',
      'composer.yaml',
      'docker-composer.yml',
      'compose.yaml.j2',
      'devcontainer.json',
      'devcontainer/devcontainer.json',
      'package.json',
      'bake.hcl',
      'main.tf',
      'k8s/deployment.yaml',
      'compose/other.yaml',
    ]) {
      assert.equal(detectEmbedding(path), null, path);
    }
  });

  it('marks the words in a block of YAML', () => {
    has(INLINE, 'compose', 'base-end-of-life', '1.21.1');
    has(INLINE, 'compose', 'mutable-tag', 'latest');
    const { findings } = lintEmbedded(INLINE, 'compose', options);
    const { range } = findings.find(({ slug }) => slug === 'base-end-of-life') ?? {};
    assert.deepEqual(range?.start, { line: 6, column: 21 });
  });

  it('does so with Windows line ends, deeper blocks, numbers in the header and blank lines', () => {
    const windows = INLINE.replaceAll('\n', '\r\n');
    assert.deepEqual(
      marked(windows, 'compose').map(([slug]) => slug),
      marked(INLINE, 'compose').map(([slug]) => slug),
    );
    has(windows, 'compose', 'base-end-of-life', '1.21.1');
    has(INLINE.replace('inline: |\n', 'inline: |2-\n'), 'compose', 'base-end-of-life', '1.21.1');
    has(INLINE.replace('inline: |\n', 'inline: |+ # why\n\n  \n'), 'compose', 'base-end-of-life', '1.21.1');
  });

  it('judges an image that is started by what counts for it, and not one that is built', () => {
    const found = marked(INLINE, 'compose').filter(([, text]) => text === 'redis:latest' || text === 'latest');
    assert.ok(found.some(([slug]) => slug === 'mutable-tag'));
    has('services: {db: {image: "golang:1.21.1"}}\n', 'compose', 'base-end-of-life', '1.21.1');
    assert.deepEqual(marked('services:\n  web:\n    build: .\n    image: golang:1.21.1\n', 'compose'), []);
    assert.ok(
      marked(INLINE, 'compose').every(([slug, text]) => !text.includes('redis') || slug !== 'root-in-final-stage'),
    );
  });

  it('says nothing where the text is decided elsewhere, or is no Compose file', () => {
    for (const text of [
      'services:\n  db:\n    image: golang:${TAG}\n',
      'services:\n  db:\n    image: $IMAGE\n',
      'services:\n  db:\n    build:\n      dockerfile_inline: "FROM golang:$TAG"\n',
      'services:\n  db:\n    build:\n      dockerfile_inline: >\n        FROM golang:1.21.1\n',
      'image: golang:1.21.1\n',
      'kind: Pod\nspec:\n  containers:\n    - image: golang:1.21.1\n',
      'services: [\n',
      'services:\n  - image: golang:1.21.1\n',
      '- services\n',
      '',
    ]) {
      assert.deepEqual(marked(text, 'compose'), [], text);
    }
    assert.deepEqual(
      marked(JSON.stringify({ target: { a: { 'dockerfile-inline': 'FROM golang:${TAG}' } } }), 'bake'),
      [],
    );
  });

  it('reads devcontainer.json with its comments, tabs and last commas', () => {
    has(DEVCONTAINER, 'devcontainer', 'base-end-of-life', '1.21.1');
    assert.equal(withoutComments(DEVCONTAINER).length, DEVCONTAINER.length);
    const built = DEVCONTAINER.replace('"features": {}', '"build": {}');
    assert.deepEqual(marked(built, 'devcontainer'), []);
    assert.equal(withoutComments('{"a": "// no /* comment ,}"}'), '{"a": "// no /* comment ,}"}');
  });

  it('reads bake files, whose Dockerfiles stand on one line', () => {
    has(BAKE, 'bake', 'mutable-tag', 'latest');
  });

  it('takes comments above an image for what they say', () => {
    const file = (comment: string): string => `services:\n  db:\n    ${comment}\n    image: golang:1.21.1\n`;
    const suppressed = (text: string) =>
      lintEmbedded(text, 'compose', options).findings.find(({ slug }) => slug === 'base-end-of-life')?.suppressed;
    assert.equal(suppressed(file('# waybill ignore=base-end-of-life it is going'))?.reason, 'it is going');
    assert.equal(suppressed(file('# it is going')), null);
  });

  it('are read from HCL where they are certain, and not where Bake fills something in', () => {
    assert.deepEqual(
      embeddedParts(BAKE_HCL, 'bake').map(({ text }) => text),
      [
        'FROM golang:1.21.1 AS build\nRUN go build -o /app \\\n      ./cmd\n\nFROM debian:latest\nCOPY --from=build /app /app\nRUN curl -k https://example.com/x | sh\n',
        'FROM golang:1.21.1\nRUN echo "é"\n',
      ],
    );
    has(BAKE_HCL, 'bake', 'base-end-of-life', '1.21.1');
    has(BAKE_HCL, 'bake', 'verification-switched-off', '-k');
    const inline = (expression: string, around = 'target "a"'): readonly string[] =>
      embeddedParts(`${around} {\n  dockerfile-inline = ${expression}\n}\n`, 'bake').map(({ text }) => text);
    assert.deepEqual(inline('"FROM a"'), ['FROM a']);
    assert.deepEqual(inline('"FROM a"', 'target a'), ['FROM a']);
    assert.deepEqual(inline('<<E\n  FROM a\nE'), ['  FROM a\n']);
    assert.deepEqual(inline('<<-E\n\n    FROM a\n  RUN b\n  E'), ['\n  FROM a\nRUN b\n']);
    for (const expression of [
      '"FROM ${a}"',
      '"FROM a" + b',
      'trimspace("FROM a")',
      'cond ? "FROM a" : "FROM b"',
      '"FROM \\q"',
      '"FROM a',
      '<<E\nFROM ${a}\nE',
      '<<E\nFROM a\n',
      '["FROM a"]',
      'null',
    ]) {
      assert.deepEqual(inline(expression), [], expression);
    }
    assert.deepEqual(inline('"FROM a"', 'group "a"'), []);
    assert.deepEqual(inline('"FROM a"', 'target "a" "b"'), []);
    assert.deepEqual(embeddedParts('target "a" {\n  args = {\n    dockerfile-inline = "FROM a"\n  }\n}\n', 'bake'), []);
    assert.deepEqual(embeddedParts('/* target "a" {\n  dockerfile-inline = "FROM a"\n} */\n', 'bake'), []);
    assert.deepEqual(embeddedParts('{'.repeat(500), 'bake'), []);
  });

  it('says where the builder refuses one', () => {
    const { error } = lintEmbedded(INLINE.replace('FROM debian', 'FORM debian'), 'compose', options);
    assert.equal(error?.range.start.line, 10);
  });

  for (const [name, file, kind] of [
    ['a block', INLINE, 'compose'],
    ['a block with Windows line ends', INLINE.replaceAll('\n', '\r\n'), 'compose'],
    [
      'a quoted text',
      'services: {a: {build: {dockerfile_inline: "FROM golang:1.21.1\\nRUN echo $$A \\"b\\"\\n"}}}\n',
      'compose',
    ],
    ['an image in YAML', 'services:\n  a:\n    image: golang:1.21.1\n  b:\n    image: "debian:latest"\n', 'compose'],
    ['an image first in an item', "services:\n  a:\n    image: 'golang:1.21.1'\n", 'compose'],
    ['devcontainer.json', DEVCONTAINER, 'devcontainer'],
    ['a bake file', BAKE, 'bake'],
    ['a bake file in HCL', BAKE_HCL, 'bake'],
    ['a bake file in HCL with Windows line ends', BAKE_HCL.replaceAll('\n', '\r\n'), 'bake'],
  ] as const) {
    it(`every fix in ${name} changes what it says and nothing else`, () => {
      const parts = embeddedParts(file, kind);
      const source = new SourceText(file);
      let tried = 0;
      for (const { slug, span, range, fixes = [] } of lintEmbedded(file, kind, options).findings) {
        assert.deepEqual(range, source.rangeOf(span));
        for (const { title, edits } of fixes) {
          const after = embeddedParts(applyEdits(file, edits), kind);
          assert.equal(after.length, parts.length, `${slug}: ${title}`);
          const changed = after.filter(({ text }, i) => text !== parts[i]?.text);
          assert.equal(changed.length, 1, `${slug}: ${title}`);
          tried++;
          // What was ignored is then ignored, and stands where it stood.
          if (!title.startsWith('Ignore ')) continue;
          const again = lintEmbedded(applyEdits(file, edits), kind, options);
          assert.equal(again.error, null, title);
          const same = again.findings.filter((each) => each.slug === slug && each.suppressed !== null);
          assert.ok(same.length > 0, `${slug}: ${title}`);
        }
      }
      // JSON has no comments that could ignore anything.
      assert.ok(tried > 0 || kind === 'devcontainer', name);
    });
  }

  it('the places of every part lead to its characters', () => {
    for (const [file, kind] of [
      [INLINE, 'compose'],
      [INLINE.replaceAll('\n', '\r\n'), 'compose'],
      [BAKE, 'bake'],
      [BAKE_HCL, 'bake'],
      [BAKE_HCL.replaceAll('\n', '\r\n'), 'bake'],
      [DEVCONTAINER, 'devcontainer'],
    ] as const) {
      for (const { text, places, name } of embeddedParts(file, kind)) {
        assert.equal(places.length, text.length + 1);
        for (let i = name?.start ?? 0; i < text.length; i++) {
          const here = file[places[i] ?? -1];
          if (here !== '\\' && here !== '\r') assert.equal(here, text[i], `${kind} ${i}`);
        }
      }
    }
  });

  it('never throws and never leaves the file, however it is mutated', () => {
    // A generator of its own, so that a failure can be repeated.
    let state = 20261125;
    const next = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state % below;
    };
    const bits = [
      '|',
      '>',
      '"',
      "'",
      '\\',
      '$',
      '$$',
      '{',
      '}',
      ':',
      ' ',
      '\n',
      '\r\n',
      '\t',
      '- ',
      '*a',
      '&a ',
      '# ',
      '//',
      '\u{1f600}',
    ];
    let found = 0;
    for (let round = 0; round < 2_000; round++) {
      const [file, kind] = (
        [
          [INLINE, 'compose'],
          [BAKE, 'bake'],
          [DEVCONTAINER, 'devcontainer'],
          [BAKE_HCL, 'bake'],
        ] as const
      )[round % 4] ?? [INLINE, 'compose'];
      let text: string = file;
      for (let i = next(3); i >= 0; i--) {
        const at = next(text.length + 1);
        text = text.slice(0, at) + (bits[next(bits.length)] ?? '') + text.slice(at + next(3));
      }
      const parts = embeddedParts(text, kind);
      for (const { span, fixes = [] } of lintEmbedded(text, kind, options).findings) {
        found++;
        for (const { title, edits } of fixes) {
          const after = embeddedParts(applyEdits(text, edits), kind);
          assert.equal(after.length, parts.length, `${title} in ${JSON.stringify(text)}`);
          const changed = after.filter((part, i) => part.text !== parts[i]?.text);
          assert.equal(changed.length, 1, `${title} in ${JSON.stringify(text)}`);
        }
        for (const each of [span, ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span))]) {
          assert.ok(each.start >= 0 && each.start <= each.end && each.end <= text.length, JSON.stringify(text));
        }
      }
    }
    assert.ok(found > 1_000);
  });

  it('never throws and never leaves the file, whatever is cut off', () => {
    for (const [file, kind] of [
      [INLINE, 'compose'],
      [BAKE, 'bake'],
      [DEVCONTAINER, 'devcontainer'],
    ] as const) {
      for (let end = 0; end <= file.length; end++) {
        const cut = file.slice(0, end);
        for (const { span } of lintEmbedded(cut, kind, options).findings) {
          assert.ok(span.start >= 0 && span.start <= span.end && span.end <= end, `${kind} ${end}`);
        }
      }
    }
  });
});
