/** What a request asks for: a page, an object read, an object written, the news of a write, or readiness. */
export type TargetKind = "ingress" | "api-read" | "api-write" | "api-watch" | "readyz";

/** Something that is asked again and again, and judged on its own. */
export interface Target {
    /** Unique in a run, for example `ingress/new`, `api-write/reused`, `backend/cp1`. */
    readonly name: string;
    readonly kind: TargetKind;
    /** What the client means to use: a connection for each request, or kept ones. */
    readonly connection: "new" | "reused";
    /** Kept connections that requests take in turn; 1 for new connections. */
    readonly channels: number;
    /** Requests a second; 0 for the watch, which expects one event for each write. */
    readonly rate: number;
    /** True when clients come this way, so that a failure counts against the budget. Direct backends only inform. */
    readonly counted: boolean;
}

/** Where and what to ask over HTTP. */
export interface Question {
    readonly secure: boolean;
    readonly host: string;
    readonly port: number;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Name that the certificate must carry; the host itself when left out. */
    readonly servername?: string;
}

/** A target that is asked over HTTP. */
export interface HttpTarget extends Target {
    readonly question: Question;
}
