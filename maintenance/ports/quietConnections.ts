import { loopFor } from "./loopFor";

/**
 * Shell for a balancer that ends connections which HAProxy passes through as bytes, each at a moment when it has no request
 * under way and its client is not likely to send one: a client whose request meets a closing connection sees it fail.
 */

/** A connection is ended between these times after an answer. A client that asks regularly will not ask again so soon. */
const AFTER_ANSWER_MS = { least: 30, most: 500 };
/**
 * Whoever has neither asked nor heard anything for so long is about to do so no more than at any other time. Longer than the
 * two seconds after which the leaders of Kubernetes' controllers renew their leases.
 */
const IDLE_MS = 2_500;
/** So long after the last request even one without an answer is a watch that waits for events. */
const WAITING_MS = 5_000;
/** HTTP/2 clients acknowledge an answer with a frame of their own that wants no answer. */
const ACKNOWLEDGED_MS = 50;

/**
 * awk: reads sessions from `show sess`, a line "clients", and sockets from `ss -HtinO`. Prints how many of the clients have a
 * session, then HAProxy's commands that end the quiet ones. `sent` and `received` are times since the balancer did either.
 */
const PLAN = `/^clients$/ { clients = 1; next }
!clients { sub(/:$/, "", $1); session[substr($3, 5)] = $1; next }
$4 in session {
    left++
    sent = received = 0
    for (i = 5; i <= NF; i++) {
        if ($i ~ /^lastsnd:/) sent = substr($i, 9) + 0
        if ($i ~ /^lastrcv:/) received = substr($i, 9) + 0
    }
    answered = sent <= received + ${ACKNOWLEDGED_MS}
    fresh = answered && sent >= ${AFTER_ANSWER_MS.least} && sent <= ${AFTER_ANSWER_MS.most}
    idle = answered && sent >= ${IDLE_MS} && received >= ${IDLE_MS}
    waiting = sent >= ${WAITING_MS} && received >= ${WAITING_MS}
    if (fresh || idle || waiting) commands = commands "shutdown session " session[$4] ";"
}
END { print left + 0; print commands }`;

/** Which connections end. */
export interface QuietEnd {
    /** HAProxy's admin socket. */
    readonly adminSocket: string;
    /** A filter of `ss` for the sockets of their clients. */
    readonly sockets: string;
    /** What lines of `show sess` must contain; empty for all. */
    readonly sessions: string;
    /** How long at most. */
    readonly seconds: number;
}

/** Leaves in `left` how many there still are. */
export function endQuietly({ adminSocket, sockets, sessions, seconds }: QuietEnd): string {
    const admin = `socat -t 3 - UNIX-CONNECT:${adminSocket}`;
    return `
left=0
${loopFor(seconds)}
    sessions=$(echo "show sess" | ${admin} | grep -F -- ' ${sessions}') || { left=0; break; }
    plan=$({ printf '%s\n' "$sessions"; echo clients; ss -HtinO state established "${sockets}"; } | awk '${PLAN}')
    left=\${plan%%[!0-9]*}
    [ "$left" = 0 ] && break
    printf '%s\n' "\${plan#*[!0-9]}" | ${admin} >/dev/null || break
    sleep 0.1
done`;
}
