import { labNetwork } from "../../../lab/topology";
import { until } from "../../../lab/wait";
import type { ClusterLab } from "../clusterLab";
import { crash } from "../killed";

const HOST = "cp1";
/** Answers every request with 200, and says its path. */
const SERVER = `
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        print("asked for", self.path, flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"stranger\\n")
    do_GET = do_HEAD = do_POST = answer
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
`;

/**
 * Listens outside of the cluster at the gateway while something is done; a control plane can reach it, which is tried first.
 * @returns the paths that it was asked for meanwhile
 */
export async function heardOutside(lab: ClusterLab, port: number, work: () => Promise<void>): Promise<string[]> {
    const server = lab.startProgram("python3", "-c", SERVER, labNetwork.gateway, String(port));
    let heard = "";
    let complaints = "";
    server.stdout?.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    server.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    const url = `http://${labNetwork.gateway}:${port}/tried`;
    try {
        await until({
            what: `${HOST} to reach ${url}`,
            deadlineMs: 15_000,
            intervalMs: 500,
            observe: () => lab.on(HOST, `curl -sS --noproxy '*' --max-time 2 ${url} 2>&1 || true`),
            satisfied: (answer) => answer.includes("stranger"),
            describe: (answer) => `${answer}; the listener said: ${complaints}`,
        });
        heard = "";
        await work();
    } finally {
        await crash(server);
    }
    return heard.split("\n").filter(Boolean);
}
