/**
 * Head of a shell loop that goes on for so many seconds by the host's clock; `done` ends it. A loop that counts its rounds
 * lasts longer than planned on a busy host, and whoever waits for its end has given up by then.
 */
export function loopFor(seconds: number): string {
    return `end=$(($(date +%s) + ${seconds}))
while [ "$(date +%s)" -lt "$end" ]; do`;
}
