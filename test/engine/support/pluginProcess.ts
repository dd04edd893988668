import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { fromStruct, toStruct } from "../../../lab/engine/protocol/struct";
import { PropertyMap } from "../../../lab/engine/protocol/values";
import { standInProgram } from "./standIns";

/** How to start the plugin under test: the one at the path in the variable, else the stand-in as the engine starts it. */
export function pluginCommand(
    variable: string,
    standIn: "command" | "kubernetes",
): { program: string; args: string[] } {
    const path = process.env[variable];
    if (path !== undefined && path !== "") return { program: path, args: [] };
    return { program: process.execPath, args: [standInProgram(standIn)] };
}

/** What diff said. */
export interface Difference {
    readonly changes: boolean;
    /** Top-level properties or paths that need a replacement. */
    readonly replaces: string[];
    /** Kind of change by path. */
    readonly detailed: Record<string, "add" | "delete" | "update">;
}

/** One call of the plugin as a promise. */
function answered<Response>(call: (callback: (error: Error | null, response: Response) => void) => unknown) {
    return new Promise<Response>((resolve, reject) =>
        call((error, response) => (error === null ? resolve(response) : reject(error))),
    );
}

/** A running resource plugin, driven as the engine drives it. */
export class PluginProcess {
    private constructor(
        readonly process: ChildProcess,
        private readonly client: ResourceProviderClient,
    ) {}

    /** Starts a plugin in a folder and waits until it serves. */
    static async start(
        command: { program: string; args: string[] },
        options: { engine: string; cwd: string; env?: NodeJS.ProcessEnv; config?: PropertyMap },
    ): Promise<PluginProcess> {
        const child = spawn(command.program, [...command.args, options.engine], {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            stdio: ["pipe", "pipe", "inherit"],
        });
        const port = await new Promise<string>((resolve, reject) => {
            createInterface(child.stdout).once("line", resolve);
            child.once("exit", (code) => reject(new Error(`${command.program} ended with ${code} before it served`)));
        });
        const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
        const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), limits);
        const plugin = new PluginProcess(child, client);
        const request = new messages.ConfigureRequest();
        request.setAcceptsecrets(true);
        request.setAcceptresources(true);
        request.setSendsOldInputs(true);
        request.setSendsOldInputsToDelete(true);
        request.setArgs(toStruct(options.config ?? {}));
        await answered<messages.ConfigureResponse>((done) => client.configure(request, done));
        return plugin;
    }

    async version(): Promise<string> {
        return (await answered<PluginInfo>((done) => this.client.getPluginInfo(new Empty(), done))).getVersion();
    }

    async check(urn: string, news: PropertyMap, olds: PropertyMap = {}) {
        const request = new messages.CheckRequest();
        request.setUrn(urn);
        request.setOlds(toStruct(olds));
        request.setNews(toStruct(news));
        const response = await answered<messages.CheckResponse>((done) => this.client.check(request, done));
        return {
            inputs: fromStruct(response.getInputs()),
            failures: response
                .getFailuresList()
                .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
        };
    }

    async diff(urn: string, state: PropertyMap, oldInputs: PropertyMap, news: PropertyMap): Promise<Difference> {
        const request = new messages.DiffRequest();
        request.setUrn(urn);
        request.setId("id");
        request.setOlds(toStruct(state));
        request.setOldInputs(toStruct(oldInputs));
        request.setNews(toStruct(news));
        const response = await answered<messages.DiffResponse>((done) => this.client.diff(request, done));
        const names = ["add", "add", "delete", "delete", "update", "update"] as const;
        const details = [...response.getDetaileddiffMap().toArray()] as unknown as [string, [number]][];
        return {
            changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
            replaces: response.getReplacesList(),
            detailed: Object.fromEntries(details.map(([path, [kind]]) => [path, names[kind ?? 0] ?? "add"])),
        };
    }

    async create(urn: string, inputs: PropertyMap, options: { preview?: boolean; timeout?: number } = {}) {
        const request = new messages.CreateRequest();
        request.setUrn(urn);
        request.setProperties(toStruct(inputs));
        request.setPreview(options.preview ?? false);
        request.setTimeout(options.timeout ?? 0);
        const response = await answered<messages.CreateResponse>((done) => this.client.create(request, done));
        return { id: response.getId(), state: fromStruct(response.getProperties()) };
    }

    async update(
        urn: string,
        state: PropertyMap,
        oldInputs: PropertyMap,
        news: PropertyMap,
        options: { preview?: boolean; ignore?: string[] } = {},
    ): Promise<PropertyMap> {
        const request = new messages.UpdateRequest();
        request.setUrn(urn);
        request.setId("id");
        request.setOlds(toStruct(state));
        request.setOldInputs(toStruct(oldInputs));
        request.setNews(toStruct(news));
        request.setPreview(options.preview ?? false);
        request.setIgnorechangesList(options.ignore ?? []);
        return fromStruct(
            (await answered<messages.UpdateResponse>((done) => this.client.update(request, done))).getProperties(),
        );
    }

    async delete(urn: string, state: PropertyMap, oldInputs: PropertyMap = {}, id = "id"): Promise<void> {
        const request = new messages.DeleteRequest();
        request.setUrn(urn);
        request.setId(id);
        request.setProperties(toStruct(state));
        request.setOldInputs(toStruct(oldInputs));
        await answered<Empty>((done) => this.client.delete(request, done));
    }

    async read(urn: string, id: string, state: PropertyMap, inputs: PropertyMap) {
        const request = new messages.ReadRequest();
        request.setUrn(urn);
        request.setId(id);
        request.setProperties(toStruct(state));
        request.setInputs(toStruct(inputs));
        const response = await answered<messages.ReadResponse>((done) => this.client.read(request, done));
        return {
            id: response.getId(),
            state: fromStruct(response.getProperties()),
            inputs: fromStruct(response.getInputs()),
        };
    }

    /** What the engine sends when the user presses Ctrl-C. */
    async cancel(): Promise<void> {
        await answered<Empty>((done) => this.client.cancel(new Empty(), done));
    }

    /** Interrupts the plugin and waits for its end. */
    async stop(): Promise<void> {
        this.client.close();
        if (this.process.exitCode !== null || this.process.signalCode !== null) return;
        this.process.kill("SIGINT");
        await once(this.process, "exit");
    }
}
