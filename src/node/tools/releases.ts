// SPDX-License-Identifier: Apache-2.0
// The versions that Waybill is tested with and the vendor's releases of them; releases.json says where each hash is from.
import data from './releases.json' with { type: 'json' };

export const TOOL_NAMES = ['syft', 'grype'] as const;
export type ManagedTool = (typeof TOOL_NAMES)[number];

/** An archive of the vendor's release for one platform. */
export interface ReleaseAsset {
  readonly url: string;
  readonly sha256: string;
}

export interface GoSource {
  readonly module: string;
  readonly package: string;
  readonly ldflags: string;
}

export const testedVersion = (name: ManagedTool): string => data.tools[name].version;

export const goSource = (name: ManagedTool): GoSource => data.tools[name].go;

/** What people call it. */
export const toolTitle = (name: ManagedTool): string => (name === 'syft' ? 'Syft' : 'Grype');

/** Where the vendor's release of the tested version is. */
export const releaseBase = (name: ManagedTool): string => data.tools[name].base;

/** The pinned archive for a platform such as 'linux-x64'; null where no hash is known for it. */
export function releaseAsset(name: ManagedTool, platform: string): ReleaseAsset | null {
  const assets: Readonly<Record<string, { readonly file: string; readonly sha256: string }>> = data.tools[name].assets;
  const asset = Object.hasOwn(assets, platform) ? assets[platform] : undefined;
  return asset === undefined ? null : { url: new URL(asset.file, releaseBase(name)).href, sha256: asset.sha256 };
}
