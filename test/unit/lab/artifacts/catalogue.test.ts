import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { bundlePrograms } from "../../../../lab/artifacts/bundle";
import { clusterArtifacts, pulumiArtifact } from "../../../../lab/artifacts/catalogue";
import { imageRecipes } from "../../../../lab/artifacts/imageCatalogue";

const all = [...clusterArtifacts, pulumiArtifact];
const known = new Set([
    "pause/usr/bin/catatonit",
    ...all.flatMap(({ name, programs }) => programs.map((program) => `${name}/${program}`)),
]);
const moduleFile = (name: string): string =>
    readFileSync(path.join(__dirname, "../../../../lab/artifacts/modules", name, "go.mod"), "utf8");

describe("lab artifacts: catalogue", () => {
    it("has every program of the bundle and of the images", () => {
        const wanted = [
            ...Object.values(bundlePrograms).flat(),
            ...imageRecipes.flatMap(({ programs }) => Object.values(programs)),
        ];
        assert.deepEqual(
            wanted.filter((program) => !known.has(program)),
            [],
        );
    });

    for (const { name, version, build, programs } of all) {
        it(`builds ${name} from the version it names, one package a program`, () => {
            assert.equal(build.packages.length, programs.length);
            if (name === "agnhost") return; // versioned by its image, built from the Kubernetes module
            for (const importPath of build.packages) {
                const pin = [...moduleFile(build.module).matchAll(/^(?:require )?\s*(\S+) v(\S+)$/gm)].find(
                    ([, required]) => importPath === required || importPath.startsWith(`${required}/`),
                );
                assert.equal(pin?.[2], version);
            }
        });
    }

    it("takes downloads over TLS from the projects' own sites only", () => {
        for (const { url, checksumUrl } of all.flatMap(({ release }) => release?.files ?? [])) {
            for (const address of [url, checksumUrl]) assert.match(address, /^https:\/\/(dl\.k8s\.io|github\.com)\//);
        }
    });

    it("offers a download for every program of what it offers downloads for", () => {
        for (const { name, programs, release } of all) {
            if (!release) continue;
            const files = release.files
                .flatMap(({ url, members }) => members ?? [url])
                .map((file) => path.basename(file));
            assert.deepEqual([...files].sort(), [...programs].sort(), name);
        }
    });

    it("names and tags images so that none hides another", () => {
        for (const key of ["name", "reference"] as const) {
            assert.equal(new Set(imageRecipes.map((recipe) => recipe[key])).size, imageRecipes.length);
        }
    });
});
