export * from './clock.ts';
export * from './configuration.ts';
export {
  CountedLog,
  createLog,
  type Log,
  type LogFields,
  type LogLevel,
  type LogOptions,
  type LogValue,
  silentLog,
} from './log.ts';
export { type HttpSettings, isLoopback, type MllpSettings, type TlsFiles } from './door-settings.ts';
export type { KafkaSettings, OpenIdSettings } from './connection-settings.ts';
export type { RuleParameters } from './rule-parameters.ts';
export { makeOnce, writeDurably } from './durable-file.ts';
export * from './error-text.ts';
export * from './errors.ts';
export * from './foreign-content.ts';
export * from './health.ts';
export * from './id-secret.ts';
export * from './ids.ts';
export * from './metrics.ts';
export * from './person-number-guard.ts';
export * from './strict-json.ts';
export * from './swedish-numbers.ts';
export * from './trace.ts';
export { rulesInForce } from './rule-parameters.ts';
