// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The smallest image there is, as an OCI layout: a configuration and no layer. Made once in a folder. */
export function layoutOf(folder: string): string {
  const root = join(folder, 'layout');
  if (existsSync(root)) return root;
  mkdirSync(join(root, 'blobs', 'sha256'), { recursive: true });
  const put = (document: unknown): { readonly digest: string; readonly size: number } => {
    const text = JSON.stringify(document);
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(root, 'blobs', 'sha256', hex), text);
    return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
  };
  const config = put({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } });
  const manifest = put({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [],
  });
  writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(root, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          ...manifest,
          platform: { architecture: 'amd64', os: 'linux' },
        },
      ],
    }),
  );
  return root;
}
