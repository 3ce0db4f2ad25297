// SPDX-License-Identifier: Apache-2.0
// Writes OCI image layouts, OCI archives and docker-archives without an engine, root or any package.
// The same entries give the same bytes: names are sorted, times and owners are what the caller says (0 by default).
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Entry One member of a layer. Without `data`, `file` and `link` it is a folder.
 * @property {string} path Relative to the root, '/' between its parts, no leading '/'.
 * @property {number} [mode] Permission bits; 0o755 for folders, 0o644 for files.
 * @property {string | Uint8Array} [data] The file's bytes.
 * @property {string} [file] A file on this machine that holds the bytes; read when the layer is made.
 * @property {string} [link] Target of a symbolic link.
 * @property {string} [hardLink] Path of an earlier member that this one shares its bytes with.
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {Record<string, string>} [pax] Extra PAX records, as APKv2 packages carry them.
 *
 * @typedef {object} Layer
 * @property {Entry[]} entries
 * @property {string} [comment] `created_by` of the layer's history entry.
 *
 * @typedef {object} Platform
 * @property {string} os
 * @property {string} architecture
 * @property {string} [variant]
 *
 * @typedef {object} Image
 * @property {Layer[]} layers
 * @property {Platform} [platform] linux/amd64 by default.
 * @property {string} [created] RFC 3339; the epoch by default.
 * @property {Record<string, unknown>} [config] The `config` object of the image configuration (Env, Cmd, User, Labels…).
 * @property {boolean} [gzip] Compress the layers.
 *
 * @typedef {object} Blob
 * @property {string} mediaType
 * @property {string} digest
 * @property {number} size
 * @property {Uint8Array} bytes
 *
 * @typedef {object} BuiltImage
 * @property {Platform} platform
 * @property {Blob} manifest
 * @property {Blob} config Its digest is the image ID.
 * @property {Blob[]} layers As the manifest names them.
 * @property {Uint8Array[]} tars The layers uncompressed, as a docker-archive holds them.
 *
 * @typedef {{ mediaType: string, digest: string, size: number, platform?: Platform }} Descriptor
 */

const BLOCK = 512;
const EPOCH = '1970-01-01T00:00:00Z';

/** @param {Uint8Array} bytes */
export const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** @param {number} size */
const padding = (size) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/**
 * A POSIX ustar header block.
 * @param {{ name: string, mode: number, uid: number, gid: number, size: number, mtime: number, type: string, link: string }} member
 */
function header({ name, mode, uid, gid, size, mtime, type, link }) {
  const block = Buffer.alloc(BLOCK);
  const octal = (/** @type {number} */ value, /** @type {number} */ at, /** @type {number} */ width) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  block.write(name, 0, 100, 'utf8');
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  block.fill(0x20, 148, 156);
  block.write(type, 156, 'latin1');
  block.write(link, 157, 100, 'utf8');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** @param {string} key @param {string} value */
function paxRecord(key, value) {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** @param {string} text */
const fits = (text) => Buffer.byteLength(text) <= 100 && /^[\x20-\x7e]*$/.test(text);

/**
 * The blocks of one tar member.
 * @param {Entry} entry @param {number} mtime
 * @returns {Uint8Array[]}
 */
function tarMember(entry, mtime) {
  const link = entry.link ?? entry.hardLink ?? '';
  const bytes =
    entry.data !== undefined
      ? Buffer.from(entry.data)
      : entry.file !== undefined
        ? readFileSync(entry.file)
        : undefined;
  const type = entry.hardLink !== undefined ? '1' : entry.link !== undefined ? '2' : bytes === undefined ? '5' : '0';
  const path = type === '5' ? `${entry.path}/` : entry.path;
  const size = bytes?.length ?? 0;
  /** @type {Record<string, string>} */
  const pax = { ...entry.pax };
  if (!fits(path)) pax['path'] = path;
  if (!fits(link)) pax['linkpath'] = link;
  const blocks = [];
  const records = Object.entries(pax).map(([key, value]) => paxRecord(key, value));
  if (records.length > 0) {
    const body = Buffer.from(records.join(''));
    const name = 'PaxHeaders/entry';
    blocks.push(header({ name, mode: 0o644, uid: 0, gid: 0, size: body.length, mtime, type: 'x', link: '' }));
    blocks.push(body, padding(body.length));
  }
  const mode = entry.mode ?? (type === '5' ? 0o755 : type === '2' ? 0o777 : 0o644);
  const short = (/** @type {string} */ text) => (fits(text) ? text : text.replace(/[^\x20-\x7e]/g, '_').slice(0, 100));
  blocks.push(
    header({
      name: short(path),
      mode,
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      size,
      mtime,
      type,
      link: short(link),
    }),
  );
  if (bytes !== undefined && size > 0) blocks.push(bytes, padding(size));
  return blocks;
}

/**
 * A tar of the entries, sorted by path, with the folders that they need; every time is `mtime` (seconds since 1970).
 * With `open`, the two end blocks are left out, so that another tar can follow.
 * @param {Entry[]} entries
 * @param {{ mtime?: number, open?: boolean }} [options]
 * @returns {Uint8Array}
 */
export function writeTar(entries, { mtime = 0, open = false } = {}) {
  /** @type {Map<string, Entry>} */
  const members = new Map();
  for (const entry of entries) {
    if (entry.path === '' || entry.path.startsWith('/') || entry.path.split('/').includes('..'))
      throw new Error(`${JSON.stringify(entry.path)} cannot be a member of a layer: give a path relative to the root.`);
    members.set(entry.path, entry);
  }
  for (const path of [...members.keys()])
    for (let up = dirname(path); up !== '.' && !members.has(up); up = dirname(up)) members.set(up, { path: up });
  // A folder's members directly follow it, so that a hard link never stands before what it names.
  const key = (/** @type {Entry} */ { path }) => path.replaceAll('/', '\0');
  const sorted = [...members.values()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const blocks = sorted.flatMap((entry) => tarMember(entry, mtime));
  if (!open) blocks.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(blocks);
}

/** @param {string} mediaType @param {Uint8Array} bytes @returns {Blob} */
const blob = (mediaType, bytes) => ({ mediaType, digest: sha256(bytes), size: bytes.length, bytes });

/** @param {string} mediaType @param {unknown} value */
const jsonBlob = (mediaType, value) => blob(mediaType, Buffer.from(JSON.stringify(value)));

/** @param {Blob} from @returns {Descriptor} */
const descriptor = ({ mediaType, digest, size }) => ({ mediaType, digest, size });

/**
 * Makes the blobs of one image in memory.
 * @param {Image} image
 * @returns {BuiltImage}
 */
export function buildImage({ layers, platform, created = EPOCH, config = {}, gzip = false }) {
  const target = platform ?? { os: 'linux', architecture: 'amd64' };
  const tars = layers.map(({ entries }) => writeTar(entries));
  const layerBlobs = tars.map((tar) =>
    gzip
      ? blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar, { level: 6 }))
      : blob('application/vnd.oci.image.layer.v1.tar', tar),
  );
  const configBlob = jsonBlob('application/vnd.oci.image.config.v1+json', {
    created,
    ...target,
    config,
    rootfs: { type: 'layers', diff_ids: tars.map(sha256) },
    history: layers.map(({ comment }) => ({ created, created_by: comment ?? 'waybill oci-layout' })),
  });
  const manifest = jsonBlob('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor(configBlob),
    layers: layerBlobs.map(descriptor),
  });
  return { platform: target, manifest, config: configBlob, layers: layerBlobs, tars };
}

/**
 * The files of an OCI layout: one image, or an image index over several (one a platform).
 * @param {BuiltImage[]} images
 * @param {{ tag?: string }} [options] `tag` becomes org.opencontainers.image.ref.name.
 * @returns {{ digest: string, files: Map<string, Uint8Array> }} The digest of what the tag names.
 */
export function layoutFiles(images, { tag = 'latest' } = {}) {
  const [only] = images;
  if (only === undefined) throw new Error('A layout needs at least one image.');
  const blobs = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
  let top = only.manifest;
  if (images.length > 1) {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const manifests = images.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform }));
    top = jsonBlob(mediaType, { schemaVersion: 2, mediaType, manifests });
    blobs.push(top);
  }
  /** @type {Descriptor & { annotations: Record<string, string> }} */
  const entry = { ...descriptor(top), annotations: { 'org.opencontainers.image.ref.name': tag } };
  if (images.length === 1) entry.platform = only.platform;
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [entry] };
  /** @type {Map<string, Uint8Array>} */
  const files = new Map([
    ['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ['index.json', Buffer.from(JSON.stringify(index))],
  ]);
  for (const { digest, bytes } of blobs) files.set(`blobs/${digest.replace(':', '/')}`, bytes);
  return { digest: top.digest, files };
}

/**
 * Writes an OCI layout folder, replacing what is there; answers the digest of what the tag names.
 * @param {string} folder
 * @param {BuiltImage[]} images
 * @param {{ tag?: string }} [options]
 */
export function writeOciLayout(folder, images, options = {}) {
  const { digest, files } = layoutFiles(images, options);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return digest;
}

/**
 * Writes a tar file member by member, so that large blobs are not held twice.
 * @param {string} file @param {Iterable<[string, Entry]>} members
 */
function writeTarFile(file, members) {
  const out = openSync(file, 'w');
  try {
    for (const [path, entry] of members) for (const block of tarMember({ ...entry, path }, 0)) writeSync(out, block);
    writeSync(out, new Uint8Array(2 * BLOCK));
  } finally {
    closeSync(out);
  }
}

/**
 * Writes the layout of a folder as one oci-archive file.
 * @param {string} file @param {string} folder
 */
export function writeOciArchive(file, folder) {
  /** @type {[string, Entry][]} */
  const members = readTree(folder).map((entry) => [entry.path, { ...entry, uid: 0, gid: 0 }]);
  writeTarFile(file, members);
}

/**
 * Writes a docker-archive, as `docker save` makes it. `reference` is a name with a tag.
 * @param {string} file @param {BuiltImage} image @param {string} reference
 */
export function writeDockerArchive(file, image, reference) {
  const configName = `${image.config.digest.slice('sha256:'.length)}.json`;
  const layerNames = image.tars.map((tar) => `${sha256(tar).slice('sha256:'.length)}.tar`);
  const manifest = [{ Config: configName, RepoTags: [reference], Layers: layerNames }];
  /** @type {[string, Entry][]} */
  const members = [
    [configName, { path: '', data: image.config.bytes }],
    // Two equal layers are one file.
    ...new Map(
      image.tars.map((tar, at) => /** @type {[string, Entry]} */ ([layerNames[at] ?? '', { path: '', data: tar }])),
    ),
    ['manifest.json', { path: '', data: JSON.stringify(manifest) }],
  ];
  writeTarFile(file, members);
}

/**
 * Every file, folder and link below a folder as entries with their modes and owners; devices and sockets are left out.
 * @param {string} folder @param {{ into?: string, skip?: (path: string) => boolean }} [options] `into` is put before
 * each path; `skip` sees the path relative to `folder`.
 * @returns {Entry[]}
 */
export function readTree(folder, { into = '', skip = () => false } = {}) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Map<string, string>} */
  const inodes = new Map();
  const visit = (/** @type {string} */ relative) => {
    for (const name of readdirSync(join(folder, relative)).sort()) {
      const path = relative === '' ? name : `${relative}/${name}`;
      if (skip(path)) continue;
      const full = join(folder, path);
      const stats = lstatSync(full);
      const target = into === '' ? path : `${into}/${path}`;
      const common = { path: target, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
      if (stats.isDirectory()) {
        entries.push(common);
        visit(path);
      } else if (stats.isSymbolicLink()) {
        entries.push({ ...common, mode: 0o777, link: readlinkSync(full) });
      } else if (stats.isFile()) {
        const key = `${stats.dev}:${stats.ino}`;
        const first = stats.nlink > 1 ? inodes.get(key) : undefined;
        if (first !== undefined) entries.push({ ...common, hardLink: first });
        else entries.push({ ...common, file: full });
        if (stats.nlink > 1 && first === undefined) inodes.set(key, target);
      }
    }
  };
  visit('');
  return entries;
}

/**
 * SHA-256 of a file, read in pieces.
 * @param {string} file
 * @returns {Promise<string>}
 */
export async function sha256OfFile(file) {
  const hash = createHash('sha256');
  if (statSync(file).isDirectory()) throw new Error(`${file} is a folder, so it has no digest of its own.`);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
