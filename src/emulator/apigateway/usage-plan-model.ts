/** An API key, with what the wire does not show. */
export interface ApiKey {
  /** Ten lower-case characters. */
  readonly id: string;
  /** What clients send: 20 to 128 characters. A secret, which no log and no message may show. */
  readonly value: string;
  /** What somebody called it; not unique. */
  name?: string;
  /** Free text. */
  description?: string;
  /** A customer of AWS Marketplace. */
  customerId?: string;
  /** Whether it opens anything. */
  enabled: boolean;
  /** Epoch seconds. */
  readonly createdDate: number;
  /** Epoch seconds. */
  lastUpdatedDate: number;
  /** By key. */
  tags?: Readonly<Record<string, string>>;
  /** Greater than that of every older key of the Region; not on the wire. */
  readonly order: number;
}

/** How fast each key of a usage plan may call. */
export interface PlanThrottle {
  /** Calls at once: 0 or more. */
  readonly burstLimit: number;
  /** Calls a second: 0 or more. */
  readonly rateLimit: number;
}

/** How often each key of a usage plan may call. */
export interface PlanQuota {
  /** Calls a period: 0 or more. */
  readonly limit: number;
  /** Days by which a period begins later than the week (on Sunday, 0 to 6) or the month (0 to 27); 0 for a day. */
  readonly offset: number;
  /** How long the calls are counted together, in UTC. */
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** A usage plan, as it goes over the wire. */
export interface UsagePlan {
  /** Six lower-case characters. */
  readonly id: string;
  /** What somebody called it; not unique. */
  readonly name: string;
  /** Free text. */
  readonly description?: string;
  /** The stages that it counts. */
  readonly apiStages: readonly { readonly apiId: string; readonly stage: string }[];
  /** How fast each of its keys may call; absent: as fast as it likes. */
  readonly throttle?: PlanThrottle;
  /** How often each of its keys may call; absent: as often as it likes. */
  readonly quota?: PlanQuota;
  /** A product of AWS Marketplace. */
  readonly productCode?: string;
  /** By key. */
  readonly tags?: Readonly<Record<string, string>>;
}
