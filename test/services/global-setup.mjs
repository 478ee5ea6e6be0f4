// Loaded by jest itself, outside of its transforms: Node 24 strips the types of what is imported here.
import { holdServices } from './shared-services.ts';

/** One PostgreSQL and one Kafka for all suites of a run; a run of unit tests alone never comes here. */
export default async function globalSetup() {
  await holdServices();
}
