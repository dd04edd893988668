import { isRemote, unpinnedHops } from "../graph/commands";
import { nameOf } from "../graph/resource";
import { resourceRule } from "./rule";

/** TRAPS 60: the plugin accepts any host key unless one is given. */
export const hostKeyPinned = resourceRule({
    name: "host-key-pinned",
    wants: "Every SSH connection, the bastion's included, says which host key it expects.",
    why: "Without a key the plugin talks to whoever answers, and secrets for the host go to them.",
    source: {
        title: "Pulumi Command: remote connection",
        url: "https://www.pulumi.com/registry/packages/command/api-docs/remote/command/#connection",
    },
    advice: "Write connection.hostKey, one line as in authorized_keys, read with ssh-keyscan in a network that you trust.",
    level: "mandatory",
    severity: "critical",
    settings: {},
    concerns: isRemote,
    check: (resource) =>
        unpinnedHops(resource).map(({ hop, host }) => ({
            resource,
            message: `${nameOf(resource)}: ${hop}${host === undefined ? "" : ` to ${host}`} has no hostKey, so any host is believed; write ${hop}.hostKey: "ssh-ed25519 AAAA..."`,
        })),
});
