import type { MethodSetting, Stage } from '../apigateway/model.js';

/** The setting of a stage that applies to one method. */
export interface MethodSettingMatch {
  /** Key it lies under: the method's own, or that of all methods. */
  readonly key: string;
  /** Whether the method has a setting of its own. */
  readonly own: boolean;
  /** The setting. */
  readonly value: MethodSetting;
}

const ALL_METHODS = '*/*';

/**
 * Finds the setting for a resource path and a verb; undefined when the stage has none.
 *
 * A method's own setting is complete and hides the one of all methods.
 */
export function findMethodSetting(stage: Stage, resourcePath: string, verb: string): MethodSettingMatch | undefined {
  const path = resourcePath === '/' ? '~1' : resourcePath.slice(1).replaceAll('/', '~1');
  const key = `${path}/${verb}`;
  const own = stage.methodSettings[key];
  if (own !== undefined) return { key, own: true, value: own };
  const value = stage.methodSettings[ALL_METHODS];
  return value === undefined ? undefined : { key: ALL_METHODS, own: false, value };
}
