import { existsSync } from "node:fs";
import path from "node:path";
import { statePath } from "./settings";

/** Where the lab leaves the cluster's administrator credentials. */
export function kubeconfigPath(): string {
    return statePath("kubeconfig");
}

/**
 * Environment variables with which a shell works on the lab's cluster; `$PATH` stands for what the shell has.
 * @param pulumi what `pulumi` needs, its PATH reduced to the folders it adds
 */
export function labEnvironment(
    bundleDirectory: string | undefined,
    pulumi: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
    const folders = [pulumi["PATH"], bundleDirectory && path.join(bundleDirectory, "bin")].filter(Boolean);
    return {
        ...pulumi,
        PATH: [...folders, "$PATH"].join(":"),
        ...(existsSync(kubeconfigPath()) ? { KUBECONFIG: kubeconfigPath() } : {}),
    };
}

/** The variables as lines for `eval` in a POSIX shell. */
export function renderExports(environment: Readonly<Record<string, string>>): string {
    return Object.entries(environment)
        .map(([name, value]) => `export ${name}=${quote(value)}\n`)
        .join("");
}

function quote(value: string): string {
    const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    return value.endsWith(":$PATH") ? `${single(value.slice(0, -"$PATH".length))}"$PATH"` : single(value);
}
