import { type ClusterConfig, hostsWithRole } from "../../model/clusterConfig";
import { type HostScript, loadScript } from "../command/hostScript";
import { machines } from "../host/machines";
import { STATUS_PORT } from "../loadBalancer/haproxyConfig";
import { dnsAddress } from "../network/coredns";

/** The last step of `up`: waits, with deadlines, until the cluster is what the configuration says, or says what is not. */
export function renderVerify(config: ClusterConfig): HostScript {
    const controlPlanes = hostsWithRole(config, "control-plane");
    return {
        step: "verify",
        settings: {
            etcd_endpoints: controlPlanes.map((host) => `https://${host.address}:2379`).join(","),
            etcd_members: controlPlanes.map((host) => host.name),
            balancers: hostsWithRole(config, "load-balancer").map((host) => host.address),
            status_port: STATUS_PORT,
            servers: controlPlanes.map((host) => host.name),
            names: config.hosts.filter((host) => host.role !== "load-balancer").map((host) => host.name),
            machines: machines(config.hosts),
            pod_network: config.network.mode !== "none",
            dns_address: dnsAddress(config),
            dns_question: dnsQuestion(`kubernetes.default.svc.${config.network.domain}`),
        },
        body: loadScript(__dirname, "verify.sh"),
    };
}

/** A DNS query for an A record as `printf %b` escapes (RFC 1035): id 0x5152, recursion desired, one question. */
export function dnsQuestion(name: string): string {
    const escape = (byte: number) => `\\x${byte.toString(16).padStart(2, "0")}`;
    const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
    return [0x51, 0x52, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1].map(escape).join("");
}
