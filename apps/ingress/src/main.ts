import { runAlone } from '#libs/hosting';
import { Ingress } from './ingress.ts';

await runAlone('ingress', (parts) => ({ stage: new Ingress(parts), imports: [] }));
