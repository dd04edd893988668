import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type LabHost, labHosts, labNetwork } from "../topology";
import type { HostFolders } from "./folders";
import { authorizedKey, hostKeyPath } from "./keys";

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

/** Writes them into the host's file system, its SSH host key among them. */
export async function writeHostFiles(host: LabHost, folders: HostFolders): Promise<void> {
    for (const [file, content] of Object.entries(renderHostFiles(host, await authorizedKey()))) {
        const target = path.join(folders.root, file);
        await mkdir(path.dirname(target), { recursive: true, mode: file.startsWith("root/") ? 0o700 : 0o755 });
        await writeFile(target, content);
    }
    const key = path.join(folders.root, "etc/ssh/ssh_host_ed25519_key");
    await copyFile(hostKeyPath(host.name), key);
    await chmod(key, 0o600);
    await copyFile(`${hostKeyPath(host.name)}.pub`, `${key}.pub`);
}
