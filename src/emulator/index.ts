export type { CallRecord } from './calls.js';
export type { EmulatorClock, TimeSource } from './clock.js';
export { createEmulator, type Emulator, type EmulatorOptions } from './emulator.js';
export { type Front, type Served, type ServeOptions, serve } from './http.js';
export {
  LOCAL_ADMIN_ACCESS_KEY_ID,
  LOCAL_ADMIN_SECRET_ACCESS_KEY,
  type NewUser,
  putRootKey,
  putUser,
} from './iam/credentials.js';
export type { NewFunction } from './lambda/model.js';
export type { OperationInfo, Settings, WireRequest, WireResponse } from './operation.js';
export type { Store } from './store.js';
