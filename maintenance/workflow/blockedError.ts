import { RefusedError } from "./refusedError";

/** Pods of a host cannot be evicted. What was changed for it is put back; the run's policy decides how it goes on. */
export class BlockedError extends RefusedError {
    override readonly name = "BlockedError";
}
