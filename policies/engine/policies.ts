import type {
    PolicyConfigSchema,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";
import type { GraphResource } from "../graph/resource";
import type { Value } from "../graph/value";
import { type Change, type ResourceRule, type Rule, type Settings, type StackRule, findingsOf } from "../rules/rule";
import { plainProperties } from "./plainProperties";

/** A rule as the policy SDK takes it. */
export function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
    return rule.scope === "resource" ? resourcePolicy(rule) : stackPolicy(rule);
}

function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
    const { remedy } = rule;
    return {
        ...description(rule),
        async validateResource(args, report) {
            if (!rule.concerns(args)) return;
            const resource = await graphResource(args);
            for (const { message } of findingsOf(rule, [resource], args.getConfig())) report(message);
        },
        ...(remedy && {
            async remediateResource(args) {
                if (!rule.concerns(args)) return undefined;
                const changes = remedy(await plainProperties(args.props));
                for (const change of changes) write(args.props, change);
                return changes.length === 0 ? undefined : args.props;
            },
        }),
    };
}

function stackPolicy(rule: StackRule): StackValidationPolicy {
    return {
        ...description(rule),
        async validateStack(args, report) {
            // The engine gives them in an order of its own, another one every time.
            const concerned = args.resources
                .filter((resource) => rule.concerns(resource))
                .toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
            const resources = await Promise.all(concerned.map(graphResource));
            for (const { resource, message } of findingsOf(rule, resources, args.getConfig())) {
                report(message, resource.urn);
            }
        },
    };
}

function description(rule: Rule) {
    return {
        name: rule.name,
        description: rule.wants,
        enforcementLevel: rule.level,
        severity: rule.severity,
        remediationSteps: rule.advice,
        url: rule.source.url,
        configSchema: configSchema(rule.settings),
    };
}

function configSchema(settings: Settings): PolicyConfigSchema {
    return {
        properties: Object.fromEntries(
            Object.entries(settings).map(([name, { default: byDefault, minimum, means }]) => [
                name,
                { type: "integer", default: byDefault, minimum, description: means },
            ]),
        ),
    };
}

type PolicyArgs = Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props" | "opts">;

async function graphResource({ urn, type, name, props, opts }: PolicyArgs): Promise<GraphResource> {
    const properties: Value = await plainProperties(props);
    const deleteBeforeReplace = opts.deleteBeforeReplace === true;
    return { urn, type, name, properties, protect: opts.protect, deleteBeforeReplace };
}

/** Writes through the SDK's proxies, which keep secrets secret and unknown values as they are. */
function write(properties: object, { path, value }: Change): void {
    const parent = path.slice(0, -1).reduce<object>((inner, key) => Reflect.get(inner, key) as object, properties);
    Reflect.set(parent, path.at(-1) ?? "", value);
}
