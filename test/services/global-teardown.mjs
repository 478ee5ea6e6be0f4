import { releaseServices } from './shared-services.ts';

export default async function globalTeardown() {
  await releaseServices();
}
