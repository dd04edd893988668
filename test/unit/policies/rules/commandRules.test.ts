import assert from "node:assert/strict";
import { hostTexts } from "../../../../policies/graph/commands";
import { UNKNOWN } from "../../../../policies/graph/value";
import { commandSecrets } from "../../../../policies/rules/commandSecrets";
import { deleteWithTriggers } from "../../../../policies/rules/deleteWithTriggers";
import { etcdProtected } from "../../../../policies/rules/etcdProtected";
import { hostKeyPinned } from "../../../../policies/rules/hostKeyPinned";
import { findingsOf } from "../../../../policies/rules/rule";
import { remoteCommand, remoteInput } from "../../../../steps/remoteCommand";
import { assertFindings, command, file, pinned, resource } from "../sample";

describe("host-key-pinned", () => {
    const connected = (connection: Parameters<typeof resource>[2], type = "command:remote:Command") =>
        resource(type, "w1", { connection });

    it("finds connections without a key, of every remote resource", () => {
        for (const type of ["Command", "CopyToRemote", "CopyFile"]) {
            assertFindings(
                hostKeyPinned,
                [connected({ host: "192.0.2.31" }, `command:remote:${type}`)],
                [/w1: connection to 192\.0\.2\.31 has no hostKey.*write connection\.hostKey/],
            );
        }
    });

    it("finds an empty key, and a bastion without one", () => {
        assertFindings(hostKeyPinned, [connected({ host: "w1", hostKey: "" })], [/connection to w1/]);
        assertFindings(
            hostKeyPinned,
            [connected({ ...pinned("w1"), proxy: { host: "bastion" } })],
            [/connection\.proxy to bastion has no hostKey/],
        );
    });

    it("accepts keys, keys that are not known yet, and commands on this machine", () => {
        assertFindings(
            hostKeyPinned,
            [
                connected({ ...pinned("w1"), proxy: pinned("bastion") }),
                connected({ host: "w1", hostKey: UNKNOWN }),
                connected(UNKNOWN),
                resource("command:local:Command", "here", { create: "true" }),
            ],
            [],
        );
    });
});

describe("no-secret-in-command-text", () => {
    const secrets: Readonly<Record<string, string>> = {
        "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc",
        "a bootstrap token": "kubeadm join --token abcdef.0123456789abcdef",
        auth_pass: "auth_pass hunter22",
        "an access key": "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "a signed token": "curl -H 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.abc_def'",
        "a password in an address": "curl https://admin:hunter2@registry.example/v2/",
        "a password or key": "mysql --password=hunter2hunter2",
        "a variable": "DB_PASSWORD='hunter2hunter2' ./start",
        "a yaml field": 'client-key-data: "LS0tLS1CRUdJTiBSU0E="',
    };
    for (const [what, text] of Object.entries(secrets)) {
        it(`finds ${what} and does not print it`, () => {
            const found = findingsOf(commandSecrets, [command("w1", { create: `set -eu\n${text}` })]);
            assert.equal(found.length, 1, JSON.stringify(found));
            assert.match(found[0]!.message, /w1: create, line 2, holds what looks like .*stdin: pulumi\.secret/);
            assert.doesNotMatch(found[0]!.message, /hunter|AKIA|eyJ|abcdef\.|LS0t/);
        });
    }

    it("looks into update, delete, files given as text, and local commands", () => {
        const text = "password=hunter2hunter2";
        assertFindings(commandSecrets, [command("w1", { update: text, delete: text })], [/update/, /delete/]);
        assertFindings(commandSecrets, [file("w1", text)], [/CopyToRemote w1: source, line 1/]);
        assertFindings(
            commandSecrets,
            [resource("command:local:Command", "here", { create: text })],
            [/Command here: create/],
        );
    });

    it("finds variables of the environment by their names, but for paths and what is not known yet", () => {
        const environment = { DB_PASSWORD: "x", JOIN_TOKEN: "y", LANG: "C", TOKEN_FILE: "/run/t", API_KEY: UNKNOWN };
        assertFindings(
            commandSecrets,
            [command("w1", { environment })],
            [/environment\.DB_PASSWORD/, /environment\.JOIN_TOKEN/],
        );
    });

    it("accepts variables, placeholders, files, and anything on standard input", () => {
        const fine = [
            'password="$PASSWORD"',
            "password=$(cat /run/secret)",
            "--password-file=/etc/secret1",
            "tlsBootstrapToken: '@BOOTSTRAP_TOKEN@'",
            "name: initial-cluster-token\nvalue: quorate-shop",
            "auth_pass $SECRET",
            "curl https://registry.example:5000/v2/",
            "wget github.containerregistries",
            "secret_key: {{ key }}",
            "# the password of each user is kept elsewhere",
        ];
        assertFindings(
            commandSecrets,
            [command("w1", { create: fine.join("\n"), stdin: "password=hunter2hunter2", update: UNKNOWN })],
            [],
        );
    });
});

describe("scripts that quorate's steps have on standard input", () => {
    it("are looked into for secrets, and what the script reads is not", () => {
        const stdin = remoteInput("set -eu\npassword=hunter2hunter2", "auth_pass hunter22");
        assertFindings(
            commandSecrets,
            [command("w1", { create: remoteCommand("root"), stdin })],
            [/w1: script in stdin, line 2, holds what looks like a password or key/],
        );
        const fine = remoteInput("read -r token", "token abcdef.0123456789abcdef");
        assertFindings(commandSecrets, [command("w1", { create: remoteCommand("deploy"), stdin: fine })], []);
    });

    it("are read for settings like other texts, each once", () => {
        const read = hostTexts(command("lb1", { create: "x", stdin: remoteInput("backend api", "secret") }));
        assert.deepEqual(
            read.map(({ place, text }) => `${place}: ${text}`),
            ["create: x", "script in stdin: backend api", "stdin: secret"],
        );
    });
});

describe("no-delete-with-triggers", () => {
    it("finds both together", () => {
        assertFindings(
            deleteWithTriggers,
            [command("w1", { delete: "kubeadm reset", triggers: ["a", UNKNOWN] })],
            [/w1: has delete and 2 triggers.*Drop triggers/],
        );
        assertFindings(deleteWithTriggers, [command("w1", { delete: UNKNOWN, triggers: ["a"] })], [/1 trigger;/]);
    });

    it("accepts one without the other, and deletion before replacement", () => {
        const both = { delete: "true", triggers: ["a"] };
        assertFindings(
            deleteWithTriggers,
            [
                command("a", { delete: "true" }),
                command("b", { triggers: ["a"] }),
                command("c", { delete: "true", triggers: [] }),
                command("d", { delete: "", triggers: ["a"] }),
                command("e", both, { deleteBeforeReplace: true }),
            ],
            [],
        );
    });
});

describe("etcd-protected", () => {
    const unprotected: Readonly<Record<string, object>> = {
        "makes the cluster's etcd,": { create: "kubeadm init --config c.yaml --skip-phases=addon/kube-proxy" },
        "makes the cluster's etcd authority": { create: 'kubeadm init phase certs "$authority" --config c.yaml' },
        "resets a host with kubeadm when": { create: "true", delete: "kubeadm reset --force" },
        "removes an etcd member when": { delete: "etcdctl member remove 8e9e05c52164694d" },
        "deletes etcd's data when": { delete: "systemctl stop etcd; rm -rf /var/lib/etcd" },
    };
    for (const [words, properties] of Object.entries(unprotected)) {
        it(`finds what ${words.replace(/,$/, "")} without protection`, () => {
            const found = command("cp1", properties as Record<string, string>);
            assertFindings(etcdProtected, [found], [new RegExp(`cp1: ${words}.*set protect: true`)]);
            assertFindings(etcdProtected, [{ ...found, protect: true }], []);
        });
    }

    it("accepts steps that can be done again", () => {
        const again = [
            "kubeadm join cp1:6443",
            "kubeadm init phase control-plane all",
            'kubeadm init --config c.yaml --skip-phases="$skipped_phases"',
            "kubeadm init phase certs etcd-healthcheck-client",
            "etcdctl member remove 8e9e05c52164694d",
        ];
        assertFindings(
            etcdProtected,
            [...again, UNKNOWN].map((create) => command("cp1", { create })),
            [],
        );
    });
});
