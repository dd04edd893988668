import assert from "node:assert/strict";
import { hostname } from "node:os";
import { renderHostScript } from "../../../../components/command/hostScript";
import { bashHost } from "../bashHost";
import { KILL_TIMEOUT_MS, assertSameEndWhenKilled, reboot } from "../killedAtEachLine";

const file = (content: string, mode = "0644") => ({ files: [{ path: "/etc/app/app.conf", mode, content }] });

describe("a step", () => {
    const host = bashHost();

    it("says that it changed nothing when everything is in place", () => {
        assert.deepEqual(host().changes({}), []);
        assert.equal(host().step({}).stdout, '{"changed":[]}\n');
    });

    it("says what it changed, once", () => {
        assert.deepEqual(host().changes(file("a")), ["/etc/app/app.conf"]);
        assert.deepEqual(host().changes(file("a")), []);
    });

    it("keeps the rest of its output out of the answer, in a log", () => {
        const { stdout } = host().step({ body: "echo chatter; echo trouble >&2" });
        assert.equal(stdout, '{"changed":[]}\n');
        assert.match(host().read("/var/log/quorate/test.log"), /== \S+Z test\nchatter\ntrouble\n/);
    });

    it("that fails shows the end of its log and keeps the exit code", () => {
        const { code, stdout, stderr } = host().step({ body: "echo the reason\n(exit 7)\necho never" });
        assert.equal(code, 7);
        assert.equal(stdout, "");
        assert.match(stderr, /: step test failed with exit code 7; end of \/var\/log\/quorate\/test\.log:\n/);
        assert.match(stderr, /the reason/);
        assert.doesNotMatch(stderr, /never/);
    });

    it("that uses what is not set fails", () => {
        assert.notEqual(host().step({ body: 'echo "$missing"' }).code, 0);
    });

    it("that refuses says one sentence and no log", () => {
        const { code, stdout, stderr } = host().step({ body: 'echo chatter; refuse "no disk; add one"; echo never' });
        assert.equal(code, 1);
        assert.equal(stdout, "");
        assert.equal(stderr, `${hostname()}: no disk; add one\n`);
        assert.match(host().read("/var/log/quorate/test.log"), /no disk; add one/);
    });

    it("holds the host's turn while it runs, and gives it back", () => {
        const asks = "flock -n /run/quorate.lock true && changed free || changed taken";
        assert.deepEqual(host().changes({ body: asks }), ["taken"]);
        assert.equal(host().run("flock -n /run/quorate.lock echo free").stdout, "free\n");
    });
});

describe("put_file", () => {
    const host = bashHost();

    it("changes a file whose content or mode differs", () => {
        host().changes(file("a"));
        assert.deepEqual(host().changes(file("b")), ["/etc/app/app.conf"]);
        assert.equal(host().read("/etc/app/app.conf"), "b\n");
        assert.deepEqual(host().changes(file("b", "0600")), ["/etc/app/app.conf"]);
        assert.equal(host().mode("/etc/app/app.conf"), "0600");
        assert.deepEqual(host().changes(file("b", "0600")), []);
    });

    it("leaves no staged file behind", () => {
        host().changes(file("a"));
        host().changes(file("a"));
        assert.equal(host().run("ls -A /etc/app").stdout, "app.conf\n");
    });

    it("keeps what stood there before, and only that", () => {
        host().write("/etc/app/app.conf", "theirs\n");
        host().changes(file("ours"));
        host().changes(file("ours, later"));
        assert.equal(host().original("/etc/app/app.conf"), "theirs\n");
        assert.equal(host().read("/var/lib/quorate/files"), "/etc/app/app.conf\n");
    });

    it("does not take over a file that is already right", () => {
        host().write("/etc/app/app.conf", "a\n");
        assert.deepEqual(host().changes(file("a")), []);
        assert.equal(host().exists("/var/lib/quorate/files"), false);
    });
});

describe("is_changed", () => {
    const host = bashHost();
    const asked = (prefix: string) => ({ ...file("a"), body: `if is_changed ${prefix}; then changed yes; fi` });

    it("tells whether this run changed something below a path", () => {
        assert.deepEqual(host().changes(asked("/etc/app/")), ["/etc/app/app.conf", "yes"]);
        assert.deepEqual(host().changes(asked("/etc/app/")), []);
    });

    it("says no to another path", () => {
        assert.deepEqual(host().changes(asked("/etc/other/")), ["/etc/app/app.conf"]);
    });
});

describe("what a step has changed", () => {
    const host = bashHost();
    const asked = { ...file("a"), body: "if is_changed /etc/app/; then changed reloaded; fi" };

    it("is acted upon and told by the run that completes a broken one", () => {
        assert.equal(host().step({ ...asked, body: "kill -KILL $$" }).code, null);
        assert.deepEqual(host().changes(asked), ["/etc/app/app.conf", "reloaded"]);
        assert.deepEqual(host().changes(asked), []);
    });

    it("outlives a boot of the host", () => {
        host().step({ ...asked, body: "kill -KILL $$" });
        reboot(host());
        assert.deepEqual(host().changes(asked), ["/etc/app/app.conf", "reloaded"]);
    });

    it("counts in pipes and subshells, too", () => {
        const body = "echo b | put_file 0644 /etc/app/app.conf; is_changed /etc/app/ && (changed reloaded)";
        assert.deepEqual(host().changes({ body }), ["/etc/app/app.conf", "reloaded"]);
    });

    it("is not another step's", () => {
        host().step({ ...asked, body: "exit 1" });
        assert.deepEqual(host().changes({ ...asked, step: "other" }), []);
    });

    it("is forgotten after the answer by steps that answer themselves, too", () => {
        assert.equal(host().step({ ...asked, body: "echo mine >&3", output: "own" }).stdout, "mine\n");
        assert.deepEqual(host().changes(asked), []);
    });

    it("is kept when the answer could not be given", () => {
        host().step({ ...file("a"), body: "exec 3>&-" });
        assert.deepEqual(host().changes(asked), ["/etc/app/app.conf", "reloaded"]);
    });

    it("is told as JSON, whatever is in a name", () => {
        const name = 'a "quoted" \\ name';
        assert.deepEqual(host().changes({ settings: { name }, body: 'changed "$name"' }), [name]);
    });

    it("takes one line", () => {
        const { code, stderr } = host().step({ body: "changed $'two\nlines'" });
        assert.equal(code, 1);
        assert.match(stderr, /a change takes one line/);
    });

    it("ends alike when the step is killed at any line", () => {
        host().write("/etc/app/app.conf", "theirs\n", 0o600);
        host().changes({ files: [{ path: "/etc/app/other.conf", mode: "0644", content: "older" }] });
        const files = ["app", "new", "other"].map((name) => ({
            ...{ path: `/etc/app/${name}.conf`, mode: "0640", content: "ours" },
        }));
        const body = "if is_changed /etc/app/; then cat /etc/app/*.conf >/run/loaded; fi";
        assertSameEndWhenKilled(host(), { files, body });
        assert.equal(host().original("/etc/app/app.conf"), "theirs\n");
    }).timeout(KILL_TIMEOUT_MS);
});

describe("the turn of a step", () => {
    const host = bashHost();

    it("can be taken by root only", () => {
        host().changes({});
        assert.equal(host().mode("/run/quorate.lock"), "0600");
        host().write("/run/quorate.lock", "", 0o644);
        host().changes({});
        assert.equal(host().mode("/run/quorate.lock"), "0600");
    });
});

describe("the mark that a step looks for", () => {
    const host = bashHost();
    const MARK = "/var/lib/quorate/owner";

    it("is looked for again when the turn has come: the host may have been reset meanwhile", () => {
        host().write(MARK, "cluster=sample\nhost=w1\n");
        host().fake("flock", `rm ${host().at(MARK)}`);
        const script = { step: "test", body: "", bringsLibrary: true, ...file("a") };
        const { code, stdout, stderr } = host().run(renderHostScript(script, { cluster: "sample", host: "w1" }));
        assert.equal(code, 1);
        assert.equal(stdout, "");
        assert.match(stderr, /owner does not name cluster sample and host w1: /);
        for (const made of ["/etc/app/app.conf", "/var/log/quorate"]) assert.equal(host().exists(made), false, made);
    });
});

describe("limited", () => {
    const host = bashHost();

    it("lets a program end by itself, with its input, output and exit code", () => {
        const body =
            'said=$(echo hello | limited 20 cat); changed "$said"; limited 20 bash -c "exit 7" || changed "code $?"';
        assert.deepEqual(host().changes({ body }), ["hello", "code 7"]);
    });

    it("ends one that takes too long, and the step with it, which names both", () => {
        const { code, stderr } = host().step({ body: "limited 1 sleep 30 || true; changed never" });
        assert.equal(code, 1);
        assert.match(stderr, /^\S+: this did not end within 1 s: sleep 30; run it on the host to see why, then \S+/);
        assert.equal(stderr.trimEnd().split("\n").length, 1);
    });

    it("says the same in a subshell, and no log", () => {
        const { stderr } = host().step({ body: 'said=$(limited 1 sleep 30) || refuse "sleep is wrong: $said"' });
        assert.match(stderr, /this did not end within 1 s: sleep 30/);
        assert.equal(stderr.trimEnd().split("\n").length, 1);
    });
});

describe("wait_for", () => {
    const host = bashHost();

    it("goes on as soon as the condition holds", () => {
        const body =
            "tries=0\nthird() { tries=$((tries + 1)); echo x >>/run/tries; [ $(wc -l </run/tries) -ge 3 ]; }\nwait_for 20 it third";
        assert.deepEqual(host().changes({ body }), []);
        assert.equal(host().read("/run/tries"), "x\nx\nx\n");
    });

    it("refuses at the deadline with the last observation", () => {
        const body = 'wait_for 1 "the moon" bash -c "echo cloudy; exit 1"';
        const { code, stderr } = host().step({ body });
        assert.equal(code, 1);
        assert.equal(stderr, `${hostname()}: waited in vain for the moon; last seen: cloudy\n`);
    });

    it("refuses at the deadline, too, when what it looks at hangs", () => {
        for (const look of ["sleep 30", "hangs"]) {
            const started = Date.now();
            const body = `hangs() { echo asked; sleep 30 | cat; }\nwait_for 1 "the moon" ${look}`;
            assert.match(
                host().step({ body }).stderr,
                /waited in vain for the moon; last seen: .*gave no answer within 1 s/,
            );
            assert.ok(Date.now() - started < 10_000);
        }
    });

    it("lets what it looks at read and hands over what it said", () => {
        const body = 'reads() { read -r word; echo "it said $word"; false; }\nwait_for 1 "the moon" reads <<<hello';
        assert.match(host().step({ body }).stderr, /last seen: it said/);
    });

    it("notes each new observation once", () => {
        host().step({ body: 'wait_for 1 "the moon" bash -c "echo cloudy; exit 1"' });
        assert.equal(
            host()
                .read("/var/log/quorate/test.log")
                .match(/waiting for the moon: cloudy/g)?.length,
            1,
        );
    });
});

describe("ensure_service", () => {
    const host = bashHost();
    const systemctl = (answers: Readonly<Record<string, number>>) =>
        host().fake(
            "systemctl",
            `case $1 in ${Object.entries(answers)
                .map(([verb, code]) => `${verb}) exit ${code} ;;`)
                .join(" ")} esac`,
        );

    it("enables and starts what is neither", () => {
        systemctl({ "is-enabled": 1, "is-active": 3 });
        assert.deepEqual(host().changes({ body: "ensure_service app.service" }), [
            "app.service enabled",
            "app.service started",
        ]);
        assert.deepEqual(
            host()
                .calls()
                .filter((call) => !call.includes(" is-")),
            ["systemctl enable --quiet app.service", "systemctl start app.service"],
        );
    });

    it("leaves a running service alone", () => {
        systemctl({ "is-enabled": 0, "is-active": 0 });
        assert.deepEqual(host().changes({ body: 'ensure_service app.service ""' }), []);
    });

    it("reloads a running service whose files changed", () => {
        systemctl({ "is-enabled": 0, "is-active": 0 });
        assert.deepEqual(host().changes({ body: "ensure_service app.service reload" }), ["app.service reload"]);
        assert.equal(host().calls().at(-1), "systemctl reload app.service");
    });

    it("starts a stopped service instead of reloading it", () => {
        systemctl({ "is-enabled": 0, "is-active": 3 });
        assert.deepEqual(host().changes({ body: "ensure_service app.service reload" }), ["app.service started"]);
    });
});
