// SPDX-License-Identifier: Apache-2.0

export const LANGUAGES = ['dockerfile', 'apko', 'melange'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `Dockerfile` or `Containerfile`, either with a prefix or suffix set off by `.`, `-` or `_`, or `*.dockerfile`; any case. */
const DOCKERFILE_NAME = /^(?:(?:.*[._-])?(?:dockerfile|containerfile)(?:[._-].*)?|.*\.dockerfile)$/i;
/** Companions whose names match and that are no Dockerfiles. */
const NOT_DOCKERFILE = /\.dockerignore$|\.(?:md|json|sarif|txt|ya?ml|ts|js|py|go|rs|java|sh)$/i;

/** The language of a file by its name, null where its name does not say. */
export function detectByName(fileName: string): Language | null {
  return DOCKERFILE_NAME.test(fileName) && !NOT_DOCKERFILE.test(fileName) ? 'dockerfile' : null;
}
