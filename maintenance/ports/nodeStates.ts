import {
    ApiException,
    HttpMethod,
    type Configuration,
    type ConfigurationOptions,
    type ResponseContext,
} from "@kubernetes/client-node";
import { z } from "zod";
import type { NodeState } from "../observe/laneSources";
import type { ApiCaller } from "./apiCaller";

/** Rows as `kubectl get nodes` shows them: a few hundred bytes a node, where the object has ten thousand. */
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const STATUS = "Status";
const CORDONED = "SchedulingDisabled";

const tableSchema = z.object({
    columnDefinitions: z.array(z.object({ name: z.string() })),
    rows: z.array(z.object({ cells: z.array(z.unknown()) })).default([]),
});

/**
 * All nodes by one light request: a table without its objects, from the server's cache (`resourceVersion=0`), as
 * https://kubernetes.io/docs/reference/using-api/api-concepts/ describes them.
 */
export async function nodeStates(api: ApiCaller): Promise<readonly NodeState[]> {
    return parseNodeTable(await api.call(NodeTableApi, (nodes, options) => nodes.read(options)));
}

/** Reads names and states from the table of nodes. @throws Error naming what the answer lacks */
export function parseNodeTable(text: string): NodeState[] {
    const { columnDefinitions, rows } = tableSchema.parse(JSON.parse(text));
    const [name, status] = ["Name", STATUS].map((column) => columnDefinitions.findIndex((one) => one.name === column));
    if (name === undefined || status === undefined || name < 0 || status < 0) {
        const found = columnDefinitions.map((column) => column.name).join(", ");
        throw new Error(`the API server's table of nodes has the columns ${found}; expected Name and ${STATUS}`);
    }
    return rows.map(({ cells }) => {
        const [condition = "", ...rest] = String(cells[status]).split(",");
        return { name: String(cells[name]), condition, cordoned: rest.includes(CORDONED) };
    });
}

/** The client's own calls turn every answer into objects, which a table is not. */
class NodeTableApi {
    constructor(private readonly configuration: Configuration) {}

    async read({ middleware = [] }: ConfigurationOptions): Promise<string> {
        const { baseServer, httpApi, authMethods } = this.configuration;
        let request = baseServer.makeRequestContext("/api/v1/nodes", HttpMethod.GET);
        request.setHeaderParam("Accept", TABLE);
        request.setQueryParam("includeObject", "None");
        request.setQueryParam("resourceVersion", "0");
        await authMethods.default?.applySecurityAuthentication(request);
        for (const { pre } of middleware) request = await pre(request).toPromise();
        const response: ResponseContext = await httpApi.send(request).toPromise();
        const body = await response.body.text();
        if (response.httpStatusCode === 200) return body;
        throw new ApiException(response.httpStatusCode, "no table of nodes", body, response.headers);
    }
}
