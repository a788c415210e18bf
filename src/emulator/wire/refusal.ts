/** Ends an operation of a query or JSON service with an error in that service's own format; nothing of it is kept. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** AWS's error code: 'NoSuchEntity'. */
  readonly code: string;
  /** HTTP status: 400 to 599. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The answer to what is not emulated: 501, by name. */
export function notEmulated(service: string, operation: string): Refusal {
  return new Refusal('NotImplemented', 501, `The local cloud does not emulate ${service} ${operation}.`);
}

/** What AWS's front says of a member that breaks its constraint. */
export function constraintMessage(member: string, value: unknown, constraint: string): string {
  const shown = value === undefined ? 'Value null' : `Value '${String(value)}'`;
  return `1 validation error detected: ${shown} at '${member}' failed to satisfy constraint: ${constraint}`;
}
