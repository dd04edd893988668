import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "./engine/policies";
import { RULES } from "./rules/rules";

new PolicyPack("quorate-ha", { policies: RULES.map(policyOf) });
