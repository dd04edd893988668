import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../process";
import { statePath } from "../settings";
import { labHosts } from "../topology";

/** The private key that opens every lab host as root. */
export function privateKeyPath(): string {
    return statePath("keys", "id_ed25519");
}

/** The file of host keys for `ssh -o UserKnownHostsFile=`. */
export function knownHostsPath(): string {
    return statePath("keys", "known_hosts");
}

/** The private host key of one host; kept when the host is thrown away, so that pinned keys stay right. */
export function hostKeyPath(name: string): string {
    return statePath("keys", `host_${name}`);
}

/** The public host key as one `type base64` line, the form that pins a host in configuration. */
export async function hostKey(name: string): Promise<string> {
    return publicKeyOf(hostKeyPath(name));
}

/** The public half of {@link privateKeyPath}. */
export async function authorizedKey(): Promise<string> {
    return publicKeyOf(privateKeyPath());
}

/** Makes the lab's key pair and every host's own key, where they are missing, and writes the known hosts. */
export async function ensureKeys(): Promise<void> {
    await mkdir(path.dirname(privateKeyPath()), { recursive: true, mode: 0o700 });
    const files = [privateKeyPath(), ...labHosts.map((host) => hostKeyPath(host.name))];
    const missing = files.filter((file) => !existsSync(`${file}.pub`));
    await Promise.all(
        missing.map((file) => run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "quorate-lab", "-f", file])),
    );
    const known = labHosts.map(async ({ name, address }) => `${name},${address} ${await hostKey(name)}\n`);
    await writeFile(knownHostsPath(), (await Promise.all(known)).join(""));
}

/** Throws a host's own key away; {@link ensureKeys} makes another. */
export async function forgetHostKey(name: string): Promise<void> {
    await Promise.all([hostKeyPath(name), `${hostKeyPath(name)}.pub`].map((file) => rm(file, { force: true })));
}

async function publicKeyOf(file: string): Promise<string> {
    const [type, base64] = (await readFile(`${file}.pub`, "utf8")).split(" ");
    return `${type} ${base64}`;
}
