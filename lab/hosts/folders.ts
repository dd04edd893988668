import { mkdir } from "node:fs/promises";
import path from "node:path";
import { statePath } from "../settings";

/** Where one host lives on the machine. */
export interface HostFolders {
    readonly directory: string;
    /** The host's file system: an overlay of `upper` over the image. */
    readonly root: string;
    readonly upper: string;
    readonly work: string;
    /** Real folders behind the host's /var/lib/containerd, kubelet and etcd: overlays cannot hold overlays. */
    readonly data: Readonly<Record<DataFolder, string>>;
    readonly consoleLog: string;
    readonly supervisor: string;
    readonly supervisorPid: string;
    /** Colon-separated image folders below the overlay, as mounted at first. */
    readonly lower: string;
    /** There once the host's own files are written; holds the names of its traits. */
    readonly prepared: string;
}

type DataFolder = "containerd" | "kubelet" | "etcd";

/** The folders of one host; nothing is created. */
export function hostFolders(name: string): HostFolders {
    const directory = statePath("hosts", name);
    const inside = (entry: string): string => path.join(directory, entry);
    return {
        directory,
        root: inside("root"),
        upper: inside("upper"),
        work: inside("work"),
        data: { containerd: inside("containerd"), kubelet: inside("kubelet"), etcd: inside("etcd") },
        consoleLog: inside("console.log"),
        supervisor: inside("supervise.sh"),
        supervisorPid: inside("supervisor.pid"),
        lower: inside("lower"),
        prepared: inside("prepared"),
    };
}

/** Creates the folders of one host. `containerd` is left to whoever fills it. */
export async function createHostFolders(folders: HostFolders): Promise<void> {
    const { root, upper, work, data } = folders;
    for (const folder of [root, upper, work, data.kubelet, data.etcd]) await mkdir(folder, { recursive: true });
}
