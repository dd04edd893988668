import assert from "node:assert/strict";
import { answerOf, errorsOf, MARK_ERRORS, readAnswer, remoteCommand, remoteInput } from "../../../steps/remoteCommand";
import { LoginHost, loginShells, REFUSING_SUDO, SUDO } from "./shells";

const SECRET = "token abc\nkey déf\n";

describe("the command that every host is sent", () => {
    let host: LoginHost;
    before(function () {
        if (process.platform !== "linux") this.skip();
    });
    beforeEach(() => (host = new LoginHost()));
    afterEach(() => host.remove());

    it("has nothing in its quotes that some login shell would read otherwise", () => {
        for (const user of ["root", "deploy"]) {
            const command = remoteCommand(user);
            assert.match(command, /^exec \/bin\/sh -c '[^'\\!\n]+' quorate '[^'\\!\n]+'$/);
            for (const word of command.split("'")) assert.ok(word.length < 1000, "old csh: Word too long");
        }
    });

    it("is the same for all users but root", () => {
        assert.equal(remoteCommand("deploy"), remoteCommand("admin"));
        assert.notEqual(remoteCommand("deploy"), remoteCommand("root"));
    });

    for (const shell of loginShells()) {
        for (const user of ["root", "deploy"]) {
            describe(`to ${shell}, as ${user}`, () => {
                beforeEach(() => host.program("sudo", SUDO));
                const run = (script: string, stdin = "", environment = {}) =>
                    host.login(shell, user, remoteInput(script, stdin), environment);

                it("runs a script of bash with the rest of the input as its own", () => {
                    const script = `set -euo pipefail
list=(one "t'wo" three!)
[[ \${list[1]} == t* ]] && printf '%s|' "\${list[@]}"
cat`;
                    const { code, stdout, stderr } = run(script, SECRET);
                    assert.deepEqual([code, answerOf(stdout), stderr], [0, `one|t'wo|three!|${SECRET}`, ""]);
                    assert.equal(host.usedSudo(), user !== "root");
                });

                it("ends with the script's exit status and keeps what it said until then", () => {
                    const { code, stdout } = run("set -e; trap 'echo bye' EXIT; echo half; (exit 7); echo never");
                    assert.deepEqual([code, answerOf(stdout)], [7, "half\nbye\n"]);
                });

                it("runs a script longer than an argument may be", () => {
                    const long = "äöü€ ".repeat(60_000);
                    const { code, stdout } = run(`text='${long}'; printf %s "\${#text} "; cat`, SECRET);
                    assert.deepEqual([code, answerOf(stdout)], [0, `${Buffer.byteLength(long)} ${SECRET}`]);
                });

                it("gives an environment that is ours alone (H6, H9, H14)", () => {
                    const { stdout } = run("env -u _ -u SHLVL -u PWD -u OLDPWD | sort", "", {
                        LC_NUMERIC: "de_DE.UTF-8",
                        LC_ALL: "de_DE.UTF-8",
                        https_proxy: "http://proxy.example:3128",
                        HTTP_PROXY: "http://proxy.example:3128",
                        BASH_ENV: "/nowhere",
                    });
                    assert.equal(answerOf(stdout), `HOME=/root\nLC_ALL=C\nPATH=${host.programs}\n`);
                });

                it("answers in between of what rc files print (H7)", () => {
                    host.greet("Welcome\nended 0");
                    const { code, stdout } = run("echo boot-id");
                    assert.deepEqual([code, answerOf(stdout)], [0, "boot-id\n"]);
                });

                it("does not begin a script that did not arrive whole", () => {
                    const { code, stdout, stderr } = host.login(shell, user, "100\necho half");
                    assert.deepEqual([code, readAnswer(stdout).kind], [1, "none"]);
                    assert.match(stderr, /did not arrive whole; run again/);
                });
            });
        }
    }

    it("is seen to work where the locale has a decimal comma (H14)", () => {
        const { stdout } = host.login(
            "/bin/bash",
            "root",
            remoteInput(`TIMEFORMAT=%R; { time true; } 2>&1 | tr -d 0-9`),
            { LC_ALL: "de_DE.UTF-8" },
        );
        assert.equal(answerOf(stdout), ".\n");
    });

    it("says that bash, or sudo, is missing", () => {
        host.programs = host.home;
        assert.deepEqual(host.login("/bin/sh", "root", ""), {
            code: 127,
            stdout: "",
            stderr: "bash is missing on this host; install it\n",
        });
        host.program("bash", "");
        const { code, stderr } = host.login("/bin/sh", "deploy", "");
        assert.deepEqual([code, stderr], [127, "sudo is missing on this host; install it, or give ssh.user root\n"]);
    });

    it("says what to do when sudo asks a password", () => {
        host.program("sudo", REFUSING_SUDO);
        const { code, stderr } = host.login("/bin/sh", "deploy", remoteInput("echo"));
        assert.equal(code, 1);
        assert.match(
            stderr,
            /needs sudo without a password; write into \/etc\/sudoers.d\/quorate: \S+ ALL=\(ALL\) NOPASSWD: ALL/,
        );
    });

    it("does not blame sudo for a script that failed", () => {
        host.program("sudo", SUDO);
        const { code, stderr } = host.login("/bin/sh", "deploy", remoteInput("exit 1"));
        assert.deepEqual([code, stderr], [1, ""]);
    });
});

describe("the answer of a host", () => {
    const begun = (text: string) => `Welcome\n\nquorate:answer\n${text}`;

    it("is what stands between the marks, byte for byte", () => {
        for (const text of ["", "one", "one\n", "\n\none\n\n"]) {
            assert.equal(answerOf(begun(`${text}\nquorate:end\n`)), text);
            assert.equal(answerOf(begun(`${text}\nquorate:end`)), text, "as the plugin of Pulumi keeps it");
        }
    });

    it("is none where nothing was begun, whatever was printed", () => {
        for (const noise of ["", "installed\n", "\nquorate:end\n", "quorate:answer"]) {
            assert.deepEqual(readAnswer(noise), { kind: "none", text: "" });
        }
    });

    it("is partial when its end is missing", () => {
        assert.deepEqual(readAnswer(begun("half")), { kind: "partial", text: "half" });
        assert.equal(answerOf(begun("half")), undefined);
    });

    it("has errors without those of the login shell", () => {
        assert.match(MARK_ERRORS, />&2$/);
        assert.equal(errorsOf("locale: cannot set\n\nquorate:answer\nreal\n"), "real\n");
        assert.equal(errorsOf("sudo: a password is required\n"), "sudo: a password is required\n");
    });
});
