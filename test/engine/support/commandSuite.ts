import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PropertyMap, secret } from "../../../lab/engine/protocol/values";
import { FakeEngine } from "./fakeEngine";
import { PluginProcess, pluginCommand } from "./pluginProcess";
import { KeyPair, SshHost, SshHostOptions, newKeyPair } from "./sshHost";

/** URN of a resource of the command package. */
export function urnOf(type: "remote:Command" | "local:Command" | "remote:CopyToRemote", name: string): string {
    return `urn:pulumi:contract::quorate::command:${type}::${name}`;
}

/** A command plugin with the engine it talks to, a folder to work in and SSH hosts; one for a whole suite. */
class CommandSuite {
    readonly engine = new FakeEngine();
    readonly key: KeyPair = newKeyPair();
    plugin!: PluginProcess;
    directory = "";
    private readonly hosts: SshHost[] = [];

    async start(): Promise<void> {
        this.directory = await mkdtemp(join(tmpdir(), "quorate-command-"));
        await this.engine.start();
        this.plugin = await this.startPlugin();
    }

    /** Starts one more plugin process; the caller stops it. */
    startPlugin(): Promise<PluginProcess> {
        // No agent of the machine may take part in the tests.
        const env = { SSH_AUTH_SOCK: undefined };
        const command = pluginCommand("QUORATE_COMMAND_PLUGIN", "command");
        return PluginProcess.start(command, { engine: this.engine.address, cwd: this.directory, env });
    }

    /** Starts an SSH host that accepts the suite's key unless other options say otherwise. */
    async host(options: SshHostOptions = { authorizedKey: this.key.public }): Promise<SshHost> {
        const host = new SshHost(options);
        await host.start();
        this.hosts.push(host);
        return host;
    }

    /** A connection to a host with the suite's key. */
    connection(host: SshHost, changes: PropertyMap = {}): PropertyMap {
        return { host: "127.0.0.1", port: host.port, user: "tester", privateKey: this.key.private, ...changes };
    }

    /** Inputs as the engine has them after check. @throws when check finds a failure. */
    async checked(urn: string, inputs: PropertyMap): Promise<PropertyMap> {
        const connection = "connection" in inputs ? { connection: secret(inputs["connection"]) } : {};
        const result = await this.plugin.check(urn, { ...inputs, ...connection });
        if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures));
        return result.inputs;
    }

    /** Checks and creates a resource. */
    async create(urn: string, inputs: PropertyMap) {
        const checked = await this.checked(urn, inputs);
        return { inputs: checked, ...(await this.plugin.create(urn, checked)) };
    }

    async stop(): Promise<void> {
        await this.plugin?.stop();
        await Promise.all(this.hosts.map((host) => host.stop()));
        this.engine.stop();
        await rm(this.directory, { recursive: true, force: true });
    }
}

/** A command plugin for the tests of a suite. */
export function commandSuite(): CommandSuite {
    const suite = new CommandSuite();
    before(function () {
        this.timeout(0);
        return suite.start();
    });
    after(() => suite.stop());
    return suite;
}
