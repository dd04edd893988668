/** What the identity's step prints: a line for each key, with its value after a space. */

/** A value; empty when `pulumi up --target` left the step out. */
export function field(text: string, key: string): string {
    return (
        text
            .split("\n")
            .find((line) => line.startsWith(`${key} `))
            ?.slice(key.length + 1) ?? ""
    );
}

/** The lines of some keys, in that order. */
export function onlyFields(text: string, keys: readonly string[]): string {
    return keys.map((key) => `${key} ${field(text, key)}\n`).join("");
}

/**
 * What control planes are given. Of a cluster whose CA an `up` has recorded nobody is a founding member any more, whatever the
 * step has printed when it ran last: a host that was installed anew would found its old member again, without its data.
 */
export function identityOf(text: string, recordedCaHash: string | undefined): string {
    const founding =
        (recordedCaHash ?? "") === ""
            ? onlyFields(text, ["founding", "etcd-token"])
            : "founding none\netcd-token none\n";
    return `${founding}${onlyFields(text, ["identity"])}`;
}

/**
 * The CA's hash.
 * @throws Error when it is not the recorded one: then the step's host made an identity of its own, which nobody may get
 */
export function caHashOf(text: string, recorded: string | undefined, host: string): string {
    const found = field(text, "ca-hash");
    if (recorded === undefined || recorded === "" || found === "" || found === recorded) return found;
    throw new Error(
        `${host} has the CA ${found}, the cluster has ${recorded}; nothing was handed out. ` +
            `Reset ${host} (/usr/local/lib/quorate/reset) and put a control plane that is a member before it in hosts`,
    );
}
