import { bringsText } from "../graph/commands";
import { type HaproxyBackend, pathOnly } from "../graph/haproxy";
import { nameOf } from "../graph/resource";
import { apiBackends } from "./apiBackends";
import { resourceRule } from "./rule";

/** TRAPS 18. */
export const apiReadiness = resourceRule({
    name: "api-readiness-check",
    wants: "Load balancers ask API servers for /readyz.",
    why: "A stopping API server fails /readyz at once, while /healthz, /livez and an open port stay good: requests go on to it until it resets them.",
    source: { title: "kubernetes #88911", url: "https://github.com/kubernetes/kubernetes/issues/88911" },
    advice: "Write option httpchk GET /readyz and default-server check check-ssl verify none in the backend.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: bringsText,
    check: (resource) =>
        apiBackends([resource]).flatMap((backend) => {
            const problem = problemOf(backend);
            if (problem === undefined) return [];
            return [{ resource, message: `${nameOf(resource)}: HAProxy backend ${backend.name} ${problem}` }];
        }),
});

function problemOf({ servers, checkPath }: HaproxyBackend): string | undefined {
    const unchecked = servers.filter(({ checked }) => !checked).map(({ name }) => name);
    if (unchecked.length > 0) return `does not check ${unchecked.join(", ")}; write default-server check check-ssl`;
    if (checkPath === undefined) return "checks with a TCP connection only; write option httpchk GET /readyz";
    if (pathOnly(checkPath) === "/readyz") return undefined;
    return `checks ${checkPath}, which stays good while an API server stops; write option httpchk GET /readyz`;
}
