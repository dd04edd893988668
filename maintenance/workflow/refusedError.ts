/** Nothing was changed, because a condition for going on does not hold. Exit code 4. */
export class RefusedError extends Error {
    /**
     * @param subject what was refused, for example `leave cp2`
     * @param seen every reason, each a sentence part
     * @param next what to do now
     */
    constructor(
        readonly subject: string,
        readonly seen: readonly string[],
        readonly next: string,
    ) {
        super(`${subject} refused: ${seen.join("; ")}; ${next}`);
        this.name = "RefusedError";
    }
}
