// SPDX-License-Identifier: Apache-2.0
import { readArguments } from './options.ts';
import type { Invocation } from './invocation.ts';
import type { ShellWord } from './model.ts';

/** Evidence that a step takes away or never makes. */
export interface LostEvidence {
  readonly word: ShellWord;
  readonly kind: 'packages' | 'sbom' | 'attestation' | 'revision';
  /** What is lost, in words that begin a sentence. */
  readonly what: string;
}

/** Databases of package managers, whole or the part that lists packages; caches and locks beside them are none. */
const DATABASES: readonly (readonly [RegExp, string])[] = [
  [
    /^\/var\/lib\/dpkg(?:\/?\*?|\/status(?:\*|\.d(?:\/\*?)?)?|\/info(?:\/?\*?|\/\*\.list))$/,
    'the database of dpkg packages',
  ],
  [/^(?:\/usr)?\/lib\/apk(?:\/?\*?|\/db(?:\/?\*?|\/installed))$/, 'the database of apk packages'],
  [
    /^(?:\/var\/lib\/rpm|\/usr\/lib\/sysimage\/rpm|\/usr\/share\/rpm)(?:\/?\*?|\/rpmdb\.sqlite\*?|\/Packages(?:\.db)?)$/,
    'the database of rpm packages',
  ],
  [/^\/var\/lib\/pacman(?:\/?\*?|\/local(?:\/?\*?))$/, 'the database of pacman packages'],
  [/\/(?:site|dist)-packages\/[^/]*\.(?:dist|egg)-info(?:\/?\*?)$/, 'the names and versions of Python packages'],
];
const SBOM =
  /^\/var\/lib\/db\/sbom(?:\/|$)|^\/.*(?:\.(?:spdx|cdx|syft)\.json|\.spdx|(?:^|[/._-])sbom[^/]*\.(?:json|xml))$/;

function removed({ args }: Invocation): readonly LostEvidence[] {
  return readArguments(args).operands.flatMap((word): readonly LostEvidence[] => {
    if (word.value.length > 300) return [];
    const database = DATABASES.find(([path]) => path.test(word.value));
    if (database !== undefined) return [{ word, kind: 'packages', what: database[1] }];
    return SBOM.test(word.value) ? [{ word, kind: 'sbom', what: 'an SBOM of the image' }] : [];
  });
}

function builds({ name, args }: Invocation): boolean {
  if (!['docker', 'podman', 'nerdctl', 'buildx'].includes(name)) return false;
  return args.slice(0, 3).some(({ value }) => value === 'build' || value === 'bake');
}

const OFF = /^(?:0|f|false)$/i;

function switchedOff({ args }: Invocation): readonly LostEvidence[] {
  return args.flatMap((word): readonly LostEvidence[] => {
    const [, option = '', value = ''] = /^--(provenance|sbom)=(.*)$/s.exec(word.value) ?? [];
    if (option === '' || !OFF.test(value)) return [];
    return [
      { word, kind: 'attestation', what: option === 'sbom' ? 'the SBOM attestation' : 'the provenance attestation' },
    ];
  });
}

/** What a command takes away of the evidence about the image it runs in, or keeps from being made. */
export function lostEvidence(invocation: Invocation): readonly LostEvidence[] {
  const { name, args } = invocation;
  if (name === 'rm' || name === 'unlink' || name === 'shred') return removed(invocation);
  if (name === 'go') {
    const word = args.find(({ value }) => /^--?buildvcs=(?:0|f|false)$/i.test(value));
    return word === undefined ? [] : [{ word, kind: 'revision', what: 'the revision in the Go binary' }];
  }
  return builds(invocation) ? switchedOff(invocation) : [];
}
