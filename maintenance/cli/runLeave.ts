import { ConfigError } from "../../model/configError";
import { Duration } from "../../model/duration";
import type { Io } from "./io";
import type { Progress } from "../phases/leaveScope";
import { openClusterAdmin } from "../ports/clusterAdmin";
import { openEtcd } from "../ports/etcd";
import { openHostTeardown } from "../ports/hostTeardown";
import { openSsh } from "../ports/ssh";
import { privateKeyProblem, type SshIdentity } from "../ports/sshDial";
import { systemClock } from "../workflow/clock";
import { destroy } from "../actions/destroy";
import { leave } from "../actions/leave";
import { parseLeaveRequest, type LeaveRequest } from "../actions/leaveRequest";

const SUBJECT = "quorate leave, standard input";

/** How long a host may take to answer before it counts as gone. */
const DIAL_TIMEOUT = Duration.seconds(10);

/** Reads a request on standard input and carries it out. @throws ConfigError, RefusedError, RemoteError */
export async function runLeave(options: { readonly timeout: Duration }, io: Io): Promise<void> {
    const request = parseLeaveRequest(await io.readStdin());
    const remote = openSsh({
        identity: identityOf(request, io.environment),
        proxy: request.proxy,
        dialTimeout: DIAL_TIMEOUT,
    });
    const progress: Progress = {
        report: (line) => io.stderr.write(`quorate: ${line}\n`),
        warn: (line) => io.stderr.write(`quorate: warning: ${line}\n`),
    };
    const ports = {
        admin: openClusterAdmin(remote),
        etcd: openEtcd(remote),
        teardown: openHostTeardown(remote, (line) => progress.report(line)),
        clock: systemClock,
    };
    try {
        if (request.purpose === "destroy") await destroy(request, ports, progress);
        else await leave({ request, ports, progress, drainTimeout: options.timeout });
    } finally {
        remote.close();
    }
}

function identityOf({ privateKey }: LeaveRequest, environment: NodeJS.ProcessEnv): SshIdentity {
    if (privateKey !== undefined) {
        const problem = privateKeyProblem(privateKey);
        if (problem === undefined) return { privateKey };
        throw new ConfigError(SUBJECT, [
            { path: "privateKey", message: `${problem}; give a private key without passphrase` },
        ]);
    }
    if (environment.SSH_AUTH_SOCK) return { agentSocket: environment.SSH_AUTH_SOCK };
    throw new ConfigError(SUBJECT, [
        {
            path: "privateKey",
            message: "is missing and no SSH agent is running (SSH_AUTH_SOCK is empty); give a key or start an agent",
        },
    ]);
}
