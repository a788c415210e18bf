/** A policy that AWS keeps in every account. */
export interface ManagedPolicy {
  /** Name, without its path. */
  readonly name: string;
  /** JSON text. */
  readonly document: string;
}

/** By what stands behind `arn:PARTITION:iam::aws:policy/`. */
const MANAGED: Readonly<Record<string, ManagedPolicy>> = {
  AdministratorAccess: {
    name: 'AdministratorAccess',
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  },
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': {
    name: 'AmazonAPIGatewayPushToCloudWatchLogs',
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'logs:CreateLogGroup',
            'logs:CreateLogStream',
            'logs:DescribeLogGroups',
            'logs:DescribeLogStreams',
            'logs:PutLogEvents',
            'logs:GetLogEvents',
            'logs:FilterLogEvents',
          ],
          Resource: '*',
        },
      ],
    }),
  },
};

/**
 * Looks up one of the AWS-managed policies that the local cloud knows; undefined for every other ARN.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function findManagedPolicy(arn: string): ManagedPolicy | undefined {
  const [, key = ''] = /^arn:aws[\w-]*:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  return Object.hasOwn(MANAGED, key) ? MANAGED[key] : undefined;
}
