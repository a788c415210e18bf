import type { HeaderSource } from './surface.js';

const STATIC = /^'(.*)'$/s;
const FROM_BACKEND = /^integration\.response\.header\.(.+)$/;

/** The mapping expression of a header source; undefined for a header that is declared and given no value. */
export function toMapping(source: HeaderSource): string | undefined {
  if ('fixed' in source) return `'${source.fixed}'`;
  if ('backend' in source) return `integration.response.header.${source.backend}`;
  if ('expression' in source) return source.expression;
  return undefined;
}

/** What a mapping expression means. */
export function fromMapping(expression: string, undeclared: boolean): HeaderSource {
  const mark = undeclared ? { undeclared: true as const } : {};
  const fixed = STATIC.exec(expression)?.[1];
  if (fixed !== undefined) return { fixed, ...mark };
  const backend = FROM_BACKEND.exec(expression)?.[1];
  if (backend !== undefined) return { backend, ...mark };
  return { expression, ...mark };
}
