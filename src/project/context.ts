import type { Aws } from '../aws/aws.js';
import type { Config } from '../config/config.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Digests } from '../resources/digests.js';
import type { Environment } from '../resources/resource.js';
import type { Target } from '../targets/target.js';

/** An opened environment: what every part of the host works with. */
export interface Context {
  readonly config: Config;
  readonly environment: Environment;
  readonly target: Target;
  readonly aws: Aws;
  readonly ledger: Ledger;
  /** What is known of the files. */
  readonly digests: Digests;
  /** Whether the installation was found by tags, there being no ledger. */
  readonly foundByTags: boolean;
}
