import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { loadScript } from "../../../../components/command/hostScript";
import { type BashHost, bashHost } from "../bashHost";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled } from "../killedAtEachLine";

const FOLDER = `${__dirname}/../../../../components/controlPlane`;
const step = {
    step: "member",
    bringsLibrary: true,
    settings: { address: "10.89.0.21", certificate_names: ["10.89.0.10", "lb1", "10.89.0.11", "lb3"] },
    body: `${["secrets.sh", "servingCertificate.sh"].map((name) => loadScript(FOLDER, name)).join("\n")}
open_private
renew_serving_certificate`,
};
const CERTIFICATE = "/etc/kubernetes/pki/apiserver.crt";

/** A certificate with these names, as kubeadm would leave it; the key pair is made once. */
function certificate(host: BashHost, names: string, target = CERTIFICATE): void {
    const key = host.at("/tmp/any.key");
    const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
    const subject = ["-subj", "/CN=kube-apiserver", "-addext", `subjectAltName=${names}`];
    host.write(target, "");
    host.write("/tmp/any.key", "");
    execFileSync("openssl", [...words, ...subject, "-keyout", key, "-out", host.at(target)], { stdio: "pipe" });
}

describe("the certificate of an API server", () => {
    const host = bashHost();
    beforeEach(() => {
        for (const file of ["ca.crt", "ca.key", "apiserver.key"]) host().write(`/etc/kubernetes/pki/${file}`, file);
        host().write(
            "/etc/kubernetes/quorate/cluster.yaml",
            "kind: ClusterConfiguration\ncontrolPlaneEndpoint: 10.89.0.10:6443\n",
        );
        certificate(host(), "DNS:lb1,DNS:lb3,IP:10.89.0.10,IP:10.89.0.11", "/made/apiserver.crt");
        const made = host().at("/made/apiserver.crt");
        host().fake(
            "kubeadm",
            `folder=$(sed -n 's/^certificatesDir: //p' "\${!#}"); [ -e "$folder/ca.key" ] || exit 1
            cp "${made}" "$folder/apiserver.crt"; echo new >"$folder/apiserver.key"`,
        );
        const openssl = execFileSync("bash", ["-c", "type -P openssl"], { encoding: "utf8" }).trim();
        host().fake("openssl", `[ "$1" = s_client ] && exec cat "${host().at(CERTIFICATE)}"; exec ${openssl} "$@"`);
    });

    it("is made anew when clients may dial a balancer that it does not name", () => {
        certificate(host(), "DNS:lb1,IP:10.89.0.10,IP:10.89.0.11");
        assert.deepEqual(host().changes(step), ["certificate of the API server"]);
        assert.equal(host().read(CERTIFICATE), host().read("/made/apiserver.crt"));
        assert.equal(host().read("/etc/kubernetes/pki/apiserver.key"), "new\n");
        assert.equal(host().mode("/etc/kubernetes/pki/apiserver.key"), "0600");
        assert.equal(host().exists("/run/quorate-private"), false);
    });

    it("stays when it has all names, and more", () => {
        certificate(host(), "DNS:lb1,DNS:lb3,DNS:cp1,IP:10.89.0.10,IP:10.89.0.11,IP:10.96.0.1");
        assert.deepEqual(host().changes(step), []);
    });

    it("ends alike when the step is killed at any line", () => {
        certificate(host(), "DNS:lb1,IP:10.89.0.10");
        assertSameEndWhenKilled(host(), step, { ignore: /^\/(made|tmp)/ });
    }).timeout(KILL_TIMEOUT_MS);
});
