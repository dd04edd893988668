import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { remoteCommand } from "../../../steps/remoteCommand";

/** Shells that somebody may log in with; of the others than the first two, those that are here. */
const NAMES = ["bash", "dash", "sh", "zsh", "fish", "csh", "tcsh", "ksh", "mksh"];

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Paths of the login shells of this machine. */
export function loginShells(): readonly string[] {
    return NAMES.map((name) => `/bin/${name}`).filter((file) => existsSync(file));
}

/** What a login shell's own files print, and set, before a command begins. */
const RC_FILES = [".bashrc", ".profile", ".zshenv", ".cshrc", ".tcshrc", ".config/fish/config.fish"];

/** The programs of a host; `/usr/bin/env` and the like are taken from the machine, sudo is faked. */
export class LoginHost {
    readonly home = mkdtempSync(path.join(os.tmpdir(), "quorate-login-"));
    /** Where a host's programs lie; those of the test come first. */
    programs = `${this.home}:${PATH}`;

    remove(): void {
        rmSync(this.home, { recursive: true, force: true });
    }

    /** Lets every login shell say something before it runs a command. */
    greet(words: string): void {
        spawnSync("mkdir", ["-p", path.join(this.home, ".config/fish")]);
        for (const name of RC_FILES) writeFileSync(path.join(this.home, name), `echo "${words}"\n`);
    }

    /** A program in front of the machine's own. */
    program(name: string, text: string): void {
        writeFileSync(path.join(this.home, name), text);
        chmodSync(path.join(this.home, name), 0o755);
    }

    /** Whether the faked sudo was asked to run something. */
    usedSudo(): boolean {
        return existsSync(path.join(this.home, "sudo.calls"));
    }

    /** The constant command, with this host's programs. */
    command(user: string): string {
        return this.withPrograms(remoteCommand(user));
    }

    /** A command as it is sent, with this host's programs. */
    withPrograms(sent: string): string {
        return sent.replaceAll(`PATH=${PATH}`, `PATH=${this.programs}`);
    }

    /**
     * Hands the constant command to a login shell as sshd does, as if it were connected by SSH.
     * @param environment of the login session
     */
    login(shell: string, user: string, input: string | Buffer, environment: Readonly<Record<string, string>> = {}) {
        const { status, stdout, stderr } = spawnSync(shell, ["-c", this.command(user)], {
            input,
            encoding: "utf8",
            maxBuffer: 16 * 1024 * 1024,
            env: {
                HOME: this.home,
                XDG_CONFIG_HOME: path.join(this.home, ".config"),
                PATH: "/usr/bin:/bin",
                SSH_CLIENT: "192.0.2.1 40000 22",
                ...environment,
            },
        });
        return { code: status, stdout, stderr };
    }
}

/** sudo as far as a step can tell: runs the command, or refuses as it does where a password is wanted. */
export const SUDO = `#!/bin/sh
[ "$1" = -n ] || exit 99
shift
echo "$1" >>"$0.calls"
exec "$@"
`;
export const REFUSING_SUDO = `#!/bin/sh
echo "sudo: a password is required" >&2
exit 1
`;
