// SPDX-License-Identifier: Apache-2.0
import { visibleText } from '../protocol/visible-text.ts';

/** Text that Markdown shows as it is: nothing from an image, a file or an advisory can become a link or markup. */
export function escapeMarkdown(text: string): string {
  return visibleText(text)
    .replace(/[\\`*_{}[\]()#+\-.!~|<>$&:@]/g, '\\$&')
    .replaceAll('\\:', '&#58;')
    .replaceAll('\\@', '&#64;');
}
