import assert from "node:assert/strict";
import { debianMirror } from "../../../../lab/image/debian";

describe("lab image: Debian mirror", () => {
    it("is the first archive of Debian proper that the machine uses", () => {
        const targets = [
            "Node Source|https://packages.example/node/",
            "Debian|http://mirror.example/debian-security/",
            "Debian|http://mirror.example/debian/",
            "Debian|http://other.example/debian/",
        ];
        assert.equal(debianMirror(targets.join("\n")), "http://mirror.example/debian/");
    });

    it("is found before the machine has ever read the archive's description", () => {
        assert.equal(debianMirror("|http://mirror.example/debian\n"), "http://mirror.example/debian");
        assert.equal(debianMirror("$(ORIGIN)|http://mirror.example/debian\n"), "http://mirror.example/debian");
    });

    it("is left to the image builder on machines of other distributions", () => {
        assert.equal(debianMirror("Ubuntu|http://archive.example/ubuntu/\n"), undefined);
        assert.equal(debianMirror(""), undefined);
    });
});
