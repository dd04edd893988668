import assert from "node:assert/strict";
import { parseIngressProxy } from "../../../components/workload/ingressArgs";
import { ingressObjects } from "../../../components/workload/ingressObjects";
import type { ClusterInventory } from "../../../model/inventory";
import { parseWorkloadsConfig } from "../../../model/workloadsConfig";
import { skipperArgs } from "../../../stacks/skipper";
import { DISABLED_FILTERS, HARMLESS_FILTERS, SKIPPER_ADMISSION, filtersPattern } from "../../../stacks/skipperFilters";

function args() {
    const { ingress, ingressClass } = parseWorkloadsConfig({
        cluster: "prod",
        ingress: { controller: "skipper", image: "registry.example/skipper:v0.26.0" },
    });
    assert.ok(ingress.controller === "skipper");
    const inventory = { network: { domain: "cluster.local" } } as ClusterInventory;
    return skipperArgs(ingress, ingressClass, inventory, undefined);
}

/** RE2 writes the flag into the pattern, JavaScript beside it. */
const accepted = new RegExp(filtersPattern().replace("(?s)", ""), "s");

describe("Skipper", () => {
    it("is started without the filters that read files, run code or send requests elsewhere (TRAPS 76)", () => {
        const flag = args().args?.find((text) => text.startsWith("-disabled-filters="));
        const off = flag?.slice("-disabled-filters=".length).split(",") ?? [];
        const dangerous = ["static", "basicAuth", "bearerinjector", "setRequestHeaderFromSecret", "lua", "webhook"];
        const elsewhere = ["tee", "teenf", "teeLoopback", "setDynamicBackendUrl", "setDynamicBackendHostFromHeader"];
        for (const name of [...dangerous, ...elsewhere, "jwtValidation", "opaServeResponse", "oauthGrant"])
            assert.ok(off.includes(name), name);
        assert.ok(args().args?.includes("-lua-sources=none"));
    });

    it("keeps the filters that it uses itself", () => {
        for (const name of ["status", "inlineContent", "setRequestHeader", "redirectTo", "disableAccessLog"])
            assert.ok(HARMLESS_FILTERS.includes(name) && !DISABLED_FILTERS.includes(name), name);
    });

    it("has one judgement for each filter", () => {
        const judged = [...HARMLESS_FILTERS, ...DISABLED_FILTERS];
        assert.deepEqual(
            judged.filter((name, index) => judged.indexOf(name) !== index),
            [],
        );
    });

    it("takes names outside of the cluster for no backend", () => {
        assert.ok(args().args?.includes("-enable-kubernetes-external-names=false"));
        assert.ok(args().args?.includes("-kubernetes-only-allowed-external-names"));
    });

    it("may list what it makes routes of, and nothing else", () => {
        assert.deepEqual(
            args().rules.flatMap(({ resources, verbs }) =>
                resources.flatMap((name) => verbs.map((verb) => `${verb} ${name}`)),
            ),
            ["list ingresses", "list endpointslices", "list services"],
        );
    });
});

describe("the filters of an Ingress", () => {
    const taken = [
        "",
        'setPath("/new")',
        'setPath("/a")\n  -> setResponseHeader("X-Frame-Options", "DENY") -> status(200)',
        "modPath(/^\\/api[/]/, `/`)",
        'comment("static(")',
        'comment("a \\" -> lua(")',
        'rateBreaker(30, 300, "1m", 0.5)',
        "compress ( )",
    ];
    for (const text of taken) it(`are taken: ${JSON.stringify(text)}`, () => assert.match(text, accepted));

    const refused = [
        'static("/", "/etc")',
        ' static ( "/" , "/etc" ) ',
        'status(200) -> static("/", "/etc")',
        "lua(\"function request(ctx, params) ctx.serve({status_code=200, body='taken over'}) end\")",
        'tee("http://10.0.0.1")',
        'setDynamicBackendUrl("http://127.0.0.1:9911")',
        'webhook("http://10.0.0.1")',
        'ratelimit(50, "1m")',
        'Static("/", "/etc")',
        'madeLater("x")',
        // What stands after the end of a text, by Skipper's own rules for ends.
        'comment("a\\\\") -> static("/", "/etc") -> comment("b")',
        'comment(`a\\\\`) -> static("/", "/etc") -> comment(`b`)',
        'modPath(/a[]]/, "/") -> static("/", "/etc")',
        'status(200) // -> static("/", "/etc")',
        'status(200) -> \nstatic("/", "/etc")',
        "status(200) ->",
        "status",
        "* -> status(200) -> <shunt>",
    ];
    for (const text of refused) it(`are refused: ${JSON.stringify(text)}`, () => assert.doesNotMatch(text, accepted));
});

describe("Skipper's rules for Ingresses", () => {
    it("are about each annotation that names filters or routes", () => {
        for (const annotation of ["skipper-routes", "skipper-filter", "ratelimit"]) {
            const rule = SKIPPER_ADMISSION.find(({ expression }) => expression.includes(`'zalando.org/${annotation}'`));
            assert.match(
                rule?.message ?? "",
                new RegExp(`zalando\\.org/${annotation} .*or serve it by a proxy of your own`),
            );
        }
    });

    it("say their pattern as CEL reads it", () => {
        const { expression } = SKIPPER_ADMISSION[1]!;
        const text = /\.matches\('(.*)'\)$/.exec(expression)?.[1] ?? "";
        assert.doesNotMatch(text, /(?<!\\)(\\\\)*'/, "a quote ends the text");
        assert.equal(text.replaceAll("\\\\", "\\"), filtersPattern());
    });

    it("hold for what it serves", () => {
        const { admission } = ingressObjects(parseIngressProxy("skipper", args()));
        assert.deepEqual(
            admission?.policy.spec.validations.map(({ expression }) => expression),
            SKIPPER_ADMISSION.map(({ expression }) => expression),
        );
    });
});
