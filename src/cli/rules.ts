// SPDX-License-Identifier: Apache-2.0
import { ruleSummaries } from '../core/rules/summaries.gen.ts';
import { EXIT, type CliIo } from './io.ts';
import { oneOf, parseOptions } from './options.ts';

/** `waybill rules`: every rule with its severity and title. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values } = parseOptions(argv, { format: { type: 'string', default: 'text' } });
  const format = oneOf('--format', values.format, ['text', 'json']);
  if (format === 'json') {
    const rules = ruleSummaries().map(({ id, slug, title, language, severity, category, since, why, controls }) => ({
      id,
      slug,
      title,
      language,
      severity,
      category,
      since,
      why,
      controls: controls.map((control) => control.id),
    }));
    await io.stdout(`${JSON.stringify({ schemaVersion: 1, rules }, null, 2)}\n`);
  } else {
    const lines = ruleSummaries().map(
      ({ id, severity, slug, title }) => `${id}  ${severity.padEnd(8)} ${slug.padEnd(30)} ${title}`,
    );
    await io.stdout(`${lines.join('\n')}\n`);
  }
  return EXIT.ok;
}
