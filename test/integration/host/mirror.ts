// SPDX-License-Identifier: Apache-2.0
// A registry's front door on this machine that a suite can shut: it passes everything on to the real registry, or keeps
// back what is beside images, or is gone.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is answered: everything, no lists and no tags of signatures (403), nothing at all. */
export type Answers = 'everything' | 'images' | 'nothing';

export interface Mirror {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  answers: Answers;
  /** Paths that were asked for; a suite empties it. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}

/** Where evidence is looked for: the referrers API, and tags that are named after a digest. */
const BESIDE = /\/referrers\/|\/manifests\/sha256-/;

export async function startMirror(registry: string): Promise<Mirror> {
  const [hostname, port] = registry.split(':');
  const asked: string[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    asked.push(path);
    if (mirror.answers === 'nothing') {
      incoming.socket.destroy();
      return;
    }
    if (mirror.answers === 'images' && BESIDE.test(path)) {
      outgoing.writeHead(403, { 'content-type': 'application/json' });
      outgoing.end('{"errors":[{"code":"DENIED","message":"not for you"}]}');
      return;
    }
    const { method, headers } = incoming;
    const passed = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const mirror: Mirror = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: 'everything',
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return mirror;
}
