// SPDX-License-Identifier: Apache-2.0

export const LANGUAGES = ['dockerfile', 'apko', 'melange'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `Dockerfile` or `Containerfile`, either with a prefix or suffix set off by `.`, `-` or `_`, or `*.dockerfile`; any case. */
const DOCKERFILE_NAME = /^(?:(?:.*[._-])?(?:dockerfile|containerfile)(?:[._-].*)?|.*\.dockerfile)$/i;
/** The ignore file that belongs to a Dockerfile carries its name and is none. */
const IGNORE_FILE = /\.dockerignore$/i;

/** The language of a file by its name, null where its name does not say. */
export function detectByName(fileName: string): Language | null {
  return DOCKERFILE_NAME.test(fileName) && !IGNORE_FILE.test(fileName) ? 'dockerfile' : null;
}
