/** Says a duration in milliseconds as a person reads it: `340 ms`, `1.2 s`, `4 m 12 s`, `1 h 3 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

/** Says how long something lasts, in milliseconds, to the minute and in two units at most: `0 min`, `1 h 20 min`, `3 d 4 h`. */
export function formatSpan(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts =
    days > 0
      ? [
          [days, 'd'],
          [hours, 'h'],
        ]
      : [
          [hours, 'h'],
          [minutes % 60, 'min'],
        ];
  const said = parts.filter(([count]) => count !== 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? '0 min' : said.join(' ');
}

/** Says a size in bytes in decimal units: `0 B`, `1.2 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${Math.round(size)} B` : `${size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Says a price in US dollars, with cents below the cent where they matter: `$0.02`, `$0.0035`, `$14.60`. */
export function formatUsd(usd: number): string {
  const cents = usd.toFixed(2);
  return `$${Number(cents) === usd || usd >= 1 ? cents : Number(usd.toPrecision(2)).toString()}`;
}

/** Says a number with its noun: `1 file`, `2 files`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many of a list are shown where the others are only counted: the one beyond `most` takes no more room than its count. */
export function countShown(count: number, most: number): number {
  return count === most + 1 ? count : Math.min(count, most);
}
