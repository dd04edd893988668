/**
 * The one way in which quorate runs something on a host. sshd hands a constant text to the login shell, whatever shell that
 * is, and the text ends in a bash as root with an environment of its own. What is to be done comes on standard input, so it
 * may be long, and is followed there by what it reads itself: secrets. What it says stands between two marks, because
 * login shells speak as well.
 */

/** Starts a program with what every step relies on: where programs lie, English words, decimal points, and no proxy. */
export const CLEAN_ENVIRONMENT =
    "env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root";

const BASH = `${CLEAN_ENVIRONMENT} bash --norc --noprofile -c "$1" quorate`;
const ANSWER = "quorate:answer";
const END = "quorate:end";

/**
 * For bash: reads the size of a script in bytes, the script, no byte more, and runs it with the rest of the input. A script
 * that did not come whole is not begun. It runs in a shell below this one, so its own traps and exits do not take the
 * closing mark away.
 */
const RECEIVE = [
    'IFS= read -r size && IFS= read -r -N "$size" script || { echo "the step did not arrive whole; run again" >&2; exit 1; }',
    `echo; echo ${ANSWER}`,
    '(eval "$script")',
    "status=$?",
    `echo; echo ${END}`,
    "exit $status",
].join("; ");

/** For sh. Later versions of sudo ask no password, but say so in the language of the user; whether it refuses is asked again. */
const AS_ROOT = `exec ${BASH}`;
const WITH_SUDO = [
    'command -v sudo >/dev/null || { echo "sudo is missing on this host; install it, or give ssh.user root" >&2; exit 127; }',
    `sudo -n ${BASH}`,
    "status=$?",
    "[ $status = 0 ] || sudo -n true 2>/dev/null </dev/null || " +
        'echo "$(id -un) needs sudo without a password; write into /etc/sudoers.d/quorate: $(id -un) ALL=(ALL) NOPASSWD: ALL" >&2',
    "exit $status",
].join("; ");

/**
 * What sshd is asked to run: the same for every step, and valid in sh, bash, dash, zsh, fish and csh, because single
 * quotes mean the same to all of them as long as neither quotes, backslashes, line ends nor "!" stand within.
 * @param user who logs in; other users than root become root by `sudo -n`
 */
export function remoteCommand(user: string): string {
    const start = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH",
        'command -v bash >/dev/null || { echo "bash is missing on this host; install it" >&2; exit 127; }',
        user === "root" ? AS_ROOT : WITH_SUDO,
    ].join("; ");
    return `exec /bin/sh -c '${start}' quorate '${RECEIVE}'`;
}

/**
 * Standard input for `remoteCommand`.
 * @param script for bash
 * @param stdin what the script itself reads
 */
export function remoteInput(script: string, stdin = ""): string {
    return `${Buffer.byteLength(script)}\n${script}${stdin}`;
}

/** The two parts of what `remoteInput` has made; undefined when the text is something else. */
export function readInput(input: string): { readonly script: string; readonly stdin: string } | undefined {
    const [head = "", size] = /^(\d+)\n/.exec(input) ?? [];
    const rest = Buffer.from(input.slice(head.length));
    if (size === undefined || rest.length < Number(size)) return undefined;
    return { script: rest.subarray(0, Number(size)).toString(), stdin: rest.subarray(Number(size)).toString() };
}

/**
 * What came back on standard output. `whole`: the script came to its end. `partial`: it was begun and killed. `none`: it was
 * not begun, and whatever was said was said by others.
 */
export interface RemoteAnswer {
    readonly kind: "whole" | "partial" | "none";
    /** What the script itself has written. */
    readonly text: string;
}

/** Reads standard output of `remoteCommand`, of which one line end at the end may be missing. */
export function readAnswer(stdout: string): RemoteAnswer {
    const begun = after(stdout, ANSWER);
    if (begun === undefined) return { kind: "none", text: "" };
    const end = `${begun}\n`.lastIndexOf(`\n${END}\n`);
    return end === -1 ? { kind: "partial", text: begun } : { kind: "whole", text: begun.slice(0, end) };
}

/** The whole answer, or undefined when there is none. */
export function answerOf(stdout: string): string | undefined {
    const { kind, text } = readAnswer(stdout);
    return kind === "whole" ? text : undefined;
}

/** First line of a script whose errors are to be told from those of the login shell by `errorsOf`. */
export const MARK_ERRORS = `{ echo; echo ${ANSWER}; } >&2`;

/** What a script with `MARK_ERRORS` has written to standard error; everything when it was not begun. */
export function errorsOf(stderr: string): string {
    return after(stderr, ANSWER) ?? stderr;
}

/** What follows the first line that is the mark. */
function after(text: string, mark: string): string | undefined {
    const at = `\n${text}`.indexOf(`\n${mark}\n`);
    return at === -1 ? undefined : text.slice(at + mark.length + 1);
}
