import assert from "node:assert/strict";
import { LabError } from "../../../../lab/errors";
import { TRAITS, parseTraits, traitFiles, traitScript } from "../../../../lab/hosts/traits";

describe("lab hosts: traits", () => {
    const refusal = (text: string) => (error: LabError) => error.exitStatus === 2 && error.message.includes(text);

    it("are read from a list, in the order of the table", () => {
        assert.deepEqual(parseTraits(""), []);
        assert.deepEqual(parseTraits("proxied,dash,deploy"), ["deploy", "dash", "proxied"]);
    });

    it("are refused when unknown, without what they need, or with two login shells", () => {
        assert.throws(
            () => parseTraits("deploy,loud"),
            refusal("no trait is named loud; expected some of\n  deploy: "),
        );
        assert.throws(() => parseTraits("dash"), refusal("trait dash needs deploy: name it, too"));
        assert.throws(() => parseTraits("deploy,dash,fish"), refusal("dash and fish: a user has one login shell"));
    });

    it("share the file of environment variables", () => {
        const environment = traitFiles(["proxied", "comma"], "key")["etc/environment"] ?? "";
        assert.match(environment, /^HTTPS_PROXY=http:\/\/10\.89\.0\.1:3128$/m);
        assert.match(environment, /^LC_ALL=de_DE\.UTF-8$/m);
    });

    it("change nothing of a plain host", () => {
        assert.deepEqual(traitFiles([], "key"), {});
        assert.equal(traitScript([]), "");
    });

    it("open a host to its user by the lab's key, with the login shell that was asked for", () => {
        const all = Object.keys(TRAITS).filter((name) => !["dash", "csh"].includes(name));
        assert.equal(traitFiles(all, "ssh-ed25519 AAAA")["home/deploy/.ssh/authorized_keys"], "ssh-ed25519 AAAA\n");
        assert.match(traitScript(all), /--shell \/usr\/bin\/fish deploy$/m);
        assert.match(traitScript(["deploy"]), /--shell \/bin\/bash deploy$/m);
    });
});
