import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { neededBecause, portName, portNumber } from "./fields";
import { type Identity, metadataOf, selectorOf } from "./labels";
import { type Rule, repeated } from "./rules";

const portSchema = z
    .strictObject({
        name: portName,
        containerPort: portNumber,
        /** Where the Service listens; the container's port when left out. */
        servicePort: portNumber.optional(),
    })
    .transform(({ servicePort, ...port }) => ({ ...port, servicePort: servicePort ?? port.containerPort }));

/** What a workload serves; the first port is the one that probes and the Ingress use if they name none. */
export const portsSchema = z
    .array(portSchema, { error: neededBecause("write at least one port that the application serves") })
    .min(1, { error: "is empty; write at least one port that the application serves" });
export type Ports = z.output<typeof portsSchema>;

/** Names and numbers of ports are used once. */
export const portsDiffer: Rule<{ readonly ports: Ports }> = ({ ports }) => [
    ...repeated("ports", ports, "name"),
    ...repeated("ports", ports, "containerPort"),
    ...repeated("ports", ports, "servicePort"),
];

/** The ports of the container. */
export function containerPorts(ports: Ports) {
    return ports.map(({ name, containerPort }) => ({ name, containerPort }));
}

/** The Service in front of the pods that are ready. */
export function clientService(args: Identity & { readonly ports: Ports }) {
    return {
        metadata: metadataOf(args),
        spec: { type: "ClusterIP", selector: selectorOf(args.name), ports: servicePorts(args.ports) },
    } satisfies types.input.core.v1.Service;
}

/** Ports of a Service, each leading to the container's port of the same name. */
export function servicePorts(ports: Ports) {
    return ports.map(({ name, servicePort }) => ({ name, port: servicePort, targetPort: name }));
}
