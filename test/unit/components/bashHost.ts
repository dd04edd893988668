import { spawnSync } from "node:child_process";
import {
    chmodSync,
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    readlinkSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { type HostScript, renderHostScript } from "../../../components/command/hostScript";

/** Absolute paths of a host that a step writes to; in tests they lie in a folder of their own. */
const HOST_PATHS = /(?<![\w./}])\/(etc|opt|root|run|usr\/local|var)(?=\/)/g;

/** Links stay what they are. */
const COPIED = { recursive: true, verbatimSymlinks: true } as const;

export interface Finished {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** A host made of a folder and the real bash: scripts run as they are, with their paths moved into the folder. */
export class BashHost {
    private readonly root = mkdtempSync(path.join(os.tmpdir(), "quorate-host-"));
    private readonly copies: string[] = [];

    remove(): void {
        for (const folder of [this.root, ...this.copies]) rmSync(folder, { recursive: true, force: true });
    }

    /** Keeps the host as it is now; what is returned brings it back to this, as often as wanted. */
    save(): () => void {
        const copy = mkdtempSync(path.join(os.tmpdir(), "quorate-saved-"));
        this.copies.push(copy);
        cpSync(this.root, copy, COPIED);
        return () => {
            rmSync(this.root, { recursive: true, force: true });
            cpSync(copy, this.root, COPIED);
        };
    }

    /** Where a host's path lies on this machine. */
    at(hostPath: string): string {
        return path.join(this.root, hostPath);
    }

    /** Every file with its mode and content, and every folder, by path. */
    tree(): ReadonlyMap<string, string> {
        const found = new Map<string, string>();
        for (const entry of readdirSync(this.root, { recursive: true, withFileTypes: true })) {
            const hostPath = path.join(entry.parentPath, entry.name).slice(this.root.length);
            if (entry.isFile()) found.set(hostPath, `${this.mode(hostPath)} ${this.read(hostPath)}`);
            else if (entry.isDirectory()) found.set(hostPath, `${this.mode(hostPath)} folder`);
            else if (entry.isSymbolicLink()) found.set(hostPath, `link ${readlinkSync(this.at(hostPath))}`);
        }
        return found;
    }

    /** What stood in a file before quorate's. */
    original(hostPath: string): string {
        return this.read(`/var/lib/quorate/originals${this.at(hostPath)}`);
    }

    /** Runs text as sshd hands it to a shell; without the tester's own .bashrc. */
    run(text: string, stdin: string | Buffer = ""): Finished {
        return this.bash(text, process.env["PATH"] ?? "", stdin);
    }

    /** The same, with no other programs than fakes and the named ones: what it must not touch is out of its reach. */
    runWith(programs: readonly string[], text: string): Finished {
        mkdirSync(this.at("/programs"), { recursive: true });
        for (const name of programs) {
            const found = spawnSync("bash", ["--norc", "-c", `type -P ${name}`], { encoding: "utf8" }).stdout.trim();
            if (!this.exists(`/programs/${name}`)) symlinkSync(found, this.at(`/programs/${name}`));
        }
        return this.bash(text, this.at("/programs"));
    }

    private bash(text: string, programs: string, input: string | Buffer = ""): Finished {
        const moved = text.replaceAll(HOST_PATHS, `${this.root}/$1`);
        mkdirSync(this.at("/run"), { recursive: true });
        const env = { PATH: `${this.at("/fakes")}:${programs}`, LC_ALL: "C.UTF-8" };
        const { status, stdout, stderr } = spawnSync("/bin/bash", ["--norc", "-c", moved], {
            input,
            env,
            encoding: "utf8",
        });
        return { code: status, stdout: this.hostView(stdout), stderr: this.hostView(stderr) };
    }

    /** Runs a step that brings its own functions. */
    step(script: Partial<HostScript>, stdin?: string): Finished {
        return this.run(renderHostScript({ step: "test", body: "", bringsLibrary: true, ...script }), stdin);
    }

    /** What a step says it changed. @throws Error when it failed */
    changes(script: Partial<HostScript>, stdin?: string): readonly string[] {
        const { code, stdout, stderr } = this.step(script, stdin);
        if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
        return (JSON.parse(stdout) as { changed: string[] }).changed;
    }

    /** Puts a program in front of the machine's own; `body` is bash. What it is called with goes to `calls`. */
    fake(name: string, body = ""): void {
        this.write(`/fakes/${name}`, `#!/bin/bash\necho "${name} $*" >>"${this.at("/calls")}"\n${body}\n`);
        chmodSync(this.at(`/fakes/${name}`), 0o755);
    }

    /** Calls of faked programs, in order, with the host's own paths. */
    calls(): readonly string[] {
        return existsSync(this.at("/calls")) ? this.read("/calls").trimEnd().split("\n") : [];
    }

    write(hostPath: string, content: string, mode = 0o644): void {
        mkdirSync(path.dirname(this.at(hostPath)), { recursive: true });
        writeFileSync(this.at(hostPath), content);
        chmodSync(this.at(hostPath), mode);
    }

    read(hostPath: string): string {
        return this.hostView(readFileSync(this.at(hostPath), "utf8"));
    }

    exists(hostPath: string): boolean {
        return existsSync(this.at(hostPath));
    }

    mode(hostPath: string): string {
        return (statSync(this.at(hostPath)).mode & 0o7777).toString(8).padStart(4, "0");
    }

    private hostView(text: string): string {
        return text.replaceAll(this.root, "");
    }
}

/** A host for each test of a suite; the suite is skipped where there are no Linux tools. */
export function bashHost(): () => BashHost {
    let host: BashHost | undefined;
    before(function () {
        if (process.platform !== "linux") this.skip();
    });
    beforeEach(() => {
        host = new BashHost();
    });
    afterEach(() => host?.remove());
    return () => {
        if (host === undefined) throw new Error("no host outside of a test");
        return host;
    };
}
