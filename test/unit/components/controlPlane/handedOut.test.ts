import assert from "node:assert/strict";
import { caHashOf, identityOf, onlyFields } from "../../../../components/controlPlane/handedOut";

const text = "founding cp1=x,cp2=y\netcd-token quorate-1\nca-hash sha256:0a\nauthority Y2E=\nidentity H4sI\n";

describe("what the first control plane hands out", () => {
    it("names founding members until the cluster is recorded, and never after", () => {
        assert.equal(identityOf(text, undefined), "founding cp1=x,cp2=y\netcd-token quorate-1\nidentity H4sI\n");
        assert.equal(identityOf(text, "sha256:0a"), "founding none\netcd-token none\nidentity H4sI\n");
    });

    it("names founding members as long as the record knows no CA, as after an up --target", () => {
        assert.equal(identityOf(text, ""), identityOf(text, undefined));
    });

    it("goes to nobody when it is another identity than the recorded one", () => {
        assert.equal(caHashOf(text, undefined, "cp1"), "sha256:0a");
        assert.equal(caHashOf(text, "sha256:0a", "cp1"), "sha256:0a");
        assert.throws(
            () => caHashOf(text, "sha256:ff", "cp1"),
            /cp1 has the CA sha256:0a, the cluster has sha256:ff; nothing was handed out\. Reset cp1/,
        );
    });

    it("is empty where the step was left out", () => {
        assert.equal(onlyFields("", ["authority"]), "authority \n");
        assert.equal(caHashOf("", "sha256:0a", "cp1"), "");
    });
});
