// SPDX-License-Identifier: Apache-2.0
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where reports and managed tools are kept, shared by CLI and editor: $WAYBILL_DATA, else the platform's folder for a
 * person's data. Relative paths are not taken, as XDG has it.
 */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const absolute = (value: string | undefined): string | null =>
    value !== undefined && isAbsolute(value) ? value : null;
  const own = absolute(env['WAYBILL_DATA']);
  if (own !== null) return own;
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'waybill');
  if (platform === 'win32') return join(absolute(env['LOCALAPPDATA']) ?? join(home, 'AppData', 'Local'), 'waybill');
  return join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'waybill');
}
