import assert from "node:assert/strict";
import type { HostScript } from "../../../../components/command/hostScript";
import { renderRuntime } from "../../../../components/containerRuntime/containerRuntime";
import { configWith } from "../../model/sampleConfig";
import { bashHost } from "../bashHost";

const PROXY = "registry.k8s.io/kube-proxy:v1.36.3";
const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;

/** The part of the runtime's step that brings images. */
function step(settings: HostScript["settings"]): Partial<HostScript> {
    const { body } = renderRuntime("worker", configWith());
    return { settings: { bundle: "", registry: "", ...settings }, body: body.slice(body.indexOf("# has_image")) };
}

describe("the images of a node", () => {
    const host = bashHost();
    const changes = (settings: HostScript["settings"]) => host().changes(step(settings));
    const asked = (verb: string) =>
        host()
            .calls()
            .filter((call) => call.includes(` images ${verb} `));

    beforeEach(() => {
        // Keeps names with their digests, one a line; what is pulled by digest has that digest.
        host().fake(
            "ctr",
            `store="${host().at("/images")}"
            touch "$store"
            case $4 in
                ls) echo "REF TYPE DIGEST SIZE PLATFORMS LABELS"; grep -F "\${5#name==} " "$store" | sed 's/ / type /' ;;
                pull) for source; do :; done; echo "$source \${source##*@}" >>"$store" ;;
                tag) digest=$(grep -F "$6 " "$store" | cut -d' ' -f2); sed -i "\\\\,^$7 ,d" "$store"; echo "$7 $digest" >>"$store" ;;
                import) for archive; do :; done; cat "$archive" >>"$store" ;;
            esac`,
        );
    });

    it("are pulled by digest and get the name that manifests use", () => {
        assert.deepEqual(changes({ images: [`kube-proxy ${PROXY} ${DIGEST}`] }), [`image ${PROXY}`]);
        const source = `registry.k8s.io/kube-proxy@${DIGEST}`;
        assert.deepEqual(asked("pull"), [`ctr -n k8s.io images pull --snapshotter overlayfs ${source}`]);
        assert.deepEqual(asked("tag"), [`ctr -n k8s.io images tag --force ${source} ${PROXY}`]);
        assert.deepEqual(changes({ images: [`kube-proxy ${PROXY} ${DIGEST}`] }), []);
    });

    it("are pulled from a mirror by the same digest", () => {
        changes({ registry: "mirror.example/k8s", images: [`kube-proxy ${PROXY} ${DIGEST}`] });
        assert.match(asked("pull")[0] ?? "", new RegExp(` mirror\\.example/k8s/kube-proxy@${DIGEST}$`));
        assert.match(asked("tag")[0] ?? "", new RegExp(` ${PROXY}$`));
    });

    it("are pulled again when another one has their name", () => {
        host().write("/images", `${PROXY} ${OTHER}\n`);
        assert.deepEqual(changes({ images: [`kube-proxy ${PROXY} ${DIGEST}`] }), [`image ${PROXY}`]);
        assert.match(host().read("/images"), new RegExp(`^${PROXY} ${DIGEST}$`, "m"));
    });

    it("are left as they are from a bundle, whose own sums were checked", () => {
        const archive = `${PROXY} ${OTHER}\n`;
        host().write("/opt/bundle/images/kube-proxy.tar", archive);
        const sum = host().run("sha256sum </opt/bundle/images/kube-proxy.tar").stdout.split(" ")[0];
        host().write("/opt/bundle/SHA256SUMS", `${sum}  images/kube-proxy.tar\n`);
        const bundle = host().at("/opt/bundle");
        assert.deepEqual(changes({ bundle, images: [`kube-proxy ${PROXY}`] }), [`image ${PROXY}`]);
        assert.deepEqual(changes({ bundle, images: [`kube-proxy ${PROXY}`] }), []);
        assert.deepEqual(asked("pull"), []);
        host().write("/opt/bundle/images/kube-proxy.tar", "other");
        host().write("/images", "");
        assert.match(host().step(step({ bundle, images: [`kube-proxy ${PROXY}`] })).stderr, /does not have the sha256/);
    });

    it("stop the step when a registry gives something else", () => {
        host().fake("ctr", '[ "$4" != pull ] || { echo "unexpected commit digest" >&2; exit 1; }');
        const { code, stderr } = host().step(step({ images: [`kube-proxy ${PROXY} ${DIGEST}`] }));
        assert.equal(code, 1);
        assert.match(stderr, /unexpected commit digest/);
    });
});
