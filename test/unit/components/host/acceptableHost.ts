import assert from "node:assert/strict";
import { type HostScript, renderHostScript } from "../../../../components/command/hostScript";
import { type Acceptance, renderAccept } from "../../../../components/host/acceptScript";
import type { ClusterConfigInput } from "../../../../model/clusterConfig";
import { configWith } from "../../model/sampleConfig";
import type { BashHost, Finished } from "../bashHost";

export const FOUNDING = "0f1e2d3c4b5a6978";
export const MARK = "/var/lib/quorate/owner";

/** Blocks available, blocks, their size, inodes available, inodes: 40 GiB, half of it free. */
export const SPACE = "5242880 10485760 4096 1300000 2600000";

/** What a host is that nothing speaks against, in the answers of its own programs; each can be made another. */
const ANSWERS: Readonly<Record<string, string>> = {
    id: "echo 0",
    ss: ":",
    ps: "echo systemd; echo sshd",
    uname: "echo 6.12.0-1-amd64",
    date: "echo 2026",
    stat: `case "$*" in *%T*) echo cgroup2fs ;; *%a*) echo ${SPACE} ;; *) exec /usr/bin/stat "$@" ;; esac`,
    systemctl: "exit 3",
    "systemd-detect-virt": "exit 1",
    timedatectl: "echo yes",
    "apt-get": ":",
    timeout: doors(""),
};

/** A `timeout` that knocks at no real door: `cases` of `ADDRESS PORT` say how some answer, all others refuse at once. */
export function doors(cases: string): string {
    return `shift
        [ "$1" = bash ] || exec "$@"
        for door in "\${@:5}"; do
            case $door in ${cases} *) echo "$door bash: connect: Connection refused" ;; esac
        done`;
}

/** Makes a host acceptable but for the named programs, which answer as told. */
export function acceptable(host: BashHost, answers: Readonly<Record<string, string>> = {}): BashHost {
    host.write("/run/systemd/system/x", "");
    host.write("/var/lib/dpkg/status", "");
    for (const [name, body] of Object.entries({ ...ANSWERS, ...answers })) host.fake(name, body);
    return host;
}

export interface Asked extends Partial<Acceptance> {
    readonly name?: string;
    readonly change?: (input: ClusterConfigInput) => void;
}

export function acceptScript({ name = "w1", change, ...acceptance }: Asked = {}): HostScript {
    const config = configWith(change);
    const host = config.hosts.find((item) => item.name === name);
    assert.ok(host, name);
    return renderAccept(host, config, { founding: FOUNDING, ...acceptance });
}

export function acceptText(asked: Asked = {}): string {
    return renderHostScript(acceptScript(asked));
}

export function accept(host: BashHost, asked: Asked = {}): Finished {
    return host.run(acceptText(asked));
}

/** Everything on a host but what belongs to the tests. */
export function contents(host: BashHost): Readonly<Record<string, string>> {
    return Object.fromEntries([...host.tree()].filter(([path]) => path !== "/calls").sort());
}

/** Refused, with these objections and no other, and the host is byte for byte as it was. */
export function assertRefused(host: BashHost, objections: readonly RegExp[], asked: Asked = {}): void {
    const before = contents(host);
    const { code, stdout, stderr } = accept(host, asked);
    const said = stderr.split("\n").filter((line) => line.startsWith("  - "));
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    for (const objection of objections)
        assert.ok(
            said.some((line) => objection.test(line)),
            `${objection}: ${stderr}`,
        );
    assert.equal(said.length, objections.length, stderr);
    assert.deepEqual(contents(host), before);
}
