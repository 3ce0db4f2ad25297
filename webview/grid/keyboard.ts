// SPDX-License-Identifier: Apache-2.0

/** What a key does in the grid: the keyboard map of the design, as data. */
export type GridCommand =
  | {
      readonly do: 'move';
      readonly to: 'up' | 'down' | 'pageUp' | 'pageDown' | 'first' | 'last';
      readonly extend: boolean;
    }
  | { readonly do: 'cell'; readonly by: 1 | -1 }
  | { readonly do: 'edge'; readonly to: 'first' | 'last' }
  | { readonly do: 'enter'; readonly add: boolean }
  | { readonly do: 'select'; readonly toggle: boolean }
  | { readonly do: 'all' | 'copy' | 'menu' | 'query' }
  | { readonly do: 'resize'; readonly by: number }
  | { readonly do: 'type'; readonly letter: string };

/** Px by which Alt+arrows change a column. */
const STEP = 10;

type Keys = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

const MOVES: Readonly<Record<string, 'up' | 'down' | 'pageUp' | 'pageDown'>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
};

/** The command of a key, null where the key is not the grid's. */
export function commandOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Keys): GridCommand | null {
  const control = ctrlKey || metaKey;
  if (altKey) {
    if (control || shiftKey) return null;
    return key === 'ArrowLeft' ? { do: 'resize', by: -STEP } : key === 'ArrowRight' ? { do: 'resize', by: STEP } : null;
  }
  const to = MOVES[key];
  if (to !== undefined && !control) return { do: 'move', to, extend: shiftKey };
  switch (key) {
    case 'Home':
      return control ? { do: 'move', to: 'first', extend: shiftKey } : { do: 'edge', to: 'first' };
    case 'End':
      return control ? { do: 'move', to: 'last', extend: shiftKey } : { do: 'edge', to: 'last' };
    case 'ArrowLeft':
      return control ? null : { do: 'cell', by: -1 };
    case 'ArrowRight':
      return control ? null : { do: 'cell', by: 1 };
    case 'Enter':
      return control ? null : { do: 'enter', add: shiftKey };
    case ' ':
      return { do: 'select', toggle: control };
    case 'ContextMenu':
      return { do: 'menu' };
    case 'F10':
      return shiftKey && !control ? { do: 'menu' } : null;
    case '/':
      return control ? null : { do: 'query' };
    default:
  }
  if (control) {
    const letter = key.toLowerCase();
    return letter === 'a' ? { do: 'all' } : letter === 'c' && !shiftKey ? { do: 'copy' } : null;
  }
  return [...key].length === 1 ? { do: 'type', letter: key } : null;
}
