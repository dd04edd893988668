import type { LaneEvent } from "../probe/maintenanceEvents";
import type { Clock } from "../workflow/clock";
import { laneChanges, type LaneValues } from "./laneChanges";
import { unanswered, type LaneQuestion } from "./laneQuestions";

/**
 * Asks every question again and again until the returned function is called, and tells the first state of everything and
 * each change. Questions of one kind never overlap. A question that fails is an answer, too; nothing is ever thrown.
 * Changes have the time of asking: what does not answer has not answered since then.
 */
export function observeLanes(
    questions: readonly LaneQuestion[],
    clock: Clock,
    tell: (event: LaneEvent) => void,
): () => void {
    let ended = false;
    const observe = async (question: LaneQuestion): Promise<void> => {
        let known: LaneValues = new Map();
        while (!ended) {
            const time = clock.now().getTime();
            const values = await question.ask().catch(() => unanswered(question));
            if (ended) return;
            laneChanges(question.lane, known, values, time).forEach(tell);
            known = new Map([...known, ...values.map(({ subject, value }) => [subject, value] as const)]);
            await clock.pause(question.pause.milliseconds);
        }
    };
    // Events that cannot be written end the observation, never the run.
    for (const question of questions) observe(question).catch(() => undefined);
    return () => (ended = true);
}
