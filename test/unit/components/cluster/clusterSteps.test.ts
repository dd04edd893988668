import assert from "node:assert/strict";
import { renderNodes } from "../../../../components/cluster/nodesScript";
import { renderAddons } from "../../../../components/network/network";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";
import { type BashHost, bashHost } from "../bashHost";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled } from "../killedAtEachLine";

/** kubectl with an API below /api: a node's taints one a line in NAME.taints, what quorate set last in NAME.before. */
function fakeApi(host: BashHost, taints: Readonly<Record<string, readonly string[]>> = {}): void {
    for (const name of ["cp1", "cp2", "cp3", "w1", "w2", "w3"]) {
        host.write(`/api/${name}.taints`, (taints[name] ?? []).map((taint) => `${taint}\n`).join(""));
        host.write(
            `/api/${name}.before`,
            (taints[name] ?? []).filter((taint) => !taint.startsWith("theirs")).join(" "),
        );
    }
    host.fake(
        "kubectl",
        `cd "${host.at("/api")}"
        while [[ $1 == --* ]]; do shift; done
        case $1 in
            get) for file in *.taints; do
                    echo "\${file%.taints}|$(cat "\${file%.taints}.before")|$(tr '\\n' ' ' <"$file")"
                done ;;
            taint) file=$3.taints
                case $4 in
                    *-) [ ! -e refuses ] || { rm refuses; echo "not now" >&2; exit 1; }
                        key=\${4%%:*} effect=\${4#*:}
                        grep -q "^$key=.*:\${effect%-}$" "$file" || { echo "error: taint \\"\${4%-}\\" not found" >&2; exit 1; }
                        sed -i "/^$key=.*:\${effect%-}$/d" "$file" ;;
                    *) sed -i "/^\${4%%=*}=.*:\${4##*:}$/d" "$file"; echo "$4" >>"$file" ;;
                esac ;;
            apply) cp "\${*: -1}" applied
                [[ \${*: -1} != *nodes.yaml ]] || awk '/^  name:/ { name = $2 } /quorate.dev\\/taints:/ { sub(/.*taints: /, ""); gsub(/"/, ""); printf "%s", $0 >(name ".before") }' applied ;;
        esac`,
    );
}

const spot = (input: ClusterConfigInput) => {
    input.pools = [{ name: "default", taints: [{ key: "spot", value: "yes", effect: "NoSchedule" }] }];
};

describe("the step of labels and taints", () => {
    const host = bashHost();
    const taints = (name: string) => host().read(`/api/${name}.taints`).trimEnd().split("\n").filter(Boolean).sort();
    const given = { w1: ["old=x:NoSchedule", "theirs=:NoExecute"], w2: ["spot=yes:NoSchedule"] };

    it("takes away what quorate set before and no longer wants, and leaves what others set", () => {
        fakeApi(host(), given);
        host().changes(renderNodes(configWith(spot)));
        assert.deepEqual(taints("w1"), ["spot=yes:NoSchedule", "theirs=:NoExecute"]);
        assert.deepEqual(taints("w2"), ["spot=yes:NoSchedule"]);
        assert.equal(host().read("/api/w1.before"), "spot=yes:NoSchedule");
    });

    it("does not forget a taint that the API did not take away", () => {
        fakeApi(host(), given);
        host().write("/api/refuses", "once");
        host().changes(renderNodes(configWith()));
        assert.deepEqual(taints("w1"), ["theirs=:NoExecute"]);
    });

    it("ends alike when it is killed at any line", () => {
        fakeApi(host(), given);
        assertSameEndWhenKilled(host(), renderNodes(configWith(spot)));
    }).timeout(KILL_TIMEOUT_MS);
});

describe("the step of the add-ons", () => {
    const host = bashHost();

    it("ends alike when it is killed at any line", () => {
        fakeApi(host());
        assertSameEndWhenKilled(host(), renderAddons(configWith()));
        assert.match(host().read("/api/applied"), /name: coredns/);
    }).timeout(KILL_TIMEOUT_MS);
});
