import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/county';
import { HttpIntake } from './answered-requests/http-intake.ts';
import { Hl7v2Intake } from './hl7v2-over-http/hl7v2-intake.ts';
import { Ingress } from './ingress.ts';
import { IngressModule } from './ingress.module.ts';

await runAlone('ingress', (parts) => ({
  stage: new Ingress(parts),
  callers: openCallers(parts.configuration.callersFile, parts.county),
  imports: [IngressModule.register(parts, new HttpIntake(parts), new Hl7v2Intake(parts))],
}));
