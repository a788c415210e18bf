/**
 * Proves to the compiler that a reader used every property of what it took apart: a new property is a type error in
 * each reader until somebody decides what it means there.
 */
export function nothingLeft(_rest: Record<string, never>): void {}
