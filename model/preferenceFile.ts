/**
 * On load balancers: keepalived adds the number in it, times 50, to the balancer's priority whenever it changes. `quorate`
 * writes -1 to move the virtual address away and 1 to take it; a boot clears it.
 */
export const PREFERENCE_FILE = "/run/quorate-vrrp.preference";
