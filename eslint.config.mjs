import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Which of our folders each folder may import, beside itself. Nobody else may be reached from it. */
const ARROWS = {
    model: [],
    steps: ["model"],
    components: ["model", "steps"],
    stacks: ["model", "components"],
    maintenance: ["model", "steps"],
    policies: ["model", "steps"],
    lab: ["model", "components/artifacts"],
};

const FOLDERS = [...Object.keys(ARROWS), "test", "bench"];

/** Every way to import, when it climbs out of its own top folder into one that it may not reach. */
const arrows = Object.entries(ARROWS).map(([folder, allowed]) => {
    const forbidden = FOLDERS.filter((other) => other !== folder && !allowed.includes(other)).map((other) => {
        const parts = allowed
            .filter((path) => path.startsWith(`${other}/`))
            .map((path) => path.slice(other.length + 1));
        return parts.length === 0 ? other : `${other}(?!\\W(${parts.join("|")})\\W)`;
    });
    const climbs = `^([.][.]\\W)+(${forbidden.join("|")})(\\W|$)`;
    return {
        files: [`${folder}/**/*.ts`],
        rules: {
            "no-restricted-syntax": [
                "error",
                {
                    selector: `:matches(ImportDeclaration, ExportAllDeclaration, ExportNamedDeclaration, ImportExpression)[source.value=/${climbs}/]`,
                    message: `${folder} may import ${["itself", ...allowed].join(", ")}.`,
                },
            ],
        },
    };
});

export default defineConfig(
    globalIgnores(["dist/", "node_modules/"]),
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.strict, tseslint.configs.stylistic],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-misused-promises": "error",
            "@typescript-eslint/await-thenable": "error",
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "@typescript-eslint/no-unused-vars": [
                "error",
                { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
            ],
            "@typescript-eslint/no-empty-function": "off",
            // `number | void` and `this: void` are what such functions mean.
            "@typescript-eslint/no-invalid-void-type": "off",
        },
    },
    arrows,
    {
        // A test that asserts on what is not there fails, as it should.
        files: ["test/**/*.ts"],
        rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/no-dynamic-delete": "off" },
    },
    {
        // Work is loaded when it runs, so that help and the other stacks' previews are fast.
        files: ["maintenance/cli/*Command.ts", "stacks/index.ts"],
        rules: { "@typescript-eslint/no-require-imports": "off" },
    },
    {
        files: ["maintenance/**/*.ts"],
        ignores: ["maintenance/ports/stackOutputs.ts"],
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        {
                            regex: "^@pulumi/",
                            message: "Only ports/stackOutputs.ts talks to Pulumi: it is slow to load.",
                        },
                    ],
                },
            ],
        },
    },
);
