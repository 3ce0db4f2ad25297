// SPDX-License-Identifier: Apache-2.0
// What an apko or melange file builds on: its base image, repositories and packages, for `waybill bases`.
import { readApko } from '../apko/validate.ts';
import { readMelange } from '../melange/validate.ts';
import { hostOf, repositoriesOf, packagesOf, splitPackage, splitTag } from '../rules/config-values.ts';
import { SourceText } from '../text/source-text.ts';
import type { YamlLanguage } from '../yaml/detect.ts';
import type { BasesDocument } from './bases-schema.ts';

type BasesFile = BasesDocument['files'][number];
/** What a file in YAML says; an apko file has one stage, its image, and a melange file none. */
export type ConfigBases = Pick<BasesFile, 'error' | 'stages' | 'contents'>;

/** Without a base image apko starts from nothing. What a file includes is not looked into. */
export function configBases(text: string, language: YamlLanguage): ConfigBases {
  const source = new SourceText(text);
  const file = language === 'apko' ? readApko(text) : readMelange(text);
  const lineOf = (offset: number): number => source.positionAt(offset).line;
  const [problem] = file.problems;
  if (problem !== undefined || file.config === null) {
    const why =
      problem === undefined ? (file.limit ?? 'it is empty') : `line ${lineOf(problem.span.start)}: ${problem.message}`;
    return { error: why, stages: [], contents: null };
  }
  const holder = language === 'apko' ? file.config : file.config.struct('environment');
  const contents = holder?.struct('contents') ?? null;
  const baseImage = contents?.struct('baseimage') ?? null;
  const image = baseImage?.node('image') ?? null;
  const key = contents === null ? null : (file.config.fields.get('contents')?.key ?? null);
  const stage: BasesFile['stages'][number] = {
    index: 0,
    name: null,
    line: lineOf((image ?? key ?? file.root)?.start ?? 0),
    written: baseImage?.string('image') ?? 'scratch',
    // A base image is a folder beside the file, and no reference.
    resolved: baseImage === null ? 'scratch' : null,
    kind: baseImage === null ? 'scratch' : 'unknown',
    platform: null,
    final: true,
    assumed: [],
    verdict: null,
  };
  return {
    error: null,
    stages: language === 'apko' ? [stage] : [],
    contents: {
      include: language === 'apko' && file.config.string('include') !== '' ? file.config.string('include') : null,
      baseImage:
        baseImage === null
          ? null
          : { image: baseImage.string('image'), apkindex: baseImage.string('apkindex') || null },
      repositories: repositoriesOf(holder).map(({ text: written, span }) => {
        const { tag, address } = splitTag(written);
        return { line: lineOf(span.start), written, tag, address, host: hostOf(address) };
      }),
      packages: packagesOf(holder).map(({ text: written, span }) => {
        const { name, operator, version, tag } = splitPackage(written);
        return {
          line: lineOf(span.start),
          written,
          name,
          operator: operator === '' ? null : operator,
          version: version === '' ? null : version,
          tag: tag === '' ? null : tag,
        };
      }),
    },
  };
}
