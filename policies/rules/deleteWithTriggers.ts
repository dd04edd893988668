import { isCommand } from "../graph/commands";
import { nameOf } from "../graph/resource";
import { at, isAbsent, items, text } from "../graph/value";
import { resourceRule } from "./rule";

/** TRAPS 57: a changed trigger replaces, and a replacement ends with the old `delete`. */
export const deleteWithTriggers = resourceRule({
    name: "no-delete-with-triggers",
    wants: "A command with triggers has no delete, unless it is deleted before it is replaced.",
    why: "A changed trigger runs the new create first and the old delete after it, which undoes what was just made: a reset host, a removed member.",
    source: {
        title: "Pulumi Command: triggers replace",
        url: "https://www.pulumi.com/registry/packages/command/api-docs/remote/command/#triggers_nodejs",
    },
    advice: "Drop triggers and let the changed text run update; or set deleteBeforeReplace: true if both are meant.",
    level: "mandatory",
    severity: "high",
    settings: {},
    concerns: isCommand,
    check: (resource) => {
        const { properties, deleteBeforeReplace } = resource;
        const triggers = items(at(properties, "triggers")).length;
        const deletes = !isAbsent(at(properties, "delete")) && text(at(properties, "delete")) !== "";
        if (triggers === 0 || !deletes || deleteBeforeReplace) return [];
        return [
            {
                resource,
                message: `${nameOf(resource)}: has delete and ${triggers} trigger${triggers === 1 ? "" : "s"}; a changed trigger runs create and then this delete. Drop triggers, or set deleteBeforeReplace: true`,
            },
        ];
    },
});
