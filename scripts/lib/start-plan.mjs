// SPDX-License-Identifier: Apache-2.0
// What `npm start` will fetch and from where, worked out before anything is fetched, so with Node's own means only.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { root } from './node24.mjs';

const releases = JSON.parse(readFileSync(join(root, 'src', 'node', 'tools', 'releases.json'), 'utf8'));
const ending = process.platform === 'win32' ? '.exe' : '';

/** @param {string} path */
const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** The program on PATH, or null. @param {string} name @returns {string | null} */
export function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (isAbsolute(folder) && isFile(join(folder, name + ending))) return join(folder, name + ending);
  return null;
}

/** The data folder as src/node/data-folder.ts has it on this platform. */
function dataFolder() {
  const own = process.env.WAYBILL_DATA;
  if (own !== undefined && isAbsolute(own)) return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'waybill');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'waybill');
  const xdg = process.env.XDG_DATA_HOME;
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share'), 'waybill');
}

/** Path of a Syft or Grype that can be used as it is, or null. @param {'syft' | 'grype'} name */
function usableTool(name) {
  const { version } = releases.tools[name];
  for (const path of [process.env[`WAYBILL_${name.toUpperCase()}`] ?? null, onPath(name)]) {
    if (path === null || !isFile(path)) continue;
    const { stdout } = spawnSync(path, ['version', '-o', 'json'], { encoding: 'utf8', timeout: 20_000 });
    if (new RegExp(`"version": *"v?${version.replaceAll('.', '\\.')}"`).test(stdout ?? '')) return path;
  }
  const managed = join(dataFolder(), 'tools', `${name}-${version}`, name + ending);
  return isFile(managed) ? managed : null;
}

/** One line for a tool that has to be fetched. @param {'syft' | 'grype'} name */
function toolLine(name) {
  const { version, base, assets, go } = releases.tools[name];
  const title = `${name === 'syft' ? 'Syft' : 'Grype'} ${version}`;
  if (onPath('go') !== null) return `${title}: the source of ${go.module} and its modules, from Go's module proxy`;
  const asset = assets[`${process.platform}-${process.arch}`];
  return asset === undefined ? null : `${title}: ${base}${asset.file}`;
}

/** True where a grype says that its own database can be used. @param {string | null} grype */
function hasDatabase(grype) {
  if (grype === null) return false;
  const env = { ...process.env, GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_CHECK_FOR_APP_UPDATE: 'false' };
  return spawnSync(grype, ['db', 'status'], { env, stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/**
 * Lines that say what is fetched and from where; empty where nothing is.
 * @param {{ npm: boolean, headless: boolean }} state `npm`: the packages of the lock file are not installed.
 */
export function plannedFetches({ npm, headless }) {
  const lines = [];
  if (npm) lines.push('the npm packages of package-lock.json, from the npm registry');
  const grype = usableTool('grype');
  if (usableTool('syft') === null) lines.push(toolLine('syft'));
  if (grype === null) lines.push(toolLine('grype'));
  if (!hasDatabase(grype))
    lines.push(
      "Grype's vulnerability database, from grype.anchore.io (without it: the demonstration database in here)",
    );
  if (!headless && onPath('code') === null) {
    const desktop =
      process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
    if (desktop) lines.push('VS Code, from update.code.visualstudio.com, unless it was fetched before');
    lines.push(
      `VS Code's server${desktop ? ', should that fail,' : ''} from the npm registry (code-server), unless it was fetched before`,
    );
  }
  return lines.filter((line) => line !== null);
}
