/**
 * What a stage's cache cluster costs, in US dollars an hour, by its size in GB, whether it is used or not. The first
 * figure is confirmed by two sources; the others are commonly quoted and differ between Regions. As of November 2026.
 *
 * @see https://aws.amazon.com/api-gateway/pricing/
 */
const CACHE_USD_PER_HOUR: Readonly<Record<string, number>> = {
  '0.5': 0.02,
  '1.6': 0.038,
  '6.1': 0.2,
  '13.5': 0.25,
  '28.4': 0.5,
  '58.2': 1,
  '118': 1.9,
  '237': 3.8,
};

/** What a cache cluster costs, in US dollars an hour; 0 for a size that AWS does not sell. */
export function cacheUsdPerHour(sizeGb: number | string | undefined): number {
  return CACHE_USD_PER_HOUR[String(sizeGb ?? '')] ?? 0;
}
