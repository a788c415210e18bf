/** How AWS names the action and the resource that a policy does not allow. */
const AWS_SAYS = /not authorized to perform: ([\w:*-]+)(?: on (?:resource: )?"?(arn:[^\s"]+))?/;

/** How our own words about S3 do. */
const S3_SAYS = /(s3:.+) is not allowed on (arn:\S+)/;

/** Says what to do about a refused call: the statement to add to a policy, ready to paste, where AWS said what it refused. */
export function adviseOnDenial(message: string): string[] {
  const [, actions, resource = '*'] = AWS_SAYS.exec(message) ?? S3_SAYS.exec(message) ?? [];
  if (actions === undefined) return ['allow the action named above, then run the same command again'];
  if (/explicit deny/.test(message)) return ['take away what denies it, then run the same command again'];
  const named = actions.match(/[\w-]+:[\w*]+/g) ?? [];
  const statement = { Effect: 'Allow', Action: named.length === 1 ? named[0] : named, Resource: resource };
  return [`add ${JSON.stringify(statement)} to a policy of yours, then run the same command again`];
}
