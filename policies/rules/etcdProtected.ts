import { bringsText, hostTexts, isCommand } from "../graph/commands";
import { nameOf } from "../graph/resource";
import { at, text } from "../graph/value";
import { resourceRule } from "./rule";

/** What makes a cluster's identity or its data, once; with a list of phases in a variable, nothing can be said. */
const MAKES = [
    { what: "makes the cluster's etcd", pattern: /\bkubeadm\s+init\b(?!\s+phase)(?![^\n]*--skip-phases[= ]"?\$)/ },
    { what: "makes the cluster's etcd authority", pattern: /\bphase\s+certs\s+(?:all|etcd-ca|"?\$\w+"?)/ },
];
/** What takes a member or its data away. */
const ENDS = [
    { what: "resets a host with kubeadm", pattern: /\bkubeadm\s+reset\b/ },
    { what: "removes an etcd member", pattern: /\bmember\s+remove\b/ },
    { what: "deletes etcd's data", pattern: /\brm\s[^\n]*\/var\/lib\/etcd\b/ },
];

/** TRAPS 57, 58. */
export const etcdProtected = resourceRule({
    name: "etcd-protected",
    wants: "What makes etcd, and what takes it away when it is deleted, is protected.",
    why: "One deleted or replaced resource ends the cluster with all its data.",
    source: {
        title: "Pulumi: protect",
        url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    },
    advice: "Set protect: true on the resource; for quorate's own components that is protect: true in quorate:cluster.",
    level: "mandatory",
    severity: "critical",
    settings: {},
    concerns: bringsText,
    check: (resource) => {
        if (resource.protect || !isCommand(resource)) return [];
        const made = hostTexts(resource).filter(({ place }) => place !== "delete");
        const makes = MAKES.filter(({ pattern }) => made.some((given) => pattern.test(given.text)));
        const end = text(at(resource.properties, "delete")) ?? "";
        const ends = ENDS.filter(({ pattern }) => pattern.test(end));
        return [...makes, ...ends.map(({ what }) => ({ what: `${what} when it is deleted` }))]
            .slice(0, 1)
            .map(({ what }) => ({
                resource,
                message: `${nameOf(resource)}: ${what}, but is not protected; set protect: true (quorate:cluster protect: true for quorate's own)`,
            }));
    },
});
