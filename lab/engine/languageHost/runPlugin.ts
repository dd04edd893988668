import type { ServerWritableStream } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { ChildPrograms } from "./childPrograms";
import { optionVariables, programOptions } from "./programOptions";
import { sdkModule } from "./sdkModule";

function environment(list: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        list.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
}

/** Policy packs run in their own folder and get it as last argument; other plugins get it first. */
function launch(request: RunPluginRequest): { args: string[]; cwd: string } {
    const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
    const args = request.getArgsList();
    if (request.getKind() === "analyzer") {
        return { args: [sdkModule("run-policy-pack", directory), ...args, directory], cwd: directory };
    }
    return { args: [sdkModule("run-plugin", directory), directory, ...args], cwd: request.getPwd() };
}

/** Runs a plugin or policy pack written for Node.js; its output goes to the engine until it ends. */
export function runPlugin(
    call: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
    children: ChildPrograms,
): void {
    const request = call.request;
    const options = programOptions(request.getInfo()?.getOptions()?.toJavaScript());
    const { args, cwd } = launch(request);
    const child = children.start([...options.nodeArguments, ...args], {
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...environment(request.getEnvList()), ...optionVariables(options) },
    });
    const send = (fill: (response: RunPluginResponse) => void): void => {
        const response = new RunPluginResponse();
        fill(response);
        call.write(response);
    };
    child.stdout?.on("data", (piece: Buffer) => send((response) => response.setStdout(piece)));
    child.stderr?.on("data", (piece: Buffer) => send((response) => response.setStderr(piece)));
    child.once("error", (error) => call.destroy(Object.assign(error, { code: status.UNKNOWN })));
    child.once("close", (code) => {
        send((response) => response.setExitcode(code ?? 1));
        call.end();
    });
    call.once("cancelled", () => children.interrupt(child));
}
