import assert from "node:assert/strict";
import type { V1Ingress } from "@kubernetes/client-node";
import { ingressDoubt, ingressProof } from "../../../../maintenance/ports/ingressProof";
import { FakeRemote } from "../../../fakes/fakeRemote";
import { sampleInventory } from "../../../fakes/sampleCluster";
import { testAuthority } from "../../../fakes/testCertificates";
import { apiWith, LOCAL_SHELL, Proxies, SILENCE, type Routes } from "./ingressProxies";

/** One that has read no routes yet (TRAPS 63). */
const EMPTY: Routes = () => 404;

const LOADED: Routes = (_, path) => (path === "/api" ? 200 : 404);

const ingress = (host: string | undefined, ...paths: string[]): V1Ingress => ({
    spec: {
        rules: [
            {
                ...(host === undefined ? {} : { host }),
                http: { paths: paths.map((path) => ({ path, pathType: "Prefix", backend: {} })) },
            },
        ],
    },
});

describe("the proof of a host's ingress without a given route", () => {
    const proxies: Proxies[] = [];
    const between = (...given: ConstructorParameters<typeof Proxies>) => {
        const made = new Proxies(...given);
        proxies.push(made);
        return made;
    };
    afterEach(() => proxies.splice(0).forEach((made) => made.stop()));

    const WEB = [ingress("web.test", "/", "/api")];

    it("does not pass for a proxy without routes because both say 404 to a path of no application (TRAPS 63)", async () => {
        const { passed, seen } = await between({ cp1: LOADED, cp2: EMPTY }).prove(WEB);
        assert.equal(passed, false);
        assert.match(seen, /^http:\/\/web\.test\/api through 127\.0\.0\.1:\d+ says 404, through 127\.0\.0\.1:\d+ 200$/);
    });

    it("passes for a proxy with the same routes, which answers 20 times in a row", async () => {
        const both = between({ cp1: LOADED, cp2: LOADED });
        const proof = await both.prove(WEB);
        assert.deepEqual(proof, { passed: true, seen: "http://web.test/api answered 20 times in a row" });
        assert.deepEqual(
            both.asked.filter((line) => line.startsWith("cp2")),
            Array<string>(20).fill("cp2 /api"),
        );
    });

    it("fails for one answer of twenty that is another", async () => {
        let answers = 0;
        const late: Routes = (_, path) => ((answers += 1) === 20 ? 404 : LOADED("", path));
        assert.equal((await between({ cp1: LOADED, cp2: late }).prove(WEB)).passed, false);
    });

    it("asks for the routes of other Ingresses, by their hosts, when the first are not this proxy's", async () => {
        const routes: Routes = (host) => (host === "second.test" || host === "any.wild.test" ? 302 : 404);
        const others = [ingress("first.test", "/api(/|$)(.*)", "/users/[0-9]{2}"), ingress("second.test", "/")];
        const { passed, seen } = await between({ cp1: routes, cp2: EMPTY }).prove(others);
        assert.equal(passed, false);
        assert.match(seen, /^http:\/\/second\.test\/ through/);
        const wild = await between({ cp1: routes, cp2: EMPTY }).prove([ingress("*.wild.test", "/")]);
        assert.match(wild.seen, /^http:\/\/any\.wild\.test\/ through/);
    });

    it("asks for the first path of each Ingress before further ones, 20 in all, each once", async () => {
        const both = between({ cp1: EMPTY, cp2: EMPTY });
        const many = Array.from({ length: 15 }, (_, index) => ingress("same.test", `/a${index}`, `/b${index}`));
        await both.prove([...many, ...many]);
        const asked = both.asked.filter((line) => line.startsWith("cp1")).map((line) => line.slice("cp1 ".length));
        const wanted = [...Array.from({ length: 15 }, (_, index) => `/a${index}`), "/b0", "/b1", "/b2", "/b3", "/b4"];
        assert.deepEqual(asked, ["/", ...wanted]);
    });

    it("tells routes without a host from the rest, which is a 404", async () => {
        const { passed, seen } = await between({ cp1: LOADED, cp2: EMPTY }).prove([ingress(undefined, "/api")]);
        assert.equal(passed, false);
        assert.match(seen, /\/api through .* says 404/);
    });

    it("takes no redirect for a route that everybody gets", async () => {
        const redirected: Routes = () => 308;
        const { passed, seen } = await between({ cp1: redirected, cp2: redirected }).prove(WEB);
        assert.ok(passed);
        assert.match(seen, /which proves no route/);
    });

    it("asks what nobody gets where that is no 404, and does not take an application's 404 for its route", async () => {
        const catchAll: Routes = (host) => (host === "web.test" ? 404 : 200);
        const { passed, seen } = await between({ cp1: catchAll, cp2: EMPTY }).prove(WEB);
        assert.equal(passed, false);
        assert.match(seen, /^http:\/\/nobody\.quorate\.invalid\/ through .* says 404, through .* 200$/);
        const same = await between({ cp1: catchAll, cp2: catchAll }).prove(WEB);
        assert.ok(same.passed);
        assert.notEqual(same.doubt, undefined);
    });

    it("takes no refusal of a path that is no URL's for a route", async () => {
        const strict: Routes = (_, path) => (path.includes("|") ? 400 : LOADED("", path));
        const { seen } = await between({ cp1: strict, cp2: strict }).prove([ingress("web.test", "/api(/|$)", "/api")]);
        assert.match(seen, /^http:\/\/web\.test\/api answered/);
    });

    it("wants an answer below 400 while the other host is silent", async () => {
        const silent: Routes = () => SILENCE;
        const booted = await between({ cp1: silent, cp2: EMPTY }).prove(WEB);
        assert.deepEqual([booted.passed, /says 404$/.test(booted.seen)], [false, true]);
        assert.equal((await between({ cp1: silent, cp2: () => 200 }).prove(WEB)).passed, true);
    });

    it("passes with a doubt where the only route is too slow to say anything through the other host", async () => {
        const slow: Routes = (host) => (host === "web.test" ? SILENCE : 404);
        const { passed, doubt } = await between({ cp1: slow, cp2: slow }).prove([ingress("web.test", "/events")]);
        assert.ok(passed && doubt);
    }).timeout(30_000);

    it("passes where no route is told apart, and says that nothing is proven", async () => {
        for (const ingresses of [[], [ingress("other-class.test", "/")]]) {
            const { passed, seen, doubt } = await between({ cp1: EMPTY, cp2: EMPTY }).prove(ingresses);
            assert.ok(passed);
            assert.match(seen, /^http:\/\/.*\/ answered 20 times in a row, which proves no route: /);
            assert.match(doubt ?? "", /proxy without routes.*give --ingress-path/);
        }
        const broken = await between({ cp1: EMPTY, cp2: () => 502 }).prove([]);
        assert.equal(broken.passed, false);
    });

    it("holds a given route to a status below 400, whatever others say", async () => {
        const route = { hostHeader: "web.test", path: "/health" };
        const { passed, seen } = await between({ cp1: EMPTY, cp2: EMPTY }).prove(WEB, route);
        assert.equal(passed, false);
        assert.match(seen, /^http:\/\/web\.test\/health through 127\.0\.0\.1:\d+ says 404$/);
        const good = await between({ cp1: EMPTY, cp2: () => 302 }).prove(WEB, route);
        assert.deepEqual(good, { passed: true, seen: "http://web.test/health answered 20 times in a row" });
    });

    it("names the host in the handshake where the proxy ends TLS", async () => {
        const tls = testAuthority().issue("127.0.0.1", new Date(Date.now() + 86_400_000));
        const routes: Routes = (host) => (host === "second.test" ? 200 : 404);
        const both = between({ cp1: routes, cp2: routes }, tls);
        const { seen } = await both.prove([ingress("first.test", "/"), ingress("second.test", "/")]);
        assert.equal(seen, "https://second.test/ answered 20 times in a row");
    });

    it("does not pass on an output that is none of the script's", async () => {
        const options = { inventory: sampleInventory(), route: undefined, api: apiWith(WEB) };
        for (const stdout of ["", "Welcome to lb1\n"]) {
            const remote = new FakeRemote({ curl: { stdout } });
            assert.equal((await ingressProof(remote, options, "cp2")).passed, false);
        }
    });

    it("is doubted before anything is changed, where no route is told apart", async () => {
        const same = { cp1: LOADED, cp2: LOADED };
        const none = [ingress("web.test", "/")];
        assert.match(await between(same).doubt(none), /proxy without routes.*give --ingress-path/);
        assert.equal(await between(same).doubt(WEB), "");
        assert.equal(await between(same).doubt(none, { hostHeader: undefined, path: "/api" }), "");
        assert.equal(await between(same).doubt(none, undefined, ["cp1"]), "");
    });

    it("is not asked for where there is no ingress behind balancers", async () => {
        const inventory = { ...sampleInventory(), loadBalancers: [] };
        assert.equal(await ingressDoubt(LOCAL_SHELL, { inventory, route: undefined, api: apiWith([]) }), "");
    });
});
