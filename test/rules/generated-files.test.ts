// SPDX-License-Identifier: Apache-2.0
// Hand-made files and 5,000 from the grammar: none throws, every base is told, and what only a builder has is not said
// of what is shipped.
import assert from 'node:assert/strict';
import type { DockerfileFacts, Stage } from '../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';
import { handMade } from '../support/cases.ts';
import { grammarFile, Random, type MadeFile } from '../support/dockerfile-grammar.ts';
import { lintText } from '../support/linting.ts';

const SEED = 20_261_125;
const GENERATED = 5000;

/** Rules that without a policy speak only of what is shipped. */
const OF_THE_SHIPPED = new Set(['WB1001', 'WB1002', 'WB1006', 'WB1007', 'WB1023', 'WB1024', 'WB1026']);
/** Rules about references and secrets in the file itself, whatever becomes of the stage. */
const OF_THE_FILE = new Set([
  ...['WB1003', 'WB1004', 'WB1005', 'WB1008', 'WB1009', 'WB1010', 'WB1011', 'WB1012', 'WB1013'],
  ...['WB1032', 'WB1043'],
]);

/** Stages by how the last one comes by them, told from the words of the file alone. */
function reached({ stages }: DockerfileFacts): {
  readonly shipped: ReadonlySet<Stage>;
  readonly built: ReadonlySet<Stage>;
} {
  const shipped = new Set<Stage>();
  const built = new Set<Stage>();
  const named = (name: string, before: number): Stage | undefined =>
    stages.findLast((each) => each.index < before && each.name?.toLowerCase() === name.toLowerCase()) ??
    (/^\d+$/.test(name) && Number(name) < before ? stages[Number(name)] : undefined);
  const walk = (stage: Stage | undefined, ships: boolean): void => {
    if (stage === undefined || (ships ? shipped : built).has(stage)) return;
    (ships ? shipped : built).add(stage);
    if (stage.base.kind === 'stage') walk(stages[stage.base.index], ships);
    for (const { flags, trigger } of stage.instructions) {
      for (const { name, value } of [...flags, ...(trigger?.flags ?? [])]) {
        const from =
          name === 'from' ? value : name === 'mount' ? /(?:^|,)"?from=([^,"]+)/i.exec(value ?? '')?.[1] : null;
        if (from !== null && from !== undefined) walk(named(from, stage.index), false);
      }
    }
  };
  walk(stages.at(-1), true);
  return { shipped, built };
}

function check({ text, buildArgs }: MadeFile): number {
  const severities = Object.fromEntries(dockerfileRules.map(({ slug, severity }) => [slug, severity]));
  const facts = parseDockerfile(text, { buildArgs });
  const { findings } = lintText(text, { severities, dockerfile: { buildArgs } });
  const { shipped, built } = reached(facts);
  for (const { ruleId, span } of findings) {
    const stage = facts.stages.findLast(({ from }) => from.span.start <= span.start);
    if (stage === undefined) continue;
    const said = `${ruleId} in stage ${stage.index} of\n${text}`;
    if (OF_THE_SHIPPED.has(ruleId)) assert.ok(shipped.has(stage), said);
    else if (!OF_THE_FILE.has(ruleId)) assert.ok(shipped.has(stage) || built.has(stage), said);
  }
  return findings.length;
}

describe('hand-made and generated files', function () {
  this.timeout(60_000);

  it('have no finding about the shipped image on what only a builder has', () => {
    let findings = 0;
    for (const { text } of handMade()) findings += check({ text, buildArgs: {} });
    assert.ok(findings > 500, String(findings));
    const random = new Random(SEED);
    for (let i = 0; i < GENERATED; i++) findings += check(grammarFile(random));
    assert.ok(findings > GENERATED, String(findings));
  });

  it('would show one that is wrong', () => {
    const facts = parseDockerfile('FROM a AS b\nFROM c AS d\nFROM e\nCOPY --from=b /x /x\n');
    const { shipped, built } = reached(facts);
    assert.deepEqual([...shipped], [facts.stages[2]]);
    assert.deepEqual([...built], [facts.stages[0]]);
  });
});
