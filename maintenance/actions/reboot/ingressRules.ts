import { stays, type Rule } from "./objection";

/** A host that has booted gets users only when its proxy has its routes (TRAPS 63). A warning: some clusters have none. */
export const ingressIsProven: Rule = (view) => {
    const { inventory, ingressDoubt } = view.facts;
    const leaves = inventory.hosts.some(({ name, ingress }) => ingress && !stays(view, name));
    return leaves && ingressDoubt !== "" ? [`the ingress proof will prove no route: ${ingressDoubt}`] : [];
};
