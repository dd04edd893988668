import { LabError, exitCode } from "../errors";
import { COMMA_LOCALE } from "../image/strangeParts";
import { labNetwork } from "../topology";

/** One way in which a site's host is not a plain one. */
export interface Trait {
    /** What a host with it is, in words. */
    readonly is: string;
    /** More of its files, by path. */
    readonly files?: Readonly<Record<string, string>>;
    /** Variables of every login and of everything that sudo starts. */
    readonly environment?: Readonly<Record<string, string>>;
    /** Login shell of the user {@link LOGIN_USER}. */
    readonly shell?: string;
    /** Traits without which it means nothing. */
    readonly needs?: readonly string[];
}

/** The user of hosts that root cannot reach. */
export const LOGIN_USER = "deploy";
/** A proxy that is not there: what asks it fails. */
const DEAD_PROXY = `http://${labNetwork.gateway}:3128`;
const PROXY_VARIABLES = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];
/** No line end last, as with programs that set a terminal's title. */
const NOISE = `Welcome to this host
 12:00:00 up 3 days, load average: 0.42
{"changed":["noise"]}
last maintenance: `;

const home = `home/${LOGIN_USER}`;
const noise = `cat /etc/motd.noise\n`;
const loginShell = (program: string, kind: string): Trait => ({
    is: `${LOGIN_USER}'s login shell is ${kind}`,
    shell: program,
    needs: ["deploy"],
});

/** Every trait by its name. */
export const TRAITS: Readonly<Record<string, Trait>> = {
    deploy: {
        is: `only ${LOGIN_USER} may log in, with sudo for everything, whose path has no /usr/local; root only from the lab's machine, for the lab itself`,
        files: {
            [`etc/sudoers.d/${LOGIN_USER}`]: `Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"\n${LOGIN_USER} ALL=(ALL:ALL) NOPASSWD: ALL\n`,
            "etc/ssh/sshd_config.d/05-users.conf": `AllowUsers root@${labNetwork.gateway} ${LOGIN_USER}\n`,
        },
    },
    bastioned: {
        is: `${LOGIN_USER} may not log in from the lab's machine: the bastion is the only way`,
        files: { "etc/ssh/sshd_config.d/06-bastion.conf": `DenyUsers ${LOGIN_USER}@${labNetwork.gateway}\n` },
        needs: ["deploy"],
    },
    dash: loginShell("/usr/bin/dash", "dash"),
    fish: loginShell("/usr/bin/fish", "fish"),
    csh: loginShell("/usr/bin/tcsh", "tcsh"),
    noisy: {
        is: `every login of ${LOGIN_USER} prints, also without a terminal`,
        files: {
            "etc/motd.noise": NOISE,
            "etc/issue.net": "Authorised users only\n",
            "etc/ssh/sshd_config.d/07-banner.conf": "Banner /etc/issue.net\n",
            // Which of them is read: .ssh/rc for every shell, the others by bash, csh and fish.
            [`${home}/.ssh/rc`]: noise,
            [`${home}/.bashrc`]: noise,
            [`${home}/.profile`]: noise,
            [`${home}/.tcshrc`]: noise,
            [`${home}/.config/fish/config.fish`]: noise,
        },
        needs: ["deploy"],
    },
    proxied: {
        is: `its environment names an HTTP proxy that does not answer (${DEAD_PROXY}), and sudo keeps it`,
        files: { "etc/sudoers.d/proxy": `Defaults env_keep += "${PROXY_VARIABLES.join(" ")}"\n` },
        environment: Object.fromEntries(PROXY_VARIABLES.map((name) => [name, DEAD_PROXY])),
    },
    comma: {
        is: `its locale is ${COMMA_LOCALE}: a half is 0,5`,
        files: { "etc/locale.conf": `LANG=${COMMA_LOCALE}\n` },
        environment: { LANG: COMMA_LOCALE, LC_ALL: COMMA_LOCALE },
    },
};

/** Reads a list of traits as it is typed: `deploy,dash`. @throws LabError naming what is wrong and every trait there is */
export function parseTraits(text: string): readonly string[] {
    const names = text.split(",").filter(Boolean);
    const unknown = names.filter((name) => !(name in TRAITS));
    if (unknown.length > 0) {
        const all = Object.entries(TRAITS).map(([name, { is }]) => `  ${name}: ${is}`);
        throw new LabError(
            `no trait is named ${unknown.join(" or ")}; expected some of\n${all.join("\n")}`,
            exitCode.usage,
        );
    }
    for (const name of names) {
        const lacking = (TRAITS[name]?.needs ?? []).filter((needed) => !names.includes(needed));
        if (lacking.length > 0)
            throw new LabError(`trait ${name} needs ${lacking.join(", ")}: name it, too`, exitCode.usage);
    }
    const shells = names.filter((name) => TRAITS[name]?.shell !== undefined);
    if (shells.length > 1) throw new LabError(`${shells.join(" and ")}: a user has one login shell`, exitCode.usage);
    return Object.keys(TRAITS).filter((name) => names.includes(name));
}

/** The files that traits add to a host, by path. */
export function traitFiles(names: readonly string[], authorizedKeys: string): Readonly<Record<string, string>> {
    const traits = names.map((name) => TRAITS[name] ?? { is: name });
    const environment = Object.entries(Object.assign({}, ...traits.map((trait) => trait.environment)) as object);
    return {
        ...(Object.assign({}, ...traits.map(({ files }) => files)) as Record<string, string>),
        ...(names.includes("deploy") && { [`${home}/.ssh/authorized_keys`]: `${authorizedKeys}\n` }),
        ...(environment.length > 0 && {
            "etc/environment": environment.map(([name, value]) => `${name}=${String(value)}\n`).join(""),
        }),
    };
}

/** What root runs in a host's file system once those files are there, before the host first starts; empty for none. */
export function traitScript(names: readonly string[]): string {
    if (!names.includes("deploy")) return "";
    const shell = names.map((name) => TRAITS[name]?.shell).find((program) => program !== undefined) ?? "/bin/bash";
    return `set -e
useradd --uid 1000 --no-create-home --home-dir /${home} --shell ${shell} ${LOGIN_USER}
chown -R ${LOGIN_USER}:${LOGIN_USER} /${home}
chmod 700 /${home}/.ssh
chmod 440 /etc/sudoers.d/*
`;
}
