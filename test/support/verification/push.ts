// SPDX-License-Identifier: Apache-2.0
// Cases of the table as they lie in a registry.
import { BUNDLE_TYPE, MANIFEST_TYPE, pushBlob, pushManifest, type Repository } from '../../testbed/signing.ts';
import type { Recipe } from './fixtures.ts';
import type { CaseRequest } from './model.ts';

/** What the statement of a recipe says beside its subject; nothing for what is no statement. */
export const typeOf = ({ options: { content } }: Recipe): { predicateType: string; predicate: unknown } | object => {
  if (!('payload' in content)) return {};
  const { predicateType, predicate } = JSON.parse(content.payload.toString('utf8')) as {
    predicateType: string;
    predicate: unknown;
  };
  return { predicateType, predicate };
};

/** Put beside the image as Cosign does: a tag of the older form, or a bundle that refers to it. */
export async function pushEvidence(repository: Repository, digest: string, { item }: CaseRequest): Promise<void> {
  const bytes = Buffer.from(item.bytes, 'base64');
  const layerType = {
    bundle: BUNDLE_TYPE,
    'legacy-signature': 'application/vnd.dev.cosign.simplesigning.v1+json',
    'legacy-attestation': 'application/vnd.dsse.envelope.v1+json',
  }[item.kind as 'bundle' | 'legacy-signature' | 'legacy-attestation'];
  const layer = await pushBlob(repository, bytes, layerType);
  if (item.kind === 'bundle') {
    const config = await pushBlob(repository, Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
    const subject = { mediaType: MANIFEST_TYPE, digest, size: 0 };
    await pushManifest(repository, {
      ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType: BUNDLE_TYPE },
      config,
      layers: [layer],
      subject,
    });
    return;
  }
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const configuration = Buffer.from(JSON.stringify({ architecture: '', os: '', config: {}, rootfs }));
  const config = await pushBlob(repository, configuration, 'application/vnd.oci.image.config.v1+json');
  const layers = [{ ...layer, annotations: item.annotations }];
  const tag = `${digest.replace(':', '-')}.${item.kind === 'legacy-signature' ? 'sig' : 'att'}`;
  await pushManifest(repository, { ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE }, config, layers }, tag);
}
