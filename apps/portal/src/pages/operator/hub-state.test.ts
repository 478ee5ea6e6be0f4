import { expect, it } from '@jest/globals';
import { flowIn } from './hub-state.ts';

it('tells what waits before each step, in the order in which a message passes them, and what was set aside there', () => {
  const metrics = `# HELP bryggan_stage_backlog Records that a stage has not applied
# TYPE bryggan_stage_backlog gauge
bryggan_stage_backlog{stage="router"} 3
bryggan_stage_backlog{stage="translator"} 0
bryggan_stage_batches_total{stage="watcher"} 17
bryggan_set_aside_total{stage="router",code="BRY-2001"} 1
bryggan_set_aside_total{stage="router",code="BRY-2002"} 2
bryggan_outbox_stuck_total{stage="translator"} 1
bryggan_watcher_watermark_seconds 1778400000
process_cpu_seconds_total 12`;
  expect(flowIn(metrics)).toEqual({
    steps: [
      { stage: 'translator', waiting: 0, setAside: 0, stuck: 1 },
      { stage: 'router', waiting: 3, setAside: 3, stuck: 0 },
      { stage: 'watcher', setAside: 0, stuck: 0 },
    ],
    judgedUntil: 1778400000,
  });
  expect(flowIn('')).toEqual({ steps: [] });
});
