import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { ChildPrograms } from "./childPrograms";
import { optionVariables, programOptions } from "./programOptions";
import { sdkModule } from "./sdkModule";

/** How a program ended: `bail` means that it has already told the user why it failed. */
export interface ProgramEnd {
    readonly error?: string;
    readonly bail?: boolean;
}

/** The SDK exits with this code after it has shown the user what is wrong. */
const exitedAfterMessage = 32;

function flag(name: string, value: string | number): string[] {
    return value === "" || value === 0 ? [] : [`--${name}`, String(value)];
}

/** The command line of the SDK's program runner. */
export function runArguments(request: RunRequest, engine: string): string[] {
    const info = request.getInfo();
    return [
        ...flag("monitor", request.getMonitorAddress()),
        ...flag("engine", engine),
        ...flag("organization", request.getOrganization()),
        ...flag("project", request.getProject()),
        ...flag("root-directory", info?.getRootDirectory() ?? ""),
        ...flag("stack", request.getStack()),
        ...flag("pwd", info?.getProgramDirectory() ?? request.getPwd()),
        ...(request.getDryrun() ? ["--dry-run"] : []),
        ...flag("parallel", request.getParallel()),
        info?.getEntryPoint() || ".",
        ...request.getArgsList(),
    ];
}

/** The stack's configuration as the SDK reads it; it travels in variables as it may be large, never in arguments. */
export function configVariables(request: RunRequest): Record<string, string> {
    const config = Object.fromEntries(request.getConfigMap().toArray());
    return {
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    };
}

/** Runs the user's program with the SDK's runner and tells how it ended. */
export function runProgram(request: RunRequest, engine: string, children: ChildPrograms): Promise<ProgramEnd> {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() ?? request.getPwd();
    const options = programOptions(info?.getOptions()?.toJavaScript());
    const runner = sdkModule("run", directory);
    const child = children.start([...options.nodeArguments, runner, ...runArguments(request, engine)], {
        cwd: request.getPwd() || directory,
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, ...optionVariables(options), ...configVariables(request) },
    });
    return new Promise((resolve) => {
        child.once("error", (error) => resolve({ error: `cannot run ${process.execPath}: ${error.message}` }));
        child.once("close", (code, signal) => {
            if (code === 0) resolve({});
            else if (code === exitedAfterMessage) resolve({ bail: true });
            else if (signal !== null) resolve({ error: `Program was ended by signal ${signal}` });
            else resolve({ error: `Program exited with non-zero exit code: ${code}` });
        });
    });
}
