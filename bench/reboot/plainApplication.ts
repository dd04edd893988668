import { imageReference } from "../../lab/artifacts/imageCatalogue";

/** An application that the ways are measured with. */
export interface Application {
    readonly namespace: string;
    /** Of its Deployment. */
    readonly name: string;
    /** Name under which the ingress serves it. */
    readonly host: string;
    /** Label selector of its pods. */
    readonly selector: string;
}

/** Put up and removed by the bench, in a namespace of its own. */
export const plainApplication: Application = {
    namespace: "bench-reboot",
    name: "plain",
    host: "plain.lab.test",
    selector: "app=plain",
};

const REPLICAS = 5;
const PORT = 8080;

/**
 * The reference application as the article had it: the same image, requests and readiness probe as the lab's own, with
 * neither a budget, nor a preStop hook, nor rules for its spread.
 */
export function plainObjects({ namespace, name, host }: Application): object[] {
    const metadata = { name, namespace };
    const labels = { app: name };
    const container = {
        name,
        image: imageReference("agnhost"),
        imagePullPolicy: "IfNotPresent",
        args: ["netexec", `--http-port=${PORT}`],
        ports: [{ name: "http", containerPort: PORT }],
        readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 2, failureThreshold: 2 },
        resources: { requests: { cpu: "20m", memory: "16Mi" }, limits: { memory: "128Mi" } },
    };
    return [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
        {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata,
            spec: {
                replicas: REPLICAS,
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: { containers: [container] } },
            },
        },
        {
            apiVersion: "v1",
            kind: "Service",
            metadata,
            spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
        },
        {
            apiVersion: "networking.k8s.io/v1",
            kind: "Ingress",
            metadata,
            spec: {
                rules: [
                    {
                        host,
                        http: {
                            paths: [
                                {
                                    path: "/",
                                    pathType: "Prefix",
                                    backend: { service: { name, port: { name: "http" } } },
                                },
                            ],
                        },
                    },
                ],
            },
        },
    ];
}
