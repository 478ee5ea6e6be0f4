import { runAlone } from '#libs/hosting';
import { Ingress } from './ingress.ts';
import { IngressModule } from './ingress.module.ts';

await runAlone('ingress', (parts) => {
  const stage = new Ingress(parts);
  return { stage, isOpen: () => stage.listening, imports: [IngressModule.register(stage)] };
});
