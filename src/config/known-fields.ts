import { z } from 'zod';
import { configFileSchema } from './schema.js';

/** Finds the names of the fields that may stand at a path of the file; empty where any name may, or nothing. */
export function findKnownFields(path: readonly PropertyKey[]): string[] {
  let node: unknown = z.toJSONSchema(configFileSchema, { target: 'draft-7', io: 'input' });
  for (const step of path)
    node = childOf(childOf(fieldsOf(node), typeof step === 'number' ? 'items' : 'properties'), step);
  const properties = childOf(fieldsOf(node), 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** Of a value that may have several shapes, the one with fields. */
function fieldsOf(node: unknown): unknown {
  const choices = childOf(node, 'anyOf');
  return Array.isArray(choices) ? choices.find((choice) => childOf(choice, 'properties') !== undefined) : node;
}

/** A list's schema is the same for all of its items. */
function childOf(node: unknown, step: PropertyKey): unknown {
  if (typeof step === 'number') return node;
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined;
  return Reflect.get(node, step);
}
