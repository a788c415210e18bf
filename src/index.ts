export { renderHtmlReport, renderJunit } from './checks/index.js';
export type { Config, MountConfig } from './config/config.js';
export { bareConfig, type ConfigAnswers, findConfigPath, loadConfig } from './config/load.js';
export { loadSettings, type Settings } from './config/settings.js';
export * from './config/validate-answer.js';
export { renderConfig, writeConfig } from './config/write.js';
export * from './errors.js';
export type { AccessResult, KeyInfo, MountCalls, UserInfo } from './model/access.js';
export type { CheckResult, Report } from './model/check.js';
export type { Event, Listener } from './model/event.js';
export type { Change, Phase, Plan, Step } from './model/plan.js';
export type {
  ApplyResult,
  EnvironmentSummary,
  FlushResult,
  InvalidationResult,
  LoggedRequest,
  LogsResult,
  ServedUrl,
  StayingEntries,
  UploadSummary,
} from './model/result.js';
export type { Status, StatusThing } from './model/status.js';
export type {
  AccessDocument,
  CommandDocument,
  CommandResults,
  CompletionDocument,
  DeletedDocument,
  FailureDocument,
  KeysDocument,
  ListDocument,
  LocalDocument,
  SecretDocument,
  SweepDocument,
  SweepDocumentEntry,
  SweptName,
  UpDocument,
  UsersDocument,
} from './project/documents.js';
export { findProfile, identify } from './project/identify.js';
export { judgeBucket } from './project/judge-bucket.js';
export type { KeyDesk } from './project/key-desk.js';
export { type ListOptions, listEnvironments } from './project/list-environments.js';
export { openProject } from './project/open-project.js';
export { openSweep } from './project/open-sweep.js';
export type {
  ApplyOptions,
  Credentials,
  FlushOptions,
  LogsOptions,
  OpenOptions,
  PlanOptions,
  Project,
  VerifyOptions,
} from './project/project.js';
export { type LocalServer, serveLocal } from './project/serve-local.js';
export type { SignedIn, SignInAsk } from './project/sign-in.js';
export type { Sweep, SweepEntry, SweepOptions, SweptEnvironment } from './project/sweep.js';
export type { UserDesk } from './project/user-desk.js';
