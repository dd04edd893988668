import type { Notice } from "../../../maintenance/workflow/notify";
import type { ClusterLab } from "../clusterLab";
import { Beside } from "./beside";

/** A webhook where the lab's programs can reach it. It remembers what it is told. */
export class Webhook {
    private constructor(
        readonly url: string,
        private readonly server: Beside,
    ) {}

    static async open(lab: ClusterLab): Promise<Webhook> {
        const server = new Beside(lab.startProgram("node", "-e", SERVER));
        const [, port] = await server.untilSaid(/listening on (\d+)\n/);
        return new Webhook(`http://127.0.0.1:${port}/`, server);
    }

    /** The notices so far, as they were written. */
    get bodies(): readonly string[] {
        return this.server.said.split("\n").filter((line) => line.startsWith("{"));
    }

    get notices(): readonly Notice[] {
        return this.bodies.map((body) => JSON.parse(body) as Notice);
    }

    async close(): Promise<void> {
        this.server.signal("SIGTERM");
        await this.server.ended;
    }
}

const SERVER = `
const server = require("node:http").createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
        console.log(body);
        response.writeHead(204).end();
    });
});
server.listen(0, "127.0.0.1", () => console.log("listening on " + server.address().port));
`;
