import assert from "node:assert/strict";
import { renderKeepalivedConfig } from "../../../../components/loadBalancer/keepalivedConfig";
import { type ClusterConfigInput, hostsWithRole } from "../../../../model/clusterConfig";
import { configWith, hostInput } from "../../model/sampleConfig";

function render(name: string, change?: (input: ClusterConfigInput) => void): string {
    const config = configWith(change);
    const loadBalancers = hostsWithRole(config, "load-balancer");
    const self = loadBalancers.find((host) => host.name === name);
    assert.ok(self);
    return renderKeepalivedConfig({ self, loadBalancers, endpoint: config.endpoint });
}

const setting = (text: string, name: string) => new RegExp(`^\\s*${name} (.*)$`, "m").exec(text)?.[1];
const block = (text: string, name: string) =>
    new RegExp(`^ {4}${name} \\{\\n([^}]*)\\n {4}\\}`, "m")
        .exec(text)?.[1]
        ?.split("\n")
        .map((line) => line.trim());
const third = (input: ClusterConfigInput) => input.hosts.push(hostInput("load-balancer", "lb3", 13));

describe("keepalived's configuration", () => {
    it("moves the address alone, which makes no second route to the network", () => {
        assert.deepEqual(block(render("lb1"), "virtual_ipaddress"), ["10.89.0.10/32"]);
    });

    it("talks to the other balancers only, by unicast", () => {
        assert.equal(setting(render("lb2", third), "unicast_src_ip"), "10.89.0.12");
        assert.deepEqual(block(render("lb2", third), "unicast_peer"), ["10.89.0.11", "10.89.0.13"]);
    });

    it("believes the other balancers only (TRAPS 75)", () => {
        assert.match(render("lb1"), /^global_defs \{[^}]*^ {4}vrrp_check_unicast_src$[^}]*\}/m);
    });

    it("leaves the address where it is when a balancer returns, by equal priorities (TRAPS 30)", () => {
        for (const name of ["lb1", "lb2", "lb3"]) {
            assert.equal(setting(render(name, third), "state"), "BACKUP");
            assert.equal(setting(render(name, third), "priority"), "150");
            assert.doesNotMatch(render(name, third), /nopreempt/);
        }
    });

    it("lets a file that a boot clears move the address by priority, within what VRRP allows (TRAPS 70)", () => {
        const text = render("lb1");
        assert.match(text, /^track_file preference \{\n {4}file \/run\/quorate-vrrp\.preference\n/m);
        assert.deepEqual(block(text, "track_file"), ["preference"]);
        const [priority, weight] = [Number(setting(text, "priority")), Number(setting(text, "weight"))];
        assert.ok(priority - weight >= 1 && priority + weight <= 254, `${priority} with ${weight} either way`);
    });

    it("follows a HAProxy that answers, not one API server", () => {
        assert.match(setting(render("lb1"), "script") ?? "", /http:\/\/127\.0\.0\.1:8404\/healthz"$/);
        assert.match(render("lb1"), /track_script \{\n\s+haproxy_answers\n/);
    });

    it("advertises below a second, which VRRP 3 can", () => {
        assert.equal(setting(render("lb1"), "vrrp_version"), "3");
        assert.equal(setting(render("lb1"), "advert_int"), "0.5");
        assert.equal(
            setting(
                render("lb1", (input) => (input.endpoint.advertInterval = "1s")),
                "advert_int",
            ),
            "1",
        );
    });

    it("has the router id of the configuration and the interface of the host", () => {
        const text = render("lb1", (input) => (input.endpoint.virtualRouterId = 77));
        assert.equal(setting(text, "virtual_router_id"), "77");
        assert.equal(setting(text, "interface"), "@INTERFACE@");
    });

    it("of a single balancer knows no unicast, which keepalived refuses without peers", () => {
        const text = render("lb1", (input) => {
            input.hosts = input.hosts.filter((host) => host.name !== "lb2");
            input.endpoint.allowSingleLoadBalancer = true;
        });
        assert.doesNotMatch(text, /unicast/);
    });
});
