export { type BootReport, bootHost, bootHosts, consoleTail, isRunning } from "./boot";
export { type LabHostEntry, hostInventory } from "./inventory";
export { authorizedKey, ensureKeys, hostKey, knownHostsPath, privateKeyPath } from "./keys";
export { powerOff, powerOn } from "./power";
export { type Renewal, discardHost, removeHosts, resetHosts } from "./remove";
export { parseTraits } from "./traits";
