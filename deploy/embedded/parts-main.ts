import { embeddedProcess } from './run-embedded.ts';

// `npm run parts`: PostgreSQL and Kafka without the hub.
await embeddedProcess();
