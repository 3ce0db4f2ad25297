// SPDX-License-Identifier: Apache-2.0

/** Files of other tools that hold Dockerfiles or name images. */
export type EmbeddingKind = 'compose' | 'devcontainer' | 'bake';

const COMPOSE = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
const DEVCONTAINER = /(?:^|\/)(?:\.devcontainer\.json|\.devcontainer\/(?:[^/]+\/)?devcontainer\.json)$/;
const BAKE = /^docker-bake(?:\.override)?\.(?:json|hcl)$/;

/** What a file is by its path alone: only the names that these tools look for themselves. */
export function detectEmbedding(path: string): EmbeddingKind | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (COMPOSE.test(name)) return 'compose';
  if (DEVCONTAINER.test(path)) return 'devcontainer';
  return BAKE.test(name) ? 'bake' : null;
}
