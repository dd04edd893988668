import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate authority for tests, and what it has signed. */
export interface TestAuthority {
    readonly pem: string;
    /** A serving certificate for one IP address. */
    issue(address: string, notAfter: Date): { readonly cert: string; readonly key: string };
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Makes a new authority with the openssl program; two of them do not trust each other. */
export function testAuthority(): TestAuthority {
    const make = [
        ...CURVE,
        "-x509",
        "-days",
        "2",
        "-subj",
        "/CN=test-ca",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
    ];
    const { pem, key } = inFolder((file) => {
        openssl("req", ...make, "-keyout", file("ca.key"), "-out", file("ca.crt"));
        return { pem: read(file("ca.crt")), key: read(file("ca.key")) };
    });
    return { pem, issue: (address, notAfter) => issue({ pem, key }, address, notAfter) };
}

/** `openssl ca` is the only command of OpenSSL 3.0 that takes an end date, past ones too. */
function issue(ca: { readonly pem: string; readonly key: string }, address: string, notAfter: Date) {
    return inFolder((file) => {
        writeFileSync(file("ca.crt"), ca.pem);
        writeFileSync(file("ca.key"), ca.key);
        writeFileSync(file("index"), "");
        writeFileSync(file("config"), config(file, address));
        openssl("req", ...CURVE, "-subj", "/CN=kube-apiserver", "-keyout", file("key"), "-out", file("request"));
        const dates = ["-startdate", "20190101000000Z", "-enddate", generalizedTime(notAfter)];
        const signing = [
            "-in",
            file("request"),
            "-out",
            file("crt"),
            "-cert",
            file("ca.crt"),
            "-keyfile",
            file("ca.key"),
        ];
        openssl("ca", "-batch", "-notext", "-config", file("config"), ...dates, ...signing);
        return { cert: read(file("crt")), key: read(file("key")) };
    });
}

function config(file: (name: string) => string, address: string): string {
    return `[ca]
default_ca = test
[test]
database = ${file("index")}
rand_serial = yes
new_certs_dir = ${file("")}
default_md = sha256
policy = any
x509_extensions = serving
[any]
commonName = supplied
[serving]
subjectAltName = IP:${address}
`;
}

function generalizedTime(date: Date): string {
    return `${date.toISOString().replace(/[-:T]|\.\d+Z$/g, "")}Z`;
}

function inFolder<T>(work: (file: (name: string) => string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), "quorate-test-"));
    try {
        return work((name) => join(folder, name));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
}

function read(path: string): string {
    return readFileSync(path, "utf8");
}
