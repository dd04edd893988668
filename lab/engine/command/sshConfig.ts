import { createConnection } from "node:net";
import type { AnyAuthMethod, ConnectConfig } from "ssh2";
import { utils } from "ssh2";
import { Endpoint } from "./connection";

/** The type and the key itself of a line as in authorized_keys. @throws when it is no such line. */
function parseHostKey(line: string): { type: string; key: string } {
    const parsed = utils.parseKey(line.trim());
    if (parsed instanceof Error || parsed.isPrivateKey()) {
        throw new Error('failed to parse host key; expected: one public key line such as "ssh-ed25519 AAAA..."');
    }
    return { type: parsed.type, key: parsed.getPublicSSH().toString("base64") };
}

/** The methods in the order in which they are tried. */
function authentication(endpoint: Endpoint): AnyAuthMethod[] {
    const { user: username, privateKey, privateKeyPassword, password, agentSocketPath } = endpoint;
    const methods: AnyAuthMethod[] = [{ type: "none", username }];
    if (privateKey !== undefined) {
        const parsed = utils.parseKey(privateKey, privateKeyPassword);
        // The library's own message is about the format only; the key's text must not appear anywhere.
        if (parsed instanceof Error) throw new Error(`privateKey cannot be read: ${parsed.message}`);
        const passphrase = privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword };
        methods.push({ type: "publickey", username, key: privateKey, ...passphrase });
    }
    if (password !== undefined) {
        methods.push({ type: "password", username, password });
        const prompt = (_n: string, _i: string, _l: string, prompts: unknown[], finish: (answers: string[]) => void) =>
            finish(prompts.map(() => password));
        methods.push({ type: "keyboard-interactive", username, prompt });
    }
    if (agentSocketPath !== undefined) methods.push({ type: "agent", username, agent: agentSocketPath });
    return methods;
}

/** Fails at once when the agent cannot be reached: no number of attempts to dial would change that. */
async function requireAgent(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
        const socket = createConnection(path, () => {
            socket.destroy();
            resolve();
        });
        socket.once("error", (error) => reject(new Error(`cannot reach the SSH agent at ${path}: ${error.message}`)));
    });
}

/**
 * The SSH library's configuration for an endpoint.
 * @throws for what cannot be cured by dialling again: an unreadable key or host key, an agent that is not there.
 */
export async function sshConfig(endpoint: Endpoint): Promise<ConnectConfig> {
    if (endpoint.agentSocketPath !== undefined) await requireAgent(endpoint.agentSocketPath);
    const config: ConnectConfig = {
        host: endpoint.host,
        port: endpoint.port,
        username: endpoint.user,
        readyTimeout: endpoint.perDialTimeout * 1000,
        authHandler: authentication(endpoint),
    };
    if (endpoint.hostKey === undefined) return config;
    const pinned = parseHostKey(endpoint.hostKey);
    return {
        ...config,
        algorithms: { serverHostKey: [pinned.type] as never },
        hostVerifier: (key: Buffer) => key.toString("base64") === pinned.key,
    };
}
