import { ServerUnaryCall, sendUnaryData, status } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Cancellation } from "./cancellation";
import { checkResponse, diffResponse, rpcError } from "./responses";
import { Change, Operation, ResourcePlugin, ResourceRef } from "./resourcePlugin";
import { fromStruct, toStruct } from "./struct";
import { PropertyMap } from "./values";

/** URN form: urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>. */
function resourceRef(urn: string): ResourceRef {
    const parts = urn.split("::");
    return { urn, type: (parts[2] ?? "").split("$").at(-1) ?? "", name: parts.slice(3).join("::") };
}

/** Answers a call with what the handler returns or throws. */
function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        handle(call.request).then(
            (response) => callback(null, response),
            (error: unknown) => callback(rpcError(error)),
        );
    };
}

/** Ignored properties keep the value they had. */
function withIgnored(inputs: PropertyMap, ignored: readonly string[], state: PropertyMap): PropertyMap {
    const kept = ignored.filter((property) => property in state);
    return { ...inputs, ...Object.fromEntries(kept.map((property) => [property, state[property]])) };
}

function changeOf(request: messages.DiffRequest | messages.UpdateRequest): Change {
    const oldState = fromStruct(request.getOlds());
    const newInputs = withIgnored(fromStruct(request.getNews()), request.getIgnorechangesList(), oldState);
    return { id: request.getId(), oldState, newInputs, oldInputs: fromStruct(request.getOldInputs()) };
}

/** Runs an operation under the plugin's cancellation and its own timeout. */
function operations(cancellation: Cancellation) {
    return async <T>(urn: string, seconds: number, work: (operation: Operation) => Promise<T>): Promise<T> => {
        const scope = cancellation.scope(seconds);
        try {
            const timeout = seconds > 0 ? { timeoutSeconds: seconds } : {};
            return await work({ ...resourceRef(urn), signal: scope.signal, ...timeout });
        } finally {
            scope.end();
        }
    };
}

function configHandlers(plugin: ResourcePlugin): UntypedServiceImplementation {
    return {
        getPluginInfo: unary(async () => {
            const info = new PluginInfo();
            info.setVersion(plugin.version);
            return info;
        }),
        checkConfig: unary(async (request: messages.CheckRequest) =>
            checkResponse(await plugin.checkConfig(fromStruct(request.getNews()))),
        ),
        diffConfig: unary(async (request: messages.DiffRequest) => {
            const { oldInputs, newInputs } = changeOf(request);
            return diffResponse(await plugin.diffConfig(oldInputs, newInputs));
        }),
        configure: unary(async (request: messages.ConfigureRequest) => {
            await plugin.configure(fromStruct(request.getArgs()));
            const response = new messages.ConfigureResponse();
            response.setAcceptsecrets(true);
            response.setSupportspreview(true);
            response.setAcceptresources(true);
            response.setAcceptoutputs(true);
            return response;
        }),
    };
}

function changeHandlers(plugin: ResourcePlugin, run: ReturnType<typeof operations>): UntypedServiceImplementation {
    return {
        check: unary(async (request: messages.CheckRequest) => {
            const resource = resourceRef(request.getUrn());
            return checkResponse(
                await plugin.check(resource, fromStruct(request.getOlds()), fromStruct(request.getNews())),
            );
        }),
        diff: unary(async (request: messages.DiffRequest) =>
            diffResponse(await plugin.diff(resourceRef(request.getUrn()), changeOf(request))),
        ),
        create: unary((request: messages.CreateRequest) =>
            run(request.getUrn(), request.getTimeout(), async (operation) => {
                const inputs = fromStruct(request.getProperties());
                const created = await plugin.create(operation, inputs, request.getPreview());
                const response = new messages.CreateResponse();
                response.setId(created.id);
                response.setProperties(toStruct(created.state));
                return response;
            }),
        ),
        update: unary((request: messages.UpdateRequest) =>
            run(request.getUrn(), request.getTimeout(), async (operation) => {
                const state = await plugin.update(operation, changeOf(request), request.getPreview());
                const response = new messages.UpdateResponse();
                response.setProperties(toStruct(state));
                return response;
            }),
        ),
    };
}

function lifeHandlers(plugin: ResourcePlugin, run: ReturnType<typeof operations>): UntypedServiceImplementation {
    return {
        read: unary((request: messages.ReadRequest) =>
            run(request.getUrn(), request.getTimeout(), async (operation) => {
                const state = fromStruct(request.getProperties());
                const inputs = fromStruct(request.getInputs());
                const found = await plugin.read(operation, { id: request.getId(), state, inputs });
                const response = new messages.ReadResponse();
                if (found === null) return response;
                response.setId(found.id);
                response.setProperties(toStruct(found.state));
                response.setInputs(toStruct(found.inputs));
                return response;
            }),
        ),
        delete: unary((request: messages.DeleteRequest) =>
            run(request.getUrn(), request.getTimeout(), async (operation) => {
                await plugin.delete(operation, request.getId(), fromStruct(request.getProperties()));
                return new Empty();
            }),
        ),
        invoke: unary((request: messages.InvokeRequest) =>
            run("", 0, async ({ signal }) => {
                const response = new messages.InvokeResponse();
                const result = await plugin.invoke(request.getTok(), fromStruct(request.getArgs()), signal);
                response.setReturn(toStruct(result));
                return response;
            }),
        ),
    };
}

/** Methods of the protocol that these plugins do without; the engine then uses its older ways. */
const unsupported = [
    "handshake",
    "parameterize",
    "getSchema",
    "call",
    "list",
    "construct",
    "getMapping",
    "getMappings",
];

/** A resource plugin as the gRPC service that the engine calls. */
export function providerService(plugin: ResourcePlugin, cancellation: Cancellation): UntypedServiceImplementation {
    const run = operations(cancellation);
    const refuse = (method: string) => (_: unknown, callback: sendUnaryData<unknown>) => {
        const details = `${method} is not supported by the lab's stand-in for the ${plugin.name} plugin`;
        callback({ code: status.UNIMPLEMENTED, details });
    };
    return {
        ...Object.fromEntries(unsupported.map((method) => [method, refuse(method)])),
        attach: unary(async () => new Empty()),
        cancel: unary(async () => {
            cancellation.cancel("the update was cancelled");
            return new Empty();
        }),
        ...configHandlers(plugin),
        ...changeHandlers(plugin, run),
        ...lifeHandlers(plugin, run),
    };
}
