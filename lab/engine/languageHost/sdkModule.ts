/**
 * Path of one of the SDK's own runners, as the program sees it.
 * @throws when the SDK is not installed for the program.
 */
export function sdkModule(name: "run" | "run-plugin" | "run-policy-pack", programDirectory: string): string {
    try {
        return require.resolve(`@pulumi/pulumi/cmd/${name}`, { paths: [programDirectory] });
    } catch (error) {
        const reason = `@pulumi/pulumi is not installed for the program in ${programDirectory}; run npm install there`;
        throw new Error(reason, { cause: error });
    }
}
