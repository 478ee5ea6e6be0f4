import { runAlone } from '#libs/messaging';
import { Ingress } from './ingress.ts';

await runAlone('ingress', (parts) => {
  const stage = new Ingress(parts);
  return { stage, isOpen: () => stage.listening };
});
