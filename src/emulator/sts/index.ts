import type { Service } from '../operation.js';
import { createQueryService, type QueryDialect } from '../wire/query-xml.js';
import { AssumeRole } from './assume-role.js';
import { GetCallerIdentity } from './get-caller-identity.js';
import { GetSessionToken } from './get-session-token.js';

/** How STS speaks. */
export const STS_DIALECT: QueryDialect = {
  signingName: 'sts',
  xmlns: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** Who the caller is, and temporary keys. */
export const stsService: Service = createQueryService(STS_DIALECT, [AssumeRole, GetCallerIdentity, GetSessionToken]);
