import type { ClusterConfig } from "../../model/clusterConfig";
import { shellQuote } from "../../steps/shellQuote";
import { type HostScript, loadScript } from "../command/hostScript";
import { proxyEnvironment } from "../command/proxy";
import { type Release, programs, releaseDownloads } from "./catalogue";

/**
 * The step that puts the programs of a node into place, each checked by sha256 before use. What a host already has is
 * left alone; programs of a host that is a node are never exchanged here, but by `quorate upgrade`.
 */
export function renderInstall(
    config: Pick<ClusterConfig, "artifacts" | "endpoint" | "network" | "proxy" | "versions">,
): HostScript {
    const { artifacts, versions } = config;
    const functions = loadScript(__dirname, "install.sh");
    if (artifacts.source === "bundle") {
        return {
            step: "artifacts",
            settings: { bundle: artifacts.directory, bundle_sha256: artifacts.sha256sums },
            body: [
                functions,
                "check_bundle",
                ...programs().map(({ inBundle, destination }) => `from_bundle ${inBundle} ${destination}`),
                "place_runc_from_bundle",
            ].join("\n"),
        };
    }
    const downloads = releaseDownloads(versions, artifacts.source === "mirror" ? artifacts.url : undefined);
    return {
        step: "artifacts",
        settings: { proxy: proxyEnvironment(config) },
        body: [functions, ...downloads.flatMap(renderDownload)].join("\n"),
    };
}

function renderDownload({ name, url, sha256, members }: Release): readonly string[] {
    const download = `download ${name} ${shellQuote(url)} ${sha256.amd64} ${sha256.arm64}`;
    const destinations = new Map(programs().map((program) => [program.name, program.destination]));
    if (Object.keys(members).length === 0)
        return [download, `place ${destinations.get(name) ?? `/usr/local/bin/${name}`}`];
    return [
        download,
        ...Object.entries(members).map(
            ([program, member]) => `place ${destinations.get(program) ?? ""} ${shellQuote(member)}`,
        ),
    ];
}
