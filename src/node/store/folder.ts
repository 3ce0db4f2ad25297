// SPDX-License-Identifier: Apache-2.0
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a person's reports and tools are kept: $WAYBILL_DATA, else the platform's folder for such data. */
export function defaultDataFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const set = (name: string): string | null => {
    const value = env[name] ?? '';
    return isAbsolute(value) ? value : null;
  };
  const own = set('WAYBILL_DATA');
  if (own !== null) return own;
  const home = set('HOME') ?? set('USERPROFILE') ?? homedir();
  if (platform === 'win32') return join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'waybill');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'waybill');
  return join(set('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'waybill');
}
