// SPDX-License-Identifier: Apache-2.0

/** `registry:cgr.dev/a/b:1` is `cgr.dev/a/b:1`. */
export function withoutScheme(reference: string): string {
  return reference.replace(/^(?:docker|podman|registry|oci-dir|oci-archive|docker-archive):/, '');
}

/** `sha256:9f2c41d7…` is `9f2c41d7`. */
export function shortDigest(digest: string): string {
  return digest.replace(/^[a-z0-9]+:/, '').slice(0, 8);
}
