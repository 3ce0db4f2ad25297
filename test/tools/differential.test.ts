// SPDX-License-Identifier: Apache-2.0
// WB3000 and WB2000 against the real libraries of melange and apko: the same files refused, and the right line named.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apkoStructs } from '../../src/core/apko/structs.ts';
import { buildProblems } from '../../src/core/melange/build.ts';
import { builtinPipelines } from '../../src/core/melange/pipelines.ts';
import { melangeStructs, pipelineType } from '../../src/core/melange/structs.ts';
import { readMelange } from '../../src/core/melange/validate.ts';
import { decodeInto } from '../../src/core/yaml/decoder/decode.ts';
import { parseGoYaml } from '../../src/core/yaml/reader/parse.ts';
import { coverage } from '../support/config-coverage.ts';
import { validFiles, type ConfigFile } from '../support/config-corpus.ts';
import { mutants, MUTATIONS, noised, type Mutant } from '../support/config-mutants.ts';
import { compare, touching, type Comparison } from '../support/differential.ts';
import { Random } from '../support/dockerfile-grammar.ts';
import { moduleSource } from '../testbed/go.ts';
import { projectRoot } from '../testbed/paths.ts';
import { toolPath } from '../testbed/tools.ts';

const SEED = 20_261_125;
const MUTANTS = 3600;
const NOISED = 3000;

type TypeTable = Readonly<Record<string, { readonly fields: Readonly<Record<string, string>> }>>;

function told({ disagreements }: Comparison<ConfigFile>): string {
  return disagreements
    .slice(0, 5)
    .map(({ file, theirs, ours }) => `${file.name}\n  theirs: ${theirs}\n  ours: ${ours}\n${file.text}`)
    .join('\n');
}

describe('melange and apko files as the real libraries take them', function () {
  this.timeout(1_200_000);
  let program = '';
  const files = validFiles();

  before(async () => {
    program = await toolPath('config-check');
  });

  it('knows every key of the structs, found by reflection', () => {
    const { stdout, status } = spawnSync(program, ['types'], { encoding: 'utf8' });
    assert.equal(status, 0);
    const types = JSON.parse(stdout) as TypeTable;
    const found = Object.fromEntries(Object.entries(types).map(([name, { fields }]) => [name, fields]));
    assert.deepEqual(melangeStructs, found);
    const own = Object.fromEntries(Object.entries(found).filter(([name]) => name.startsWith('apko.')));
    assert.deepEqual(apkoStructs, own);
  });

  it('knows every built-in pipeline with its inputs', async () => {
    const folder = join(await moduleSource('chainguard.dev/melange', 'v0.59.1'), 'pkg', 'build', 'pipelines');
    const found = new Map<string, (typeof builtinPipelines)[string]>();
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.yaml')) continue;
      const text = readFileSync(join(folder, path), 'utf8');
      const { root } = parseGoYaml(text);
      assert.ok(root, path);
      const { value, problems } = decodeInto(root, pipelineType());
      assert.deepEqual(problems, [], path);
      const inputs = [...value.structMap('inputs')].map(([name, { value: input }]) => {
        const given = input.node('default');
        return [
          name,
          {
            ...(input.bool('required') ? { required: true } : {}),
            ...(given === null || given.tag === '!!null' ? {} : { default: input.string('default') }),
          },
        ] as const;
      });
      const variables = [...text.matchAll(/\$\{\{\s*([A-Za-z0-9._-]+)\s*\}\}/g)].map(([, name = '']) => name);
      found.set(path.slice(0, -'.yaml'.length).replaceAll('\\', '/'), {
        inputs: Object.fromEntries(inputs),
        variables: [...new Set(variables)].filter((name) => !name.startsWith('inputs.')).toSorted(),
      });
    }
    assert.deepEqual(builtinPipelines, Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  });

  it('has at least 300 valid files, which both sides take', () => {
    assert.ok(files.length >= 300, String(files.length));
    assert.equal(new Set(files.map(({ text }) => text)).size, files.length);
    const comparison = compare(program, files);
    assert.deepEqual(comparison.disagreements.length, 0, told(comparison));
    assert.equal(comparison.refused, 0);
  });

  it('shows every key and every built-in pipeline in two valid files', () => {
    const list = JSON.parse(
      readFileSync(join(projectRoot, 'test', 'fixtures', 'melange', 'coverage.json'), 'utf8'),
    ) as Record<string, readonly string[]>;
    const wanted = [
      ...Object.entries(melangeStructs).flatMap(([name, fields]) => Object.keys(fields).map((key) => `${name}.${key}`)),
      ...Object.keys(builtinPipelines).map((name) => `uses: ${name}`),
    ];
    assert.deepEqual(Object.keys(list).toSorted(), wanted.toSorted());
    const shown = coverage(files);
    for (const [each, names] of Object.entries(list)) {
      assert.ok(names.length >= 2, each);
      for (const name of names) assert.ok(shown.get(each)?.includes(name), `${name} does not show ${each}`);
    }
  });

  it(`agrees on ${MUTANTS} mutants and names the line`, () => {
    const made = mutants(files, MUTANTS, new Random(SEED));
    assert.equal(made.length, MUTANTS);
    const comparison = compare(program, made);
    const agreement = 1 - comparison.disagreements.length / MUTANTS;
    assert.deepEqual(comparison.falseRefusals.length, 0, told(comparison));
    assert.ok(agreement >= 0.995, `${agreement}\n${told(comparison)}`);
    const right = touching(comparison);
    for (const mutation of MUTATIONS) {
      const of = (those: readonly Mutant[]): number => those.filter((file) => file.mutation === mutation).length;
      const refused = of(comparison.bothRefuse.map(({ file }) => file));
      assert.ok(refused >= 100, `${mutation}: ${refused}`);
      console.log(`      ${mutation}: ${refused} refused, ${of(right)} with the right line`);
    }
    const share = right.length / comparison.bothRefuse.length;
    console.log(
      `      agreement ${(100 * agreement).toFixed(2)} %, right line ${(100 * share).toFixed(1)} % of ${comparison.bothRefuse.length}`,
    );
    assert.ok(share >= 0.95, String(share));
  });

  it(`agrees on ${NOISED} files with characters put in and taken out anywhere`, () => {
    const random = new Random(SEED + 1);
    const comparison = compare(
      program,
      Array.from({ length: NOISED }, () => noised(random.pick(files), random)),
    );
    assert.deepEqual(comparison.falseRefusals.length, 0, told(comparison));
    assert.ok(comparison.disagreements.length <= NOISED * 0.002, told(comparison));
    assert.ok(comparison.refused > NOISED / 4 && comparison.refused < NOISED, String(comparison.refused));
  });

  it('says that a build would fail only where melange compile fails as well', async () => {
    const melange = await toolPath('melange');
    const folder = mkdtempSync(join(tmpdir(), 'waybill-compile-'));
    try {
      const random = new Random(SEED + 2);
      const own = files.filter(({ language }) => language === 'melange');
      const made = [...own.filter((_, i) => i % 2 === 0), ...mutants(own, 300, random)];
      let compared = 0;
      let missed = 0;
      let failed = 0;
      for (const { text } of made) {
        const { config, problems } = readMelange(text);
        if (problems.length > 0 || config === null) continue;
        const path = join(folder, 'config.yaml');
        writeFileSync(path, text);
        const { status, stderr } = spawnSync(melange, ['compile', '--arch', 'x86_64', path], { encoding: 'utf8' });
        // Conditions are evaluated in the build itself; the scripts of a step are not judged as shell.
        if (/skip this arch|stripping runs comments/.test(stderr)) continue;
        // Whether one variable knows another is left to chance: melange reads them in the order of a Go map.
        const ours = buildProblems(config, () => null).filter(
          ({ message }) => !message.includes('condition') && !message.includes('may not know yet'),
        );
        compared++;
        if (status !== 0) failed++;
        if (status !== 0 && ours.length === 0) missed++;
        assert.ok(status !== 0 || ours.length === 0, `${ours[0]?.message}\n${text}`);
      }
      assert.ok(compared >= 100 && failed >= 30, `${compared} ${failed}`);
      assert.ok(missed <= compared * 0.05, `${missed} of ${compared}`);
      console.log(`      ${compared} files compared, ${failed} of them fail, ${missed} not found`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
