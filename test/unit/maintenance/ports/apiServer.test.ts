import assert from "node:assert/strict";
import { openApiServers } from "../../../../maintenance/ports/apiServer";
import { Duration } from "../../../../model/duration";
import { startApiServer, type TestApiServer } from "../../../fakes/apiServer";
import { testAuthority, type TestAuthority } from "../../../fakes/testCertificates";

const TIMEOUT = Duration.seconds(20);
const SHORT = Duration.milliseconds(400);
const IN_AN_HOUR = new Date(Math.floor(Date.now() / 1000) * 1000 + 3600_000);

describe("asking API servers for /readyz", () => {
    let authority: TestAuthority;
    const servers: TestApiServer[] = [];

    const start = async (...args: Parameters<typeof startApiServer>) => {
        const server = await startApiServer(...args);
        servers.push(server);
        return { address: "127.0.0.1", port: server.port, identity: "127.0.0.1" };
    };

    before(() => {
        authority = testAuthority();
    });

    afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

    it("tells status, answer, time and the certificate's end", async () => {
        const path = await start(authority, { "/readyz": { body: "ok" } }, IN_AN_HOUR);
        const readiness = await openApiServers(authority.pem, TIMEOUT).readiness(path);
        assert.equal(readiness.status, 200);
        assert.equal(readiness.answer, "ok");
        assert.equal(readiness.certificateProblem, "");
        assert.deepEqual(readiness.certificateNotAfter, IN_AN_HOUR);
        assert.ok(readiness.milliseconds >= 0);
    });

    it("tells what is not ready", async () => {
        const path = await start(authority, { "/readyz": { status: 500, body: "[-]etcd failed\n[+]log ok\n" } });
        const readiness = await openApiServers(authority.pem, TIMEOUT).readiness(path);
        assert.deepEqual([readiness.status, readiness.answer], [500, "[-]etcd failed"]);
    });

    it("names a certificate of another authority", async () => {
        const path = await start(authority, { "/readyz": { body: "ok" } });
        const other = testAuthority();
        const { certificateProblem } = await openApiServers(other.pem, TIMEOUT).readiness(path);
        assert.match(certificateProblem, /not trusted by the cluster's CA/);
    });

    it("names an expired certificate and still tells its end", async () => {
        const path = await start(authority, { "/readyz": { body: "ok" } }, new Date("2020-01-01T00:00:00Z"));
        const readiness = await openApiServers(authority.pem, TIMEOUT).readiness(path);
        assert.match(readiness.certificateProblem, /CERT_HAS_EXPIRED/);
        assert.deepEqual(readiness.certificateNotAfter, new Date("2020-01-01T00:00:00Z"));
    });

    it("names a certificate that lacks the address clients dial", async () => {
        const path = await start(authority, { "/readyz": { body: "ok" } });
        const { certificateProblem } = await openApiServers(authority.pem, TIMEOUT).readiness({
            ...path,
            identity: "10.89.0.10",
        });
        assert.match(certificateProblem, /10\.89\.0\.10 is not in the cert's list/);
    });

    it("gives up on a server that hangs", async () => {
        const path = await start(authority, {});
        await assert.rejects(openApiServers(authority.pem, SHORT).readiness(path), /no answer within 400ms/);
    });

    it("fails at once where nobody listens", async () => {
        const path = { address: "127.0.0.1", port: 1, identity: "127.0.0.1" };
        await assert.rejects(openApiServers(authority.pem, TIMEOUT).readiness(path), /ECONNREFUSED/);
    });
});
