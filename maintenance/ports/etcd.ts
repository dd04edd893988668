import { Duration } from "../../model/duration";
import {
    parseAlarms,
    parseEndpointHealth,
    parseEndpointStatus,
    parseMemberList,
    type EtcdAlarm,
    type EtcdHealth,
    type EtcdMember,
    type EtcdStatus,
} from "./etcdOutput";
import { shellQuote } from "../../steps/shellQuote";
import { execOk, RemoteError, tail, type Remote, type RemoteHost } from "./remote";

/** etcd as seen from its own hosts. A question goes to the member on the host that is named, unless another is. */
export interface Etcd {
    /** `consistent` asks through consensus and fails without quorum; otherwise it is what this member knows. */
    members(on: RemoteHost, options: { readonly consistent: boolean }): Promise<EtcdMember[]>;
    status(on: RemoteHost): Promise<EtcdStatus>;
    /** A linearizable read through the member on this host, or through the one at `clientUrl`, asked from this host. */
    health(on: RemoteHost, clientUrl?: string): Promise<EtcdHealth>;
    alarms(on: RemoteHost): Promise<EtcdAlarm[]>;
    /** Asks the leader among `clientUrls` to hand over to a voter. */
    moveLeader(on: RemoteHost, options: { readonly clientUrls: readonly string[]; readonly to: string }): Promise<void>;
    /** Removes through the member on `on`, which must be another one. A member already gone is success (TRAPS 4). */
    removeMember(on: RemoteHost, id: string): Promise<void>;
}

/** Where a stacked member made by kubeadm always listens, with the certificates kubeadm makes for probes. */
const LOCAL_ENDPOINT = "https://127.0.0.1:2379";
const PKI = "/etc/kubernetes/pki/etcd";
const COMMAND_SECONDS = 3;
/** etcdctl bounds itself; this bounds a host that hangs. */
const EXEC_TIMEOUT = Duration.seconds(COMMAND_SECONDS + 3);

/** etcdctl on the hosts, over SSH, with the health check's client certificate. */
export function openEtcd(remote: Remote): Etcd {
    const ask = (on: RemoteHost, command: string) =>
        execOk(remote, on, etcdctl(command), { timeout: EXEC_TIMEOUT, what: `etcdctl ${command}` });
    return {
        members: async (on, { consistent }) =>
            parseMemberList(await ask(on, `member list -w json --consistency=${consistent ? "l" : "s"}`)),
        status: async (on) => parseEndpointStatus(await ask(on, "endpoint status -w json")),
        alarms: async (on) => parseAlarms(await ask(on, "alarm list -w json")),
        health: (on, clientUrl = LOCAL_ENDPOINT) => health(remote, on, clientUrl),
        moveLeader: async (on, { clientUrls, to }) => {
            await execOk(remote, on, etcdctl(`move-leader ${shellQuote(to)}`, clientUrls), {
                timeout: EXEC_TIMEOUT,
                what: "etcdctl move-leader",
            });
        },
        removeMember: (on, id) => removeMember(remote, on, id),
    };
}

function etcdctl(command: string, endpoints: readonly string[] = [LOCAL_ENDPOINT]): string {
    const flags = [
        `--endpoints=${shellQuote(endpoints.join(","))}`,
        `--cacert=${PKI}/ca.crt`,
        `--cert=${PKI}/healthcheck-client.crt`,
        `--key=${PKI}/healthcheck-client.key`,
        "--dial-timeout=2s",
        `--command-timeout=${COMMAND_SECONDS}s`,
    ];
    return `etcdctl ${flags.join(" ")} ${command}`;
}

/** An unhealthy member makes etcdctl exit with 1 and still print its answer. */
async function health(remote: Remote, on: RemoteHost, clientUrl: string): Promise<EtcdHealth> {
    const result = await remote.exec(on, etcdctl("endpoint health -w json", [clientUrl]), { timeout: EXEC_TIMEOUT });
    if (result.stdout.startsWith("[")) return parseEndpointHealth(result.stdout);
    throw new RemoteError(on.name, "etcdctl endpoint health has no answer", result.code, tail(result.stderr));
}

async function removeMember(remote: Remote, on: RemoteHost, id: string): Promise<void> {
    const result = await remote.exec(on, etcdctl(`member remove ${shellQuote(id)}`), { timeout: EXEC_TIMEOUT });
    if (result.code === 0 || /member not found/i.test(result.stderr)) return;
    throw new RemoteError(on.name, `etcdctl member remove ${id} failed`, result.code, tail(result.stderr));
}
