import { type HostText, bringsText, publicTexts } from "../graph/commands";
import { type GraphResource, nameOf } from "../graph/resource";
import { at, fields, text } from "../graph/value";
import { resourceRule } from "./rule";

/** What looks like a secret that stands there itself; a shell variable or a placeholder in its place is fine. */
const SECRETS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
    { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
    { what: "a bootstrap token of kubeadm", pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}(?![\w.-])/ },
    { what: "keepalived's auth_pass", pattern: /\bauth_pass\s+(?![$@<{%"'])\S+/ },
    { what: "an access key", pattern: /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36})\b/ },
    { what: "a signed token", pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/ },
    { what: "a password in an address", pattern: /\bhttps?:\/\/[^\s/:@$"']+:[^\s/@$"'{}<>]+@/ },
    {
        what: "a password or key",
        pattern:
            /(?:\b|_)(?:password|passwd|passphrase|secret[_-]?key|access[_-]?key|api[_-]?key|auth[_-]?token|client-key-data)(?:["']?\s*[=:]\s*|\s+)["']?(?=[^\s"']*[\d+/=])(?![$@<{%(/.])[^\s"'$]{8,}/i,
    },
];

const TELLING_NAME = /pass(word|wd|phrase)?$|secret|token|private_?key|api_?key|access_?key/i;

/** TRAPS 59: text is shown by previews and kept in the state; standard input can be a secret. */
export const commandSecrets = resourceRule({
    name: "no-secret-in-command-text",
    wants: "No secret stands in the text of a command, in its environment, or in a file given as text.",
    why: "Previews print the text, a failing command prints it whole, and the state keeps it.",
    source: {
        title: "pulumi-command #260, #48",
        url: "https://github.com/pulumi/pulumi-command/issues/260",
    },
    advice: "Send it as stdin: pulumi.secret(...), and read it in the script; set logging to none if it is printed.",
    level: "mandatory",
    severity: "critical",
    settings: {},
    concerns: bringsText,
    check: (resource) => [
        ...publicTexts(resource).flatMap((given) =>
            foundIn(given).map(({ what, line }) => ({
                resource,
                message: `${nameOf(resource)}: ${given.place}, line ${line}, holds what looks like ${what}; send it as stdin: pulumi.secret(...) and read it in the script`,
            })),
        ),
        ...tellingVariables(resource).map((variable) => ({
            resource,
            message: `${nameOf(resource)}: environment.${variable} brings a secret, by its name; send it as stdin: pulumi.secret(...) and read it in the script`,
        })),
    ],
});

function foundIn({ text: given }: HostText): readonly { what: string; line: number }[] {
    return SECRETS.flatMap(({ what, pattern }) => {
        const index = given.search(pattern);
        return index < 0 ? [] : [{ what, line: given.slice(0, index).split("\n").length }];
    });
}

/** Variables whose name says that the value is a secret; a path to a file with it is none. */
function tellingVariables({ properties }: GraphResource): readonly string[] {
    return fields(at(properties, "environment"))
        .filter(([name, value]) => TELLING_NAME.test(name) && !/^$|^\//.test(text(value) ?? ""))
        .map(([name]) => name);
}
