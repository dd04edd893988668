/** Why a request counts as failed; `local` is the prober's own fault and makes the run invalid. */
export const FAILURE_CLASSES = [
    "refused",
    "reset",
    "timeout",
    "unreachable",
    "cut",
    "tls",
    "protocol",
    "status",
    "unseen",
    "local",
    "other",
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Node's and OpenSSL's codes by class; the first that matches. */
const CODES: readonly (readonly [RegExp, FailureClass])[] = [
    [/^ECONNREFUSED$/, "refused"],
    [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, "reset"],
    [/^ETIMEDOUT$/, "timeout"],
    [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ENOTFOUND|EAI_AGAIN)$/, "unreachable"],
    [/^(EMFILE|ENFILE|ENOBUFS|ENOMEM|EADDRNOTAVAIL|EADDRINUSE)$/, "local"],
    [/^HPE_/, "protocol"],
    [/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/, "tls"],
];

/** Class of an error that a socket or the HTTP client raised. */
export function failureClass(error: unknown): FailureClass {
    const code = String((error as { code?: unknown } | null)?.code ?? "");
    return CODES.find(([pattern]) => pattern.test(code))?.[1] ?? "other";
}
