/**
 * What Skipper 0.26 can be told to do by an annotation of an Ingress, judged: whoever may write an Ingress must get nothing
 * that a pod of his has not (TRAPS 76). Sources: docs/reference/filters.md and filters/builtin of zalando/skipper.
 */

/** Filters that stay off in the proxy itself, by what they would give to the author of an Ingress. */
const DANGEROUS: Readonly<Record<string, readonly string[]>> = {
    "read files of the proxy, its token too": ["static", "basicAuth", "bearerinjector", "setRequestHeaderFromSecret"],
    "run code in the proxy": ["lua"],
    "send requests from the proxy to wherever the author says": [
        ...["setDynamicBackendHost", "setDynamicBackendScheme", "setDynamicBackendUrl", "backendIsProxy"],
        ...["setDynamicBackendHostFromHeader", "setDynamicBackendSchemeFromHeader", "setDynamicBackendUrlFromHeader"],
        ...["tee", "Tee", "teenf", "teeResponse", "webhook", "jwtValidation", "jwtValidationKeys"],
        ...["AnyClaims", "AllClaims", "AnyKV", "AllKV"].flatMap((what) => [
            `oauthTokenintrospection${what}`,
            `secureOauthTokenintrospection${what}`,
        ]),
    ],
    "send requests through routes of others": ["teeLoopback", "loopbackIfStatus"],
    "use credentials that are the proxy's": [
        ...["oauthGrant", "grantCallback", "grantLogout", "grantClaimsQuery", "oidcClaimsQuery"],
        ...["oauthOidcUserInfo", "oauthOidcAnyClaims", "oauthOidcAllClaims", "forwardToken", "forwardTokenField"],
        ...["AnyScope", "AllScope", "AnyKV", "AllKV", "Validate"].map((what) => `oauthTokeninfo${what}`),
        "awsSigv4",
    ],
    "ask policies that the author names": [
        ...["opaAuthorizeRequest", "opaAuthorizeRequestWithBody", "opaServeResponse", "opaServeResponseWithReqBody"],
    ],
    "fill the proxy's memory or its log, or hold its requests, for tests of clients": [
        ...["randomContent", "repeatContent", "repeatContentHex", "wrapContent", "wrapContentHex"],
        ...["latency", "bandwidth", "chunks", "backendLatency", "backendBandwidth", "backendChunks", "tarpit"],
        ...["absorb", "absorbSilent", "logHeader", "logBody", "auditLog", "unverifiedAuditLog"],
        ...["uniform", "normal", "histogram"].flatMap((name) => [`${name}RequestLatency`, `${name}ResponseLatency`]),
        ...["sed", "sedDelim", "sedRequest", "sedRequestDelim"],
    ],
    "change what is counted or queued for others, too": [
        ...["lifoGroup", "endpointCreated", "originMarker", "apiUsageMonitoring", "jwtMetrics"],
        ...["ratelimit", "clientRatelimit", "clusterRatelimit", "clusterClientRatelimit", "backendRatelimit"],
        ...["clusterLeakyBucketRatelimit", "ratelimitFailClosed", "localRatelimit", "disableRatelimit"],
    ],
};

/** Filters that work on the author's own requests and answers alone. One that is not named here is refused. */
export const HARMLESS_FILTERS: readonly string[] = [
    ...["annotate", "comment", "status", "healthcheck", "inlineContent", "inlineContentIfStatus"],
    ...["requestHeader", "setRequestHeader", "appendRequestHeader", "dropRequestHeader", "dropRequestHeaderRegexp"],
    ...["responseHeader", "setResponseHeader", "appendResponseHeader", "dropResponseHeader"],
    ...["dropResponseHeaderRegexp", "modRequestHeader", "modResponseHeader"],
    ...["setContextRequestHeader", "appendContextRequestHeader", "encodeRequestHeader", "encodeResponseHeader"],
    ...["setContextResponseHeader", "appendContextResponseHeader", "copyRequestHeader", "copyResponseHeader"],
    ...["requestCopyHeader", "responseCopyHeader", "corsOrigin", "preserveHost", "flowId", "xforward", "xforwardFirst"],
    ...["modPath", "setPath", "rfcPath", "rfcHost", "setQuery", "dropQuery", "stripQuery"],
    ...["headerToQuery", "queryToHeader", "redirect", "redirectTo", "redirectToLower", "setFastCgiFilename"],
    ...["requestCookie", "responseCookie", "jsCookie", "dropRequestCookie", "dropResponseCookie"],
    ...["compress", "decompress", "backendTimeout", "readTimeout", "writeTimeout", "blockContent", "blockContentHex"],
    ...["consecutiveBreaker", "rateBreaker", "disableBreaker", "admissionControl", "fifo", "fifoWithBody", "lifo"],
    ...["fadeIn", "consistentHashKey", "consistentHashBalanceFactor", "tlsPassClientCertificates"],
    ...["accessLogDisabled", "disableAccessLog", "enableAccessLog", "maskAccessLogQuery", "stateBagToTag"],
    ...["tracingBaggageToTag", "tracingSpanName", "tracingTag", "tracingTagFromResponse"],
    "tracingTagFromResponseIfStatus",
];

/** A route with one of them is not made; all others are. */
export const DISABLED_FILTERS: readonly string[] = Object.values(DANGEROUS).flat();

/** Annotations that Skipper reads as a list of filters. */
const FILTER_ANNOTATIONS = ["zalando.org/skipper-filter", "zalando.org/ratelimit"];
/** Whole routes, with backends of their own. */
const ROUTES_ANNOTATION = "zalando.org/skipper-routes";

const WHAT_TO_DO = "or serve it by a proxy of your own: spec.ingressClassName";

/**
 * Rules over Ingresses, as CEL: nothing else is let in. They come on top of the disabled filters, because those say nothing
 * to the author, and routes may name any backend.
 */
export const SKIPPER_ADMISSION = [
    {
        expression: `!('${ROUTES_ANNOTATION}' in variables.annotations)`,
        message: `the annotation ${ROUTES_ANNOTATION} is not accepted: routes of one's own could name any backend; write rules in spec.rules instead, ${WHAT_TO_DO}`,
    },
    ...FILTER_ANNOTATIONS.map((annotation) => ({
        expression: `!('${annotation}' in variables.annotations) || variables.annotations['${annotation}'].matches(${celText(filtersPattern())})`,
        message: `the annotation ${annotation} may hold only these filters, as NAME(ARGUMENTS) -> NAME(ARGUMENTS): ${[...HARMLESS_FILTERS].sort().join(", ")}; take others out, ${WHAT_TO_DO}`,
    })),
];

/**
 * All of a list of harmless filters, and nothing else, as RE2. Words are told apart exactly as Skipper does (eskip/lexer.go),
 * so that nothing can hide in a text: in double quotes and in backquotes a backslash escapes, in a regular expression also
 * brackets hold a slash. Comments are left out.
 */
export function filtersPattern(): string {
    const space = "[ \\t\\r\\n]*";
    const text = (quote: string) => `${quote}(?:[^${quote}\\\\]|\\\\.)*${quote}`;
    const regexp = "/(?:[^/\\\\\\[]|\\\\.|\\[(?:[^\\]\\\\]|\\\\.)*\\])+/";
    const argument = `(?:${text('"')}|${text("`")}|${regexp}|[0-9]+(?:\\.[0-9]+)?)${space}`;
    const filter = `(?:${HARMLESS_FILTERS.join("|")})${space}\\(${space}(?:${argument}(?:,${space}${argument})*)?\\)${space}`;
    return `(?s)^${space}(?:${filter}(?:->${space}${filter})*)?$`;
}

/** A text in CEL, where backslashes escape. */
function celText(text: string): string {
    return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
