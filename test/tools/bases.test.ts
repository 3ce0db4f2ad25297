// SPDX-License-Identifier: Apache-2.0
// `waybill bases` against BuildKit's own parser: the same stages, names, bases and platforms, and the same files refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseImageReference } from '../../src/core/model/image-reference.ts';
import { basesDocument } from '../../src/core/output/bases.ts';
import { basesDocumentSchema, type BasesDocument } from '../../src/core/output/bases-schema.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { handMade } from '../support/cases.ts';
import { corpus, corpusFeatures } from '../support/corpus.ts';
import { damagedFile, grammarFile, Random, type MadeFile } from '../support/dockerfile-grammar.ts';
import { lintText, underPolicy } from '../support/linting.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

type File = BasesDocument['files'][number];
interface Judged {
  readonly error: string | null;
  readonly stages: readonly {
    readonly name: string | null;
    readonly line: number;
    readonly written: string;
    readonly resolved: string | null;
    readonly kind: string;
    readonly platform: string | null;
  }[];
}

const CLI = join(projectRoot, 'dist', 'cli.js');
const SEED = 20261125;
/** Half of them from the grammar. */
const GENERATED = 10_000;

function judge(program: string, files: readonly MadeFile[]): readonly Judged[] {
  const input = files.map(({ text, buildArgs }) => `${JSON.stringify({ text, buildArgs })}\n`).join('');
  const { status, stdout, stderr } = spawnSync(program, [], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr.slice(-2000));
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Judged);
  assert.equal(answers.length, files.length);
  return answers;
}

const ours = ({ text, buildArgs }: MadeFile): File => {
  const [file] = basesDocument([{ path: 'Dockerfile', language: 'dockerfile', text }], { buildArgs }, () => null).files;
  assert.ok(file);
  return file;
};

/** What the two sides have to agree on; a refused file has no stages worth comparing. */
const agreed = ({ error, stages }: File | Judged): unknown =>
  error !== null
    ? 'refused'
    : stages.map(({ name, line, written, resolved, kind, platform }) => ({
        name,
        line,
        written,
        resolved,
        kind,
        platform,
      }));

function assertAgree(files: readonly MadeFile[], mine: readonly File[], theirs: readonly Judged[]): void {
  files.forEach((file, i) => {
    const [own, judged] = [mine[i], theirs[i]];
    assert.ok(own !== undefined && judged !== undefined);
    assert.deepEqual(agreed(own), agreed(judged), `${JSON.stringify(file)}\n${own.error}\n${judged.error}`);
  });
}

/** `unknown` stands only where the expansion is empty, fails, or is no reference. */
function assertUnknownAllowed(file: File): void {
  for (const { kind, resolved } of file.stages) assert.equal(resolved === null, kind === 'unknown');
}

const share = (files: readonly File[]): string => {
  const stages = files.filter(({ error }) => error === null).flatMap((file) => file.stages);
  const unknown = stages.filter(({ kind }) => kind === 'unknown').length;
  return `${unknown} of ${stages.length} bases unknown (${((100 * unknown) / stages.length).toFixed(1)} %)`;
};

describe('bases as BuildKit reads them', function () {
  this.timeout(1_200_000);
  let program = '';
  let folder = '';
  const files = corpus();

  before(async () => {
    program = await toolPath('buildkit-parse');
    folder = mkdtempSync(join(tmpdir(), 'waybill-bases-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const cli = (args: readonly string[]): BasesDocument => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'bases', '--format', 'json', ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    assert.equal(status, 0, stderr);
    return basesDocumentSchema.parse(JSON.parse(stdout));
  };

  it('agrees on every file of the corpus, through the command', () => {
    const plain = files.filter(({ buildArgs }) => Object.keys(buildArgs).length === 0);
    mkdirSync(join(folder, 'corpus'));
    plain.forEach(({ text }, i) =>
      writeFileSync(join(folder, 'corpus', `${String(i).padStart(4, '0')}.dockerfile`), text),
    );
    const document = cli(['corpus']);
    assert.equal(document.files.length, plain.length);
    assertAgree(plain, document.files, judge(program, plain));
    document.files.forEach(assertUnknownAllowed);

    const given = files.filter(({ buildArgs }) => Object.keys(buildArgs).length > 0);
    assert.ok(given.length >= 2);
    const answers = given.map(({ text, buildArgs }, i) => {
      writeFileSync(join(folder, `given-${i}.dockerfile`), text);
      const options = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
      const [file] = cli([...options, '--', `given-${i}.dockerfile`]).files;
      assert.ok(file);
      return file;
    });
    assertAgree(given, answers, judge(program, given));
    console.log(`      ${files.length} files: ${share([...document.files, ...answers])}`);
  });

  it('has a corpus that is large enough and shows every feature twice', () => {
    const refused = judge(program, files).filter(({ error }) => error !== null).length;
    assert.ok(files.length >= 400, String(files.length));
    assert.ok(refused >= 100, String(refused));
    const features = corpusFeatures();
    const shown = (feature: string): number => files.filter((file) => file.features.includes(feature)).length;
    assert.deepEqual(
      features.filter((feature) => shown(feature) < 2),
      [],
    );
    assert.deepEqual([...new Set(files.flatMap((file) => file.features))].toSorted(), features);
  });

  it('says unknown exactly where the expansion is empty, fails, or is no reference', () => {
    for (const file of files) {
      for (const { kind, written } of ours(file).stages) {
        // Without variables and quotes the written base is the expanded one: then only a bad reference is unknown.
        if (!/["'\\$`]/.test(written) && kind === 'unknown')
          assert.equal(parseImageReference(written).ok, false, written);
      }
    }
  });

  it(`agrees on ${GENERATED} files from a grammar and from damage done to the corpus`, () => {
    const random = new Random(SEED);
    const made = Array.from({ length: GENERATED }, (_, i) =>
      i % 2 === 0 ? grammarFile(random) : damagedFile(random, files),
    );
    const theirs = judge(program, made);
    const mine = made.map(ours);
    assertAgree(made, mine, theirs);
    mine.forEach(assertUnknownAllowed);
    const accepted = theirs.filter(({ error }) => error === null).length;
    assert.ok(accepted > GENERATED / 5 && accepted < GENERATED - GENERATED / 5, String(accepted));
    console.log(`      ${made.length} files, ${accepted} of them accepted: ${share(mine)}`);
  });

  it('sees the same stages after every fix that is offered', async () => {
    const random = new Random(SEED + 1);
    const made = Array.from({ length: 1500 }, () => grammarFile(random));
    const examples = [
      ...handMade(),
      ...dockerfileRules.flatMap((rule) => [...rule.examples.bad, ...rule.examples.good]),
    ];
    const all: readonly (MadeFile & { readonly policy?: string })[] = [
      ...files,
      ...made,
      ...examples.map(({ text, policy = '' }) => ({ text, buildArgs: {}, policy })),
    ];
    const accepted = judge(program, all).flatMap((answer, i) => (answer.error === null ? [all[i]] : []));
    const fixed = [];
    for (const file of accepted) {
      if (file === undefined) continue;
      const { text, buildArgs, policy = '' } = file;
      const { findings } = lintText(text, { ...(await underPolicy(policy)), dockerfile: { buildArgs } });
      const offered = findings.flatMap(({ ruleId, fixes = [] }) =>
        fixes.map(({ edits, title }) => ({
          before: file,
          after: applyEdits(file.text, edits),
          what: `${ruleId} ${title}`,
        })),
      );
      fixed.push(...offered);
    }
    assert.ok(fixed.length > 2000, String(fixed.length));
    const asked = (texts: readonly MadeFile[]): readonly Judged[] => judge(program, texts);
    const before = asked(fixed.map((each) => each.before));
    const after = asked(fixed.map((each) => ({ text: each.after, buildArgs: each.before.buildArgs })));
    // Lines move, a tag may be another one, and the final stage may lose a platform that is not its own.
    const shape = ({ error, stages }: Judged, moved: boolean): unknown => ({
      error,
      stages: stages.map(({ name, kind, resolved }) => ({
        name,
        kind,
        image: moved ? null : resolved?.replace(/:[^:/@]+(?=@|$)/, ''),
      })),
    });
    let switches = 0;
    fixed.forEach(({ before: { text }, after: changed, what }, i) => {
      const [old, now] = [before[i], after[i]];
      assert.ok(old !== undefined && now !== undefined);
      const [, target] = / Switch to (.*)$/.exec(what) ?? [];
      const switched = target !== undefined;
      // `WB1011` takes the same image from a registry that the policy allows.
      const moved = switched || what.startsWith('WB1011 ');
      assert.deepEqual(shape(now, moved), shape(old, moved), `${what}\n${text}\n--\n${changed}`);
      if (!switched) return;
      // A switch gives one stage the image of its title, and every other stage stays to the letter.
      const others = now.stages.filter(({ resolved }, at) => resolved !== old.stages[at]?.resolved);
      switches++;
      assert.deepEqual(
        others.map(({ resolved }) => resolved?.replace(/^docker\.io\/(?:library\/)?/, '')),
        [target],
        changed,
      );
    });
    assert.ok(switches >= 12, String(switches));
  });
});
