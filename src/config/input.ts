/** What a command was given from outside: nothing here is filled in or checked. */
export interface Inputs {
  /** Environment variables by name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags by name without dashes, as in 'cache-size'; undefined means not given. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** One value as it was given. */
export interface Given {
  /** What the person wrote it as: '--region' or 'PIXGATE_REGION'. */
  readonly origin: string;
  /** Untouched. */
  readonly value: unknown;
  /** Reads it as a plain decimal number; anything else stays what it is, for a rule to refuse. */
  number(): unknown;
  /** Reads 1, 0, true, false, yes and no in any case; anything else stays what it is, for a rule to refuse. */
  switch(): unknown;
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['no', false],
]);

/** Names the environment twin of a flag: 'cache-size' gives 'PIXGATE_CACHE_SIZE'. */
export function envTwin(flag: string): string {
  return `PIXGATE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** Looks a value up: the flag, else its environment twin, else undefined. An empty text counts as given. */
export function readInput({ env, flags }: Inputs, flag: string): Given | undefined {
  const fromFlag = flags[flag];
  if (fromFlag !== undefined) return toGiven(`--${flag}`, fromFlag);
  const twin = envTwin(flag);
  const fromEnv = env[twin];
  return fromEnv === undefined ? undefined : toGiven(twin, fromEnv);
}

function toGiven(origin: string, value: unknown): Given {
  return {
    origin,
    value,
    number: () => (typeof value === 'string' && /^\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value),
    switch: () => (typeof value === 'string' ? (SWITCHES.get(value.toLowerCase()) ?? value) : value),
  };
}
