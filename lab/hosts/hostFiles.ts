import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../process";
import { type LabHost, labHosts, labNetwork } from "../topology";
import type { HostFolders } from "./folders";
import { authorizedKey, hostKeyPath } from "./keys";
import { traitFiles, traitScript } from "./traits";

/** The files that make a copy of the image one particular host, by path. */
export function renderHostFiles(host: LabHost, authorizedKeys: string): Readonly<Record<string, string>> {
    return {
        "etc/hostname": `${host.name}\n`,
        "etc/hosts": renderHosts(host),
        // without an id of its own systemd would take each boot for the first and enable every installed service
        "etc/machine-id": `${createHash("sha256").update(`quorate lab ${host.name}`).digest("hex").slice(0, 32)}\n`,
        "etc/systemd/network/10-host0.network": renderNetwork(host),
        "root/.ssh/authorized_keys": `${authorizedKeys}\n`,
    };
}

function renderHosts(host: LabHost): string {
    const own = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback", `127.0.1.1 ${host.name}`];
    const all = labHosts.map(({ name, address }) => `${address} ${name}`);
    return [...own, ...all, ""].join("\n");
}

function renderNetwork({ address }: LabHost): string {
    const { hostInterface, prefixLength, gateway } = labNetwork;
    return `[Match]
Name=${hostInterface}

[Network]
Address=${address}/${prefixLength}
Gateway=${gateway}
LinkLocalAddressing=no
IPv6AcceptRA=no
`;
}

/** Writes them into the host's file system, its SSH host key and what its traits add among them. */
export async function writeHostFiles(host: LabHost, folders: HostFolders, traits: readonly string[]): Promise<void> {
    const key = await authorizedKey();
    const files = { ...renderHostFiles(host, key), ...traitFiles(traits, key) };
    for (const [file, content] of Object.entries(files)) {
        const target = path.join(folders.root, file);
        await mkdir(path.dirname(target), { recursive: true, mode: file.startsWith("root/") ? 0o700 : 0o755 });
        await writeFile(target, content);
    }
    const script = traitScript(traits);
    if (script !== "") await run("chroot", [folders.root, "sh", "-c", script]);
    const ownKey = path.join(folders.root, "etc/ssh/ssh_host_ed25519_key");
    await copyFile(hostKeyPath(host.name), ownKey);
    await chmod(ownKey, 0o600);
    await copyFile(`${hostKeyPath(host.name)}.pub`, `${ownKey}.pub`);
}
