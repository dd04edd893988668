import { ServerUnaryCall, ServerWritableStream, sendUnaryData, status } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ChildPrograms } from "./childPrograms";
import { packageManifest, programDependencies, requiredPackages } from "./requiredPackages";
import { runPlugin } from "./runPlugin";
import { runProgram } from "./runProgram";
import { sdkModule } from "./sdkModule";

function unary<Request, Response>(handle: (request: Request) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        handle(call.request).then(
            (response) => callback(null, response),
            (error: Error) => callback({ code: status.UNKNOWN, details: error.message }),
        );
    };
}

/** What this host leaves to the real one, with the way to get the same done. */
const refusals: Readonly<Record<string, string>> = {
    getRequiredPlugins: "ask for required packages instead",
    generateProgram: "programs cannot be generated or converted with the lab's language host",
    generateProject: "projects cannot be generated or converted with the lab's language host",
    generatePackage: "SDKs cannot be generated with the lab's language host",
    pack: "packages cannot be packed with the lab's language host",
    link: "packages cannot be linked with the lab's language host; add them to package.json and run npm install",
};

function refuse(details: string) {
    return (_: unknown, callback: sendUnaryData<unknown>): void => callback({ code: status.UNIMPLEMENTED, details });
}

/** The language host as the engine sees it: it starts programs, policy packs and plugins with the SDK's own runners. */
export class LanguageHost {
    private readonly children = new ChildPrograms();

    constructor(private engine: string) {}

    /** Kills everything the host has started. */
    stop(): void {
        this.children.kill();
    }

    /** The gRPC service. */
    service(): UntypedServiceImplementation {
        return {
            ...Object.fromEntries(Object.entries(refusals).map(([method, words]) => [method, refuse(words)])),
            ...this.questions(),
            ...this.programs(),
        };
    }

    private programs(): UntypedServiceImplementation {
        return {
            run: unary(async (request: language.RunRequest) => {
                const end = await runProgram(request, this.engine, this.children);
                const response = new language.RunResponse();
                response.setError(end.error ?? "");
                response.setBail(end.bail ?? false);
                return response;
            }),
            runPlugin: (call: ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) => {
                try {
                    runPlugin(call, this.children);
                } catch (error) {
                    call.destroy(Object.assign(error as Error, { code: status.UNKNOWN }));
                }
            },
            installDependencies: (call: ServerWritableStream<language.InstallDependenciesRequest, never>) => {
                const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
                const details = `the lab's language host installs no packages; run npm install in ${directory}`;
                call.destroy(Object.assign(new Error(details), { code: status.UNIMPLEMENTED, details }));
            },
            cancel: unary(async () => {
                this.children.interruptAll();
                return new Empty();
            }),
        };
    }

    private questions(): UntypedServiceImplementation {
        return {
            handshake: unary(async (request: language.LanguageHandshakeRequest) => {
                this.engine = request.getEngineAddress() || this.engine;
                return new language.LanguageHandshakeResponse();
            }),
            getPluginInfo: unary(async () => {
                const info = new PluginInfo();
                info.setVersion(packageManifest(`${sdkModule("run", __dirname)}/../../..`)?.version ?? "");
                return info;
            }),
            getRequiredPackages: unary(async (request: language.GetRequiredPackagesRequest) => {
                const response = new language.GetRequiredPackagesResponse();
                response.setPackagesList(dependencies(request.getInfo()?.getProgramDirectory() ?? "."));
                return response;
            }),
            getProgramDependencies: unary(async (request: language.GetProgramDependenciesRequest) => {
                const response = new language.GetProgramDependenciesResponse();
                for (const { name, version } of programDependencies(request.getInfo()?.getProgramDirectory() ?? ".")) {
                    const info = new language.DependencyInfo();
                    info.setName(name);
                    info.setVersion(version);
                    response.addDependencies(info);
                }
                return response;
            }),
            about: unary(async () => {
                const response = new language.AboutResponse();
                response.setExecutable(process.execPath);
                response.setVersion(process.version);
                return response;
            }),
            runtimeOptionsPrompts: unary(async () => new language.RuntimeOptionsResponse()),
            template: unary(async () => new language.TemplateResponse()),
        };
    }
}

function dependencies(directory: string): PackageDependency[] {
    return requiredPackages(directory).map(({ name, version, server }) => {
        const dependency = new PackageDependency();
        dependency.setName(name);
        dependency.setKind("resource");
        dependency.setVersion(version);
        dependency.setServer(server ?? "");
        return dependency;
    });
}
