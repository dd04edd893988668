import { PropertyMap, isObject } from "../protocol/values";

/** Environment variables as plain strings. */
export type Environment = Readonly<Record<string, string>>;

/** The user's own variables for the command. */
export function ownEnvironment(properties: PropertyMap): Environment {
    const given = properties["environment"];
    return isObject(given) ? Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])) : {};
}

/** What the previous step printed, as variables, unless the user opted out or it printed nothing. */
export function previousOutput(properties: PropertyMap): Environment {
    if (properties["addPreviousOutputInEnv"] === false) return {};
    const variables = { PULUMI_COMMAND_STDOUT: properties["stdout"], PULUMI_COMMAND_STDERR: properties["stderr"] };
    return Object.fromEntries(
        Object.entries(variables).filter(
            (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
        ),
    );
}
