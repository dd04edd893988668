import type { GraphResource, Typed } from "./resource";
import { isEqual, isService, selects } from "./selectors";
import { type Value, at, items } from "./value";
import { type Workload, namespaceOf } from "./workloads";

const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";

/** What is read to know whether an Ingress leads to pods. */
export function leadsToPods(resource: Typed): boolean {
    return resource.type === INGRESS || isService(resource);
}

/** The Ingress that surely leads to the pods of a workload, through a Service of the stack; undefined when none does. */
export function ingressOf(workload: Workload, resources: readonly GraphResource[]): GraphResource | undefined {
    const services = resources.filter((resource) => isService(resource) && selects(resource, workload) === "yes");
    return resources
        .filter(({ type }) => type === INGRESS)
        .find((ingress) => services.some((service) => leadsTo(ingress, service)));
}

function leadsTo(ingress: GraphResource, service: GraphResource): boolean {
    if (isEqual(namespaceOf(ingress), namespaceOf(service)) !== "yes") return false;
    const name = at(service.properties, "metadata", "name");
    return backendNames(at(ingress.properties, "spec")).some((backend) => isEqual(backend, name) === "yes");
}

function backendNames(spec: Value): readonly Value[] {
    const paths = items(at(spec, "rules")).flatMap((rule) => items(at(rule, "http", "paths")));
    const backends: readonly Value[] = [at(spec, "defaultBackend"), ...paths.map((path) => at(path, "backend"))];
    return backends.map((backend) => at(backend, "service", "name")).filter((name) => name !== undefined);
}
