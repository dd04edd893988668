import {
    ApiException,
    Observable,
    type ApiConstructor,
    type ApiType,
    type ConfigurationOptions,
} from "@kubernetes/client-node";
import type { Duration } from "../../model/duration";
import type { ClusterAccess } from "./kubeconfig";

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
    constructor(
        readonly code: number,
        /** The server's own words. */
        readonly reason: string,
        /** Why exactly, for example the budgets that refuse an eviction. */
        readonly causes: readonly { readonly reason: string; readonly message: string }[],
    ) {
        super(`the API server says ${code}: ${reason}`);
        this.name = "ApiError";
    }
}

/** The object was changed, or is there already. */
export const CONFLICT = 409;
/** There is no such object. */
export const NOT_FOUND = 404;

/** Turns "not found" into undefined. */
export async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiError && error.code === NOT_FOUND) return undefined;
        throw error;
    }
}

/** How a request is made. */
export interface CallOptions {
    /** Whether another API server is asked when one does not answer; false for what must not be done twice. */
    readonly failOver?: boolean;
    readonly contentType?: string;
}

/** Requests to whichever API server answers, each bounded in time. */
export interface ApiCaller {
    /** @throws ApiError for a refusal; Error when no server answers */
    call<A extends ApiType, T>(
        api: ApiConstructor<A>,
        request: (client: A, options: ConfigurationOptions) => Promise<T>,
        options?: CallOptions,
    ): Promise<T>;
}

/** Answers of servers on their way down or up, which another server would not give. */
const UNAVAILABLE = [502, 503, 504];

/**
 * Starts with the first server and stays with the one that answered last. During a rolling reboot every server is away for
 * a while, the endpoint's included.
 * @param servers URLs of the same cluster's API, the endpoint first
 */
export function openApiCaller(access: ClusterAccess, servers: readonly string[], timeout: Duration): ApiCaller {
    const configs = servers.map((server) => access.configFor(server));
    let preferred = 0;
    return {
        async call(api, request, { failOver = true, contentType } = {}) {
            const failures: string[] = [];
            const first = preferred;
            for (let attempt = 0; attempt < (failOver ? configs.length : 1); attempt++) {
                const index = (first + attempt) % configs.length;
                const config = configs[index];
                if (config === undefined) break;
                try {
                    const answer = await request(config.makeApiClient(api), requestOptions(timeout, contentType));
                    preferred = index;
                    return answer;
                } catch (error) {
                    const seen = inWords(error, timeout);
                    if (seen instanceof ApiError && !UNAVAILABLE.includes(seen.code)) throw seen;
                    failures.push(`${servers[index]}: ${seen.message}`);
                    // Calls run side by side: only the first to fail here moves the others on.
                    if (preferred === index) preferred = (index + 1) % configs.length;
                }
            }
            throw new Error(`no API server answers: ${failures.join("; ")}`);
        },
    };
}

/** Gives up on a request after `timeout`: the client itself waits for ever. */
function requestOptions(timeout: Duration, contentType: string | undefined): ConfigurationOptions {
    return {
        middlewareMergeStrategy: "append",
        middleware: [
            {
                pre(context) {
                    context.setSignal(AbortSignal.timeout(timeout.milliseconds));
                    if (contentType !== undefined) context.setHeaderParam("Content-Type", contentType);
                    return new Observable(Promise.resolve(context));
                },
                post: (context) => new Observable(Promise.resolve(context)),
            },
        ],
    };
}

function inWords(error: unknown, timeout: Duration): Error {
    if (error instanceof ApiException) return apiError(error.code, error.body);
    if ((error as Error).name === "AbortError") return new Error(`no answer within ${timeout}`);
    return error instanceof Error ? error : new Error(String(error));
}

interface StatusBody {
    readonly message?: string;
    readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** Bodies come parsed, as text, or not at all. */
function apiError(code: number, body: unknown): ApiError {
    const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
    let status: StatusBody | null = null;
    try {
        status = JSON.parse(text) as StatusBody | null;
    } catch {
        // Proxies and servers on their way up answer with plain text.
    }
    const causes = status?.details?.causes ?? [];
    return new ApiError(
        code,
        status?.message ?? text.trim().slice(0, 200),
        causes.map(({ reason = "", message = "" }) => ({ reason, message })),
    );
}
