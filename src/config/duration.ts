const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a duration has to be, for messages. */
export const DURATION_RULE = 'must be a duration from 1m to 365d, such as 30m, 2h or 7d';

/** Reads a duration such as '30m', '2h' or '7d': milliseconds, from one minute to 365 days; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  return ms >= 60_000 && ms <= 365 * 86_400_000 ? ms : undefined;
}
