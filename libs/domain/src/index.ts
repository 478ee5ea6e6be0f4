export * from './time.ts';
export * from './event.ts';
export * from './directory.ts';
export * from './notice.ts';
export * from './deviation.ts';
export * from './local-time.ts';
