// SPDX-License-Identifier: Apache-2.0

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function units(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** How long ago, in the largest unit that is not a guess: `34 days`, `12 minutes`; null under a minute. */
export function age(milliseconds: number): string | null {
  if (milliseconds < MINUTE) return null;
  if (milliseconds < HOUR) return units(Math.floor(milliseconds / MINUTE), 'minute');
  if (milliseconds < 2 * DAY) return units(Math.floor(milliseconds / HOUR), 'hour');
  return units(Math.floor(milliseconds / DAY), 'day');
}

/** `12 minutes ago`, or `just now`; a time that cannot be read is shown as it is. */
export function ago(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return iso;
  const text = age(now - then);
  return text === null ? 'just now' : `${text} ago`;
}

/** `9 hours old`, or `new`. */
export function old(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return iso;
  const text = age(now - then);
  return text === null ? 'new' : `${text} old`;
}

/** `2026-11-23 00:12 UTC`; what is no time is returned as it is. */
export function utc(iso: string): string {
  const then = Date.parse(iso);
  return Number.isNaN(then) ? iso : `${new Date(then).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
