import { notEmulated as notEmulatedBy, Refusal } from '../wire/refusal.js';

/** A wish that this resource cannot fulfil: 400. */
export function badRequest(message: string): Refusal {
  return new Refusal('BadRequestException', 400, message);
}

/** Something that is not there: 404. */
export function notFound(message: string): Refusal {
  return new Refusal('NotFoundException', 404, message);
}

/** Something that is there already, or still in use: 409. */
export function conflict(message: string): Refusal {
  return new Refusal('ConflictException', 409, message);
}

/** What the caller may not do: 403. */
export function accessDenied(message: string): Refusal {
  return new Refusal('AccessDeniedException', 403, message);
}

/** A member of the wrong JSON type: 400, before anything else is looked at. */
export function serialization(message: string): Refusal {
  return new Refusal('SerializationException', 400, message);
}

/** Members that break their constraints, all of them in one message: 400. */
export function validation(problems: readonly string[]): Refusal {
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return new Refusal('ValidationException', 400, `${count}: ${problems.join('; ')}`);
}

/** What this local cloud leaves out of an operation it has otherwise: 501, by name. */
export function notEmulated(operation: string): Refusal {
  return notEmulatedBy('apigateway', operation);
}
