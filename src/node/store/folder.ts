// SPDX-License-Identifier: Apache-2.0
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The home folder, never a relative one: with an empty $HOME the working directory would be taken for it. */
export function homeFolder(env: Environment): string {
  const homes = [env['HOME'], env['USERPROFILE'], homedir()];
  return homes.find((each) => each !== undefined && isAbsolute(each)) ?? userInfo().homedir;
}

/** Where a person's reports and tools are kept: $WAYBILL_DATA, else the platform's folder for such data. */
export function defaultDataFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const set = (name: string): string | null => {
    const value = env[name] ?? '';
    return isAbsolute(value) ? value : null;
  };
  const own = set('WAYBILL_DATA');
  if (own !== null) return own;
  const home = homeFolder(env);
  if (platform === 'win32') return join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'waybill');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'waybill');
  return join(set('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'waybill');
}
