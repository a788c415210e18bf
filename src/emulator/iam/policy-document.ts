/** Principals by kind: 'AWS', 'Service', 'Federated', 'CanonicalUser', or '*' for everybody. */
export type Principals = Readonly<Record<string, readonly string[]>>;

/** One line of a statement's Condition element. */
export interface Condition {
  /** As written: 'ForAnyValue:StringLikeIfExists'. */
  readonly operator: string;
  /** As written: 'aws:SourceIp'. */
  readonly key: string;
  /** Any one of them will do; none of them may match for a negated operator. */
  readonly values: readonly string[];
}

/** One statement of a policy, with every "one or many" made a list. */
export interface Statement {
  /** 'Allow' or 'Deny'; anything else does nothing. */
  readonly effect: string;
  /** Action patterns the statement is about. */
  readonly action: readonly string[] | undefined;
  /** Action patterns it is not about. */
  readonly notAction: readonly string[] | undefined;
  /** Resource patterns it is about. */
  readonly resource: readonly string[] | undefined;
  /** Resource patterns it is not about. */
  readonly notResource: readonly string[] | undefined;
  /** Whom it is about. */
  readonly principal: Principals | undefined;
  /** Whom it is not about. */
  readonly notPrincipal: Principals | undefined;
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
}

/** A policy as the engine reads it. */
export interface Policy {
  /** Whether `${aws:username}` and its kin are variables: only since version 2012-10-17. */
  readonly hasVariables: boolean;
  /** In the order of the document, which has no meaning. */
  readonly statements: readonly Statement[];
}

/**
 * Reads a policy document that its service has already accepted.
 *
 * @throws {SyntaxError} when the text is no JSON.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string): Policy {
  const document = toRecord(JSON.parse(text));
  return {
    hasVariables: document['Version'] === '2012-10-17',
    statements: toList(document['Statement']).map(toStatement),
  };
}

function toStatement(value: unknown): Statement {
  const fields = toRecord(value);
  const texts = (name: string) => (fields[name] === undefined ? undefined : toTexts(fields[name]));
  const who = (name: string) => (fields[name] === undefined ? undefined : toPrincipals(fields[name]));
  return {
    effect: String(fields['Effect']),
    action: texts('Action'),
    notAction: texts('NotAction'),
    resource: texts('Resource'),
    notResource: texts('NotResource'),
    principal: who('Principal'),
    notPrincipal: who('NotPrincipal'),
    conditions: toConditions(fields['Condition']),
  };
}

function toConditions(value: unknown): Condition[] {
  return Object.entries(toRecord(value ?? {})).flatMap(([operator, keys]) =>
    Object.entries(toRecord(keys)).map(([key, values]) => ({ operator, key, values: toTexts(values) })),
  );
}

function toPrincipals(value: unknown): Principals {
  if (typeof value === 'string') return { [value]: [value] };
  return Object.fromEntries(Object.entries(toRecord(value)).map(([kind, names]) => [kind, toTexts(names)]));
}

/** A list as it is, a single thing as a list of one. */
export function toList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** An object as it is, anything else as one without fields. */
export function toRecord(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

function toTexts(value: unknown): string[] {
  return toList(value).map(String);
}
