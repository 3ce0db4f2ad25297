// SPDX-License-Identifier: Apache-2.0
// A real TUF repository on this machine with one trusted root in it.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { initializeTUFRepo, tufHandlers } from '@tufjs/repo-mock';

export interface TufMirror {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Path of its first root.json. */
  readonly rootPath: string;
  /** Paths that were asked for; a test empties it. */
  readonly asked: string[];
  readonly stop: () => void;
}

/** Serves `trustedRoot` as trusted_root.json; the first root is put into `folder`. */
export async function startTufMirror(folder: string, trustedRoot: unknown): Promise<TufMirror> {
  const repository = initializeTUFRepo([{ name: 'trusted_root.json', content: JSON.stringify(trustedRoot) }]);
  const handlers = new Map(tufHandlers(repository, { metadataPathPrefix: '' }).map(({ path, fn }) => [path, fn]));
  // Targets are asked for by their hash as well.
  const answer = (path: string): { statusCode: number; response: string | Buffer } =>
    handlers.get(path.replace(/^\/targets\/[0-9a-f]{64}\./, '/targets/'))?.() ?? { statusCode: 404, response: '' };
  const rootPath = join(folder, 'first-root.json');
  writeFileSync(rootPath, answer('/1.root.json').response);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const { statusCode, response: body } = answer(path);
    response.writeHead(statusCode).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rootPath,
    asked,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
