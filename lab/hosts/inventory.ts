import { type LabRole, labHosts } from "../topology";
import { ensureKeys, hostKey } from "./keys";

/** A lab host as configuration needs it. */
export interface LabHostEntry {
    readonly name: string;
    readonly address: string;
    readonly role: LabRole;
    readonly spare: boolean;
    /** Public SSH host key as one `type base64` line. */
    readonly hostKey: string;
}

/** Every host the lab knows, spare ones included, with the key it identifies itself by. */
export async function hostInventory(): Promise<LabHostEntry[]> {
    await ensureKeys();
    return Promise.all(labHosts.map(async (host) => ({ ...host, hostKey: await hostKey(host.name) })));
}
