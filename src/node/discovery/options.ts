// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../../core/model/problem.ts';
import type { Result } from '../../core/model/result.ts';
import type { Cancel, ImageSource, Log } from '../../core/ports.ts';

export interface DiscovererOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Node's name of this machine's architecture, for an image with several platforms where none was asked for. */
  readonly architecture: string;
  /** `HOST` or `HOST:PORT` of registries that the user named as spoken to without TLS; this machine always may be. */
  readonly insecureHosts?: readonly string[];
  /** Milliseconds for one exchange with a registry; 30,000 without. */
  readonly timeout?: number;
  /** Milliseconds for everything together; 120,000 without. What was not looked at by then is said to be. */
  readonly deadline?: number;
  /** Base of GitHub's API without a slash at its end; GitHub Enterprise has its own. */
  readonly githubApi?: string;
  /**
   * References with digests (`NAME@sha256:…`) under which a local engine knows an image. They are told, and asked only
   * where the request says so.
   */
  readonly repoDigests?: (source: ImageSource, cancel: Cancel) => Promise<Result<readonly string[], Problem>>;
}
