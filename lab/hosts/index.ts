export { type BootReport, bootHost, bootHosts, consoleTail, isRunning } from "./boot";
export { type LabHostEntry, hostInventory } from "./inventory";
export { authorizedKey, ensureKeys, hostKey, knownHostsPath, privateKeyPath } from "./keys";
export { powerOff, powerOn } from "./power";
export { discardHost, removeHosts, resetHosts } from "./remove";
