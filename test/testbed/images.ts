// SPDX-License-Identifier: Apache-2.0
// The images of the test bed: real programs and real packages, made without an engine, the same bytes each time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuiltImage, writeDockerArchive, writeOciArchive, writeOciLayout } from '../../scripts/lib/oci-layout.mjs';
import { cachedPart, inputKey, isCached } from './cache.ts';
import { goVersion } from './go.ts';
import { bigImage } from './images/big.ts';
import { debianAppImage, debianInputs, distrolessImage } from './images/debian.ts';
import { demoImage, demoInputs } from './images/demo.ts';
import { goappImage } from './images/goapp.ts';
import { projectRoot, testbedFile } from './paths.ts';

export type ImageName = 'goapp' | 'goapp-multi' | 'distroless' | 'debian-app' | 'demo' | 'big';

export const imageNames: readonly ImageName[] = ['goapp', 'goapp-multi', 'big', 'distroless', 'debian-app', 'demo'];

export interface ImagePaths {
  /** OCI layout folder: `oci-dir:` for Syft, and what pushImage takes. */
  readonly ociDir: string;
  /** The same layout as one file: `oci-archive:` for Syft. */
  readonly ociArchive: string;
  /** `docker-archive:` for Syft, and what an engine loads. Absent for an image index. */
  readonly dockerArchive?: string;
  /** Name and tag inside the docker-archive, for example 'waybill.test/goapp:1'. */
  readonly reference: string;
  /** Digest of what the layout's index.json names: a manifest, or an image index. */
  readonly digest: string;
  /** Digest of the image configuration (the image ID); absent for an image index. */
  readonly imageId?: string;
  /** The SBOM that the image's builder wrote (SPDX JSON); only for images built by apko. */
  readonly buildSbom?: string;
}

interface Recipe {
  /** Texts and files that decide the bytes. */
  readonly inputs: () => Promise<{ readonly texts: readonly string[]; readonly paths: readonly string[] }>;
  /** Fills the folder: `oci`, `oci.tar`, and for a single image `docker.tar`. */
  readonly make: (folder: string, reference: string) => Promise<Made>;
}

interface Made {
  readonly digest: string;
  readonly imageId?: string;
  /** Where the docker-archive names the image otherwise than asked. */
  readonly reference?: string;
}

interface Facts extends Made {
  readonly reference: string;
}

const writer = join(projectRoot, 'scripts', 'lib', 'oci-layout.mjs');

function writeAll(folder: string, reference: string, images: readonly BuiltImage[]): Made {
  const ociDir = join(folder, 'oci');
  const digest = writeOciLayout(ociDir, [...images], { tag: reference.slice(reference.lastIndexOf(':') + 1) });
  writeOciArchive(join(folder, 'oci.tar'), ociDir);
  const [first] = images;
  if (first === undefined || images.length > 1) return { digest };
  writeDockerArchive(join(folder, 'docker.tar'), first, reference);
  return { digest, imageId: first.config.digest };
}

const own = (name: string): string => testbedFile('images', name);

const recipes: Record<ImageName, Recipe> = {
  goapp: {
    inputs: async () => ({ texts: [await goVersion()], paths: [own('goapp'), own('goapp.ts'), writer] }),
    make: async (folder, reference) => writeAll(folder, reference, [await goappImage('amd64')]),
  },
  'goapp-multi': {
    inputs: async () => ({ texts: [await goVersion()], paths: [own('goapp'), own('goapp.ts'), writer] }),
    make: async (folder, reference) =>
      writeAll(folder, reference, [await goappImage('amd64'), await goappImage('arm64')]),
  },
  big: {
    inputs: async () => ({ texts: [], paths: [own('big.ts'), own('goapp.ts'), writer] }),
    make: async (folder, reference) => writeAll(folder, reference, [bigImage()]),
  },
  distroless: {
    inputs: async () => ({ texts: [await goVersion()], paths: [...debianInputs, writer] }),
    make: async (folder, reference) => writeAll(folder, reference, [await distrolessImage()]),
  },
  'debian-app': {
    inputs: async () => ({ texts: [await goVersion()], paths: [...debianInputs, writer] }),
    make: async (folder, reference) => writeAll(folder, reference, [await debianAppImage()]),
  },
  demo: {
    inputs: async () => ({ texts: [await goVersion()], paths: [...demoInputs, writer] }),
    make: demoImage,
  },
};

const partKey = async (name: ImageName): Promise<string> => `images/${name}-${inputKey(await recipes[name].inputs())}`;

/** Makes an image once more, into a folder of the caller's, and answers its digest. */
export const remakeImage = async (name: ImageName, folder: string): Promise<string> =>
  (await recipes[name].make(folder, `waybill.test/${name}:1`)).digest;

/** True where an image is made already. */
export const imageIsThere = async (name: ImageName): Promise<boolean> => isCached(await partKey(name));

/** Files of an image, made now if they are not in the cache. */
export async function imagePaths(name: ImageName): Promise<ImagePaths> {
  const recipe = recipes[name];
  const reference = `waybill.test/${name}:1`;
  const folder = await cachedPart({
    key: await partKey(name),
    label: `image ${name}`,
    make: async (out) => {
      const facts: Facts = { reference, ...(await recipe.make(out, reference)) };
      writeFileSync(join(out, 'image.json'), JSON.stringify(facts));
    },
  });
  const facts = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as Facts;
  return {
    ...facts,
    ociDir: join(folder, 'oci'),
    ociArchive: join(folder, 'oci.tar'),
    ...(facts.imageId === undefined ? {} : { dockerArchive: join(folder, 'docker.tar') }),
    ...(name === 'demo' ? { buildSbom: join(folder, 'sbom', 'sbom-x86_64.spdx.json') } : {}),
  };
}
