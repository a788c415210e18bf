import { UsageError } from '../errors.js';
import type { LogsOptions } from '../index.js';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const MOMENT = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads how far back logs are wanted: a while before now such as `10m` or `2h`, or a moment in ISO 8601, which is in UTC
 * unless it names another zone. @default 10 minutes
 *
 * @throws {UsageError} when it is neither, or no day of the calendar
 */
export function parseSince(text: string | undefined): Pick<LogsOptions, 'fromMs' | 'lastMs'> {
  if (text === undefined) return {};
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS[unit];
  if (unitMs !== undefined && Number(count) > 0) return { lastMs: Number(count) * unitMs };
  const [, day = '', time, , , zone] = MOMENT.exec(text) ?? [];
  const fromMs = Date.parse(time === undefined || zone !== undefined ? text : `${text}Z`);
  // Date.parse takes 31 February for 3 March.
  const isDay = day !== '' && new Date(Date.parse(day)).toJSON()?.startsWith(day);
  if (isDay && !Number.isNaN(fromMs)) return { fromMs };
  throw new UsageError(
    `--since must be a while such as 10m, 2h or 1d, or a moment such as 2026-11-23T01:02:03Z: got ${JSON.stringify(text)}.`,
  );
}
