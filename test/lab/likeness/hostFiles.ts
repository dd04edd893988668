import { createHash } from "node:crypto";
import { type Stats, lstatSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import type { HostsLab } from "../hostsLab";
import { withoutNew } from "./canonical";

/** Not looked at: what a running system writes by itself, and what etcd, containerd and kubelet keep. */
const LEFT_OUT =
    /^\/(var\/(log|cache|tmp)|var\/lib\/(systemd|containerd|etcd|cni)|root|home|run|tmp|etc\/\.pwd\.lock)(\/|$)/;
/** Of what kubelet keeps, its settings and certificates. */
const OF_KUBELET = /^\/var\/lib\/kubelet(\/(config\.yaml|kubeadm-flags\.env|instance-config\.yaml|pki(\/.*)?))?$/;
/** Of these only name, mode and owner are alike in two creations: keys, certificates, credentials, tokens, ids. */
const ONLY_PRESENT = [
    /\.(key|crt|pem|pub)$/,
    /^\/etc\/kubernetes\/[a-z-]+\.conf$/,
    /^\/etc\/kubernetes\/quorate\/(token|encryption\.yaml)$/,
    /^\/var\/lib\/quorate\/owner$/,
];
/** A file's name in which the time stands at which it was made. */
const DATED = /-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d/;

/** A line for each file that lies on a host beyond its image: path, kind, mode, owner, and a hash of what it says. */
export function hostFiles(lab: HostsLab, host: string): string[] {
    const directory = path.join(lab.state, "hosts", host);
    const own = walk(path.join(directory, "upper"), "").filter(([name]) => !LEFT_OUT.test(name));
    const kubelet = walk(path.join(directory, "kubelet"), "/var/lib/kubelet").filter(([name]) => OF_KUBELET.test(name));
    const lines = [...own, ...kubelet].map(([name, file]) => `${host}:${line(name, file)}`);
    return [...new Set(lines)].sort();
}

/** Every file below a folder of the machine, by its path on the host. */
function walk(folder: string, place: string): (readonly [name: string, file: string])[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const [name, file] = [`${place}/${entry.name}`, path.join(folder, entry.name)];
        return [[name, file] as const, ...(entry.isDirectory() ? walk(file, name) : [])];
    });
}

function line(name: string, file: string): string {
    const stats = lstatSync(file);
    const facts = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
    return `${name.replace(DATED, "-(time)")} ${facts} ${says(name, file, stats)}`;
}

function says(name: string, file: string, stats: Stats): string {
    if (stats.isDirectory()) return "folder";
    if (stats.isSymbolicLink()) return `-> ${readlinkSync(file).replace(DATED, "-(time)")}`;
    if (!stats.isFile()) return "special";
    if (ONLY_PRESENT.some((pattern) => pattern.test(name))) return "(new each time)";
    const content = readFileSync(file);
    const compared = content.includes(0) ? content : withoutNew(content.toString("latin1"));
    return createHash("sha256").update(compared).digest("hex").slice(0, 16);
}
