import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import {
    renderImageConfig,
    renderImageManifest,
    sha256OfFile,
    writeImageArchive,
} from "../../../../lab/artifacts/imageArchive";
import { type ImageRecipe, imageRecipes } from "../../../../lab/artifacts/imageCatalogue";
import { tar } from "../../../../lab/artifacts/imageLayers";
import { run } from "../../../../lab/process";
import { temporaryLab } from "../support";

const recipe: ImageRecipe = {
    name: "tool",
    reference: "registry.example/tool:v1",
    programs: {},
    entrypoint: ["/tool"],
    command: ["serve"],
};

describe("lab artifacts: image archives", () => {
    const lab = temporaryLab();

    it("say what runs and from which layers, the lowest first", () => {
        const config = JSON.parse(renderImageConfig(recipe, ["aa", "bb"]));
        assert.deepEqual(config.config.Entrypoint, ["/tool"]);
        assert.deepEqual(config.config.Cmd, ["serve"]);
        assert.deepEqual(config.rootfs.diff_ids, ["sha256:aa", "sha256:bb"]);
        assert.equal(config.history.length, 2);
    });

    it("carry the name under which they are imported", () => {
        const [entry] = JSON.parse(renderImageManifest(recipe, "cc", ["aa", "bb"]));
        const expected = {
            Config: "cc.json",
            RepoTags: ["registry.example/tool:v1"],
            Layers: ["aa/layer.tar", "bb/layer.tar"],
        };
        assert.deepEqual(entry, expected);
    });

    it("find static pods' commands, which have no path, in the search path", () => {
        for (const { name, programs } of imageRecipes.filter(
            ({ name }) => name.startsWith("kube-") || name === "etcd",
        )) {
            assert.ok(`/usr/local/bin/${name}` in programs, name);
        }
        assert.match(renderImageConfig(recipe, []), /PATH=[^"]*\/usr\/local\/bin/);
    });

    it("are the same bytes for the same contents, whenever they are made", async () => {
        const sums: string[] = [];
        for (const round of ["one", "two"]) {
            const folder = lab.path(round);
            mkdirSync(folder);
            for (const file of round === "one" ? ["a", "b"] : ["b", "a"]) writeFileSync(`${folder}/${file}`, file);
            utimesSync(`${folder}/a`, 1_000, round === "one" ? 1_000 : 2_000);
            await tar(folder, lab.path(`${round}.layer.tar`), ["a", "b"]);
            await writeImageArchive(recipe, [lab.path(`${round}.layer.tar`)], lab.path(`${round}.tar`));
            sums.push(await sha256OfFile(lab.path(`${round}.tar`)));
        }
        assert.equal(sums[0], sums[1]);
        const listing = (await run("tar", ["-tf", lab.path("one.tar")])).trim().split("\n");
        assert.ok(listing.includes("manifest.json"));
        assert.equal(listing.filter((name) => name.endsWith("/layer.tar")).length, 1);
    });
});
