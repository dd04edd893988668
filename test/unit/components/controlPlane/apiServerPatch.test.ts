import assert from "node:assert/strict";
import { parse } from "yaml";
import { renderApiServerPatch } from "../../../../components/controlPlane/apiServerPatch";
import { settingsFiles } from "../../../../components/controlPlane/settingsFiles";
import type { HostFile } from "../../../../components/command/hostScript";
import { configWith } from "../../model/sampleConfig";

const config = configWith();
const cp1 = config.hosts.find(({ name }) => name === "cp1");
assert.ok(cp1);
const FILES = settingsFiles(config, cp1).filter(({ path }) => /(authentication|audit-policy)\.yaml$/.test(path));

/** The annotations of the manifest, for files whose text was changed. */
function annotations(change: (file: HostFile) => string): Record<string, string> | undefined {
    const files = FILES.map((file) => ({ ...file, content: change(file) }));
    const patch = parse(renderApiServerPatch(config, files)) as { metadata?: { annotations: Record<string, string> } };
    return patch.metadata?.annotations;
}

describe("the API server's manifest", () => {
    it("is left as it is while the files are those it was made with", () => {
        assert.equal(FILES.length, 2);
        assert.equal(
            annotations(({ content }) => content),
            undefined,
        );
    });

    for (const { path } of FILES) {
        it(`changes with ${path}, so that the server reads it`, () => {
            const edited = (text: string) =>
                annotations((file) => (file.path === path ? `${file.content}${text}` : file.content));
            const [first, second] = [edited("# first\n"), edited("# second\n")];
            assert.match(first?.["quorate/settings-files"] ?? "", /^[0-9a-f]{16}$/);
            assert.notDeepEqual(first, second);
            assert.deepEqual(first, edited("# first\n"));
        });
    }
});
