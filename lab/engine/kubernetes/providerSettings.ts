import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { PropertyMap } from "../protocol/values";

/** What a provider's configuration says. */
export interface ProviderSettings {
    /** Where resources without a namespace go. */
    readonly namespace: string;
    /** Take over objects that exist already instead of failing. */
    readonly upsertExistingObjects: boolean;
    /** Take over fields that others manage. */
    readonly enablePatchForce: boolean;
    /** Update changed ConfigMaps in place instead of replacing them. */
    readonly enableConfigMapMutable: boolean;
    /** Update changed Secrets in place instead of replacing them. */
    readonly enableSecretMutable: boolean;
    /** Forget resources of a cluster that cannot be reached, instead of failing. */
    readonly deleteUnreachable: boolean;
    /** Leave resources of a cluster that cannot be reached as they are, instead of failing. */
    readonly skipUpdateUnreachable: boolean;
}

/** Switches with the variables that give their defaults. */
const switches = {
    upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
    enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
    enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
    skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
} as const;

/** Settings that would change what the plugin does, and that it does not have. */
const refused = ["renderYamlToDirectory", "helmReleaseSettings", "kubeClientSettings"];

/** Settings that this plugin does not have, in words; empty when it can do what is asked. */
export function refusedSettings(config: PropertyMap): { property: string; reason: string }[] {
    const words = "is not supported by the lab's stand-in for the kubernetes plugin; use the real plugin for it";
    const given = refused.filter((name) => config[name] !== undefined && config[name] !== null);
    const failures = given.map((property) => ({ property, reason: `${property} ${words}` }));
    if (String(config["enableServerSideApply"]) !== "false") return failures;
    return [...failures, { property: "enableServerSideApply", reason: `enableServerSideApply: false ${words}` }];
}

/** Reads the settings; `namespace` defaults to the kubeconfig's, then to "default". */
export function providerSettings(config: PropertyMap, kubeconfigNamespace: string | undefined): ProviderSettings {
    const on = (name: string, variable: string): boolean => String(config[name] ?? process.env[variable]) === "true";
    const flags = Object.entries(switches).map(([name, variable]) => [name, on(name, variable)]);
    return {
        namespace: String(config["namespace"] || kubeconfigNamespace || "default"),
        ...(Object.fromEntries(flags) as Omit<ProviderSettings, "namespace">),
    };
}

/** `kubeconfig` may be the contents or a path; without it KUBECONFIG and the user's own file count. */
function kubeconfigText(config: PropertyMap): string {
    const given = config["kubeconfig"];
    if (typeof given === "string" && given !== "") return existsSync(given) ? readFileSync(given, "utf8") : given;
    const path = process.env["KUBECONFIG"] || join(homedir(), ".kube/config");
    if (!existsSync(path)) throw new Error(`no kubeconfig: ${path} does not exist; set the provider's kubeconfig`);
    return readFileSync(path, "utf8");
}

/** Loads the cluster's address and credentials. @throws when there are none or they cannot be read. */
export function loadKubeconfig(config: PropertyMap): KubeConfig {
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromString(kubeconfigText(config));
    if (typeof config["context"] === "string") kubeconfig.setCurrentContext(config["context"]);
    if (kubeconfig.getCurrentCluster() === null) {
        throw new Error(`kubeconfig has no cluster for its current context "${kubeconfig.getCurrentContext()}"`);
    }
    return kubeconfig;
}
