import { type ClusterConfig, type ClusterConfigInput, parseClusterConfig } from "../../../model/clusterConfig";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILhhdQ63to/zjFXoIy3b0YHGurAwnykidjqwO/rwYFDK";

type HostInput = ClusterConfigInput["hosts"][number];

/** A host as it stands in a configuration file; its address ends in `lastByte`. */
export function hostInput(role: HostInput["role"], name: string, lastByte: number): HostInput {
    return { name, address: `10.89.0.${lastByte}`, role, hostKey: HOST_KEY };
}

/** Two load balancers, three control planes, three workers; nothing said that has a default. */
export function sampleInput(): ClusterConfigInput {
    return {
        name: "sample",
        versions: { kubernetes: "v1.36.3" },
        hosts: [
            hostInput("load-balancer", "lb1", 11),
            hostInput("load-balancer", "lb2", 12),
            hostInput("control-plane", "cp1", 21),
            hostInput("control-plane", "cp2", 22),
            hostInput("control-plane", "cp3", 23),
            hostInput("worker", "w1", 31),
            hostInput("worker", "w2", 32),
            hostInput("worker", "w3", 33),
        ],
        endpoint: { address: "10.89.0.10" },
        network: { hosts: "10.89.0.0/24" },
        artifacts: { source: "release" },
    };
}

/** The sample after `change`, as the types allow it or not. */
export function inputWith(change: (input: ClusterConfigInput) => void): ClusterConfigInput {
    const input = sampleInput();
    change(input);
    return input;
}

/** The sample after `change`, checked and with its defaults. */
export function configWith(change: (input: ClusterConfigInput) => void = () => undefined): ClusterConfig {
    return parseClusterConfig(inputWith(change));
}
