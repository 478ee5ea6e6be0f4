import { openCallers } from '#libs/county';
import { runAlone } from '#libs/hosting';
import { together } from '#libs/service';
import { HttpIntake } from './answered-requests/http-intake.ts';
import { Hl7v2Intake } from './hl7v2-over-http/hl7v2-intake.ts';
import { Ingress } from './ingress.ts';
import { IngressModule } from './ingress.module.ts';
import { ReplyTopics } from './replies/reply-topics.ts';

await runAlone('ingress', (parts) => ({
  stage: together('ingress', [new Ingress(parts), new ReplyTopics(parts)]),
  callers: openCallers(parts.configuration.callersFile, parts.county),
  imports: [IngressModule.register(parts, new HttpIntake(parts), new Hl7v2Intake(parts))],
}));
