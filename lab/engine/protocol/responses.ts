import { Metadata, status } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { PropertyDiffs } from "./propertyDiff";
import { CheckFailure, DiffResult, InitializationError } from "./resourcePlugin";
import { toStruct } from "./struct";
import { PropertyMap } from "./values";

function initializationDetails(error: InitializationError): Metadata {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(error.state));
    detail.setInputs(toStruct(error.inputs));
    detail.setReasonsList([...error.reasons]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const wrapped = new Status();
    wrapped.setCode(status.UNKNOWN);
    wrapped.setMessage(error.message);
    wrapped.addDetails(any);
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(wrapped.serializeBinary()));
    return metadata;
}

/** An error as the engine takes it; one of a resource that exists carries its state. */
export function rpcError(error: unknown): { code: status; details: string; metadata?: Metadata } {
    const details = error instanceof Error ? error.message : String(error);
    if (!(error instanceof InitializationError)) return { code: status.UNKNOWN, details };
    return { code: status.UNKNOWN, details, metadata: initializationDetails(error) };
}

/** The outcome of a check as a message. */
export function checkResponse(result: {
    inputs: PropertyMap;
    failures: readonly CheckFailure[];
}): messages.CheckResponse {
    const response = new messages.CheckResponse();
    response.setInputs(toStruct(result.inputs));
    for (const { property, reason } of result.failures) {
        const failure = new messages.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
    }
    return response;
}

const kinds = messages.PropertyDiff.Kind;
const diffKinds = {
    add: [kinds.ADD, kinds.ADD_REPLACE],
    delete: [kinds.DELETE, kinds.DELETE_REPLACE],
    update: [kinds.UPDATE, kinds.UPDATE_REPLACE],
} as const;

function fillDetailedDiff(response: messages.DiffResponse, diffs: PropertyDiffs, replaces: ReadonlySet<string>): void {
    for (const [path, kind] of diffs) {
        const detail = new messages.PropertyDiff();
        detail.setKind(diffKinds[kind][replaces.has(path) ? 1 : 0]);
        response.getDetaileddiffMap().set(path, detail);
    }
    response.setHasdetaileddiff(diffs.size > 0);
}

/** The outcome of a diff as a message, with the differing properties in detail. */
export function diffResponse({ diffs, replaces, deleteBeforeReplace }: DiffResult): messages.DiffResponse {
    const response = new messages.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    response.setChanges(diffs.size > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList([...new Set([...diffs.keys()].map((path) => path.split(/[.[]/)[0] ?? path))]);
    response.setReplacesList([...replaces]);
    response.setDeletebeforereplace(deleteBeforeReplace ?? false);
    fillDetailedDiff(response, diffs, new Set(replaces));
    return response;
}
