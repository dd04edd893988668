import { errorLine } from "./errorLine";

const TIMEOUT_MILLISECONDS = 5000;

/** What a webhook is told. */
export interface Notice {
    readonly cluster: string;
    readonly runId: string;
    readonly state: "started" | "finished" | "refused" | "stopped";
    readonly text: string;
}

/** POSTs a notice as JSON. Failures are warnings: a run must not depend on who listens. */
export async function notify(url: string, notice: Notice, warn: (line: string) => void): Promise<void> {
    try {
        const answer = await fetch(url, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(notice),
            signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
        });
        if (!answer.ok) warn(`the webhook answered ${answer.status}; the notice "${notice.text}" may be lost`);
    } catch (error) {
        warn(`the webhook did not answer (${errorLine(error)}); the notice "${notice.text}" is lost`);
    }
}
