import assert from "node:assert/strict";
import { populatedPools } from "../../../../components/workers/pools";
import { renderJoinToken, renderWithdrawTokens } from "../../../../components/workers/joinTokens";
import { renderWorkerJoin } from "../../../../components/workers/workerPool";
import { configWith } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";
import { fakeCluster, nodesOf } from "../fakeCluster";
import { assertSameEndWhenKilled } from "../killedAtEachLine";

const config = configWith();
const [pool] = populatedPools(config);
const [w1] = pool?.hosts ?? [];
assert.ok(pool && w1);
const script = renderWorkerJoin(config, w1, pool.pool);

const TOKEN = "abcdef.0123456789abcdef";
const SECRET = `token ${TOKEN}\nauthority ${Buffer.from("ca\n").toString("base64")}\n`;
const everywhere = (host: BashHost) => host.run(`grep -rl ${TOKEN} /etc/ /var/ /run/ || true`).stdout;

/** An API that says of the node w1 what `answers` have, a status and a body; each is used once, the last one stays. */
function answersOfNode(host: BashHost, ...answers: readonly string[]): void {
    host.write("/answers", answers.join("\n"));
    host.fake(
        "curl",
        `case "$*" in */api/v1/nodes/w1*)
            read -r status body <"${host.at("/answers")}" || :
            printf '%s' "$body"
            case "$*" in *http_code*) printf '\\n%s' "$status" ;; esac
            [ "$(wc -l <"${host.at("/answers")}")" = 0 ] || sed -i 1d "${host.at("/answers")}" ;;
        esac`,
    );
}
const READY = '200 {"kind":"Node","status":{"conditions":[{"type":"Ready","status":"True"}]}}';
const GONE = '200 {"kind":"Node","status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}';
const NONE = '404 {"kind":"Status","code":404}';

describe("joining a worker", () => {
    const host = bashHost();
    beforeEach(() => {
        fakeCluster(host(), {});
        answersOfNode(host(), NONE);
    });
    const join = (secret = SECRET) => host().step({ ...script, bringsLibrary: true }, secret);

    it("hands kubeadm the token and leaves none behind", () => {
        const seen = host().at("/run/seen");
        host().fake("kubeadm", `cat "$3" "\${3%/*}/discovery.conf" >"${seen}"`);
        assert.match(join().stdout, /"worker joined"/);
        assert.match(host().read("/run/seen"), /tlsBootstrapToken: "abcdef\.0123456789abcdef/);
        assert.match(host().read("/run/seen"), /kubeConfigPath: \/run\/quorate-private\/discovery\.conf/);
        assert.match(host().read("/run/seen"), /server: "https:\/\/10\.89\.0\.10:6443"/);
        host().run(`rm ${seen}`);
        assert.equal(everywhere(host()), "");
    });

    it("leaves no token behind when kubeadm fails either", () => {
        host().fake("kubeadm", "exit 1");
        assert.notEqual(join().code, 0);
        assert.equal(everywhere(host()), "");
    });

    it("removes the token that a broken join has left to the kubelet", () => {
        host().write("/etc/kubernetes/kubelet.conf", "");
        host().write("/etc/kubernetes/bootstrap-kubelet.conf", `token: ${TOKEN}\n`);
        assert.equal(join("token none\n").code, 0);
        assert.equal(everywhere(host()), "");
    });

    it("does not happen again on a node", () => {
        host().write("/etc/kubernetes/kubelet.conf", "");
        assert.equal(join().stdout, '{"changed":[]}\n'.replace("[]", '["/etc/kubernetes/quorate/join.yaml"]'));
        assert.ok(
            !host()
                .calls()
                .some((call) => call.startsWith("kubeadm ")),
        );
    });

    it("shows the token to no other process: curl reads it from a file descriptor", () => {
        join();
        assert.ok(host().calls().length > 0);
        for (const call of host().calls()) assert.ok(!call.includes(TOKEN), call);
    });

    it("waits until the node of an earlier installation is not Ready any more, which kubeadm refuses", () => {
        host().write("/cluster/nodes", "w1|10.89.0.31|false\n");
        answersOfNode(host(), READY, READY, GONE);
        const { code, stderr } = join();
        assert.equal(code, 0, stderr);
        assert.equal(host().read("/answers"), GONE);
        assert.deepEqual(nodesOf(host()), ["w1"]);
    });

    it("refuses the name of a machine that lives", () => {
        answersOfNode(host(), READY);
        const hasty = { ...script, body: script.body.replace("wait_for 120", "wait_for 1") };
        const { code, stderr } = host().step({ ...hasty, bringsLibrary: true }, SECRET);
        assert.equal(code, 1);
        assert.match(stderr, /node w1 is Ready; if it stays so, another machine of this name is in the cluster/);
    });

    it("waits while the API does not tell whether the name is free", () => {
        const untold = [403, 429, 500, 503].map((code) => `${code} {"kind":"Status","code":${code}}`);
        answersOfNode(host(), ...untold, READY, NONE);
        const { code, stderr } = join();
        assert.equal(code, 0, stderr);
        assert.equal(host().read("/answers"), NONE);
    });

    it("says what the API answered when it never tells", () => {
        answersOfNode(host(), '403 {"kind":"Status"}');
        const hasty = { ...script, body: script.body.replace("wait_for 120", "wait_for 1") };
        const { code, stderr } = host().step({ ...hasty, bringsLibrary: true }, SECRET);
        assert.equal(code, 1);
        assert.match(stderr, /waited in vain for the name of this host to be free; last seen: .*HTTP 403.*"Status"/);
    });

    it("says what to do when its token has expired meanwhile", () => {
        const refused = "curl: (22) The requested URL returned error: 401";
        host().fake("curl", `case "$*" in */kubelet-config*) echo "${refused}" >&2; exit 22 ;; esac`);
        const hasty = { ...script, body: script.body.replace("wait_for 60", "wait_for 1") };
        const { code, stderr } = host().step({ ...hasty, bringsLibrary: true }, SECRET);
        assert.equal(code, 1);
        assert.match(stderr, /last seen: .* error: 401; the token has expired, .* run pulumi up again/);
    });

    it("says so when no token came", () => {
        assert.match(join("token none\nauthority Y2E=\n").stderr, /no token came with this step; run pulumi up again/);
    });

    it("comes to the same end when it is killed", function () {
        this.timeout(120_000);
        assertSameEndWhenKilled(host(), script, { stdin: SECRET });
    });
});

describe("the tokens of workers", () => {
    const host = bashHost();
    const step = (text: ReturnType<typeof renderJoinToken>) => host().step({ ...text, bringsLibrary: true });
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    beforeEach(() => fakeCluster(host(), {}));

    it("are made for a run in which workers join, and for that one alone", () => {
        assert.equal(step(renderJoinToken("1")).stdout, "token abc001.0123456789abcdef\n");
        assert.equal(step(renderJoinToken("2")).stdout, "token abc002.0123456789abcdef\n");
        assert.equal(step(renderJoinToken("")).stdout, "token none\n");
        assert.equal(host().calls().length, 2);
        assert.equal(host().run("grep -rl 0123456789abcdef /etc/ /var/ /run/ || true").stdout, "");
    });

    it("live for two hours: those of an up that failed stay until then, or until workers join", () => {
        step(renderJoinToken("1"));
        assert.match(host().calls()[0] ?? "", / --ttl 2h --description quorate: workers joining by pulumi up$/);
    });

    it("are withdrawn when the workers have joined, and nobody else's with them", () => {
        const listed = [
            `bootstrap-token-aaaaaa ${encoded("quorate: workers joining by pulumi up")}`,
            `bootstrap-token-bbbbbb ${encoded("somebody's own")}`,
            "bootstrap-token-cccccc ",
        ];
        host().fake(
            "kubectl",
            `case "$*" in *" get "*) printf '%s\\n' ${listed.map((line) => `"${line}"`).join(" ")} ;; esac`,
        );
        assert.equal(step(renderWithdrawTokens("1")).code, 0);
        const deleted = host()
            .calls()
            .filter((call) => call.includes(" delete "));
        assert.equal(deleted.length, 1);
        assert.match(deleted[0] ?? "", /delete secret bootstrap-token-aaaaaa /);
    });

    it("are not asked for when nobody joins", () => {
        host().fake("kubectl");
        assert.equal(step(renderWithdrawTokens("")).code, 0);
        assert.deepEqual(host().calls(), []);
    });
});
