import { rm } from "node:fs/promises";
import path from "node:path";
import { run } from "../process";
import type { Progress } from "../progress";
import { ensureDebianFiles } from "./debian";

/** A locale that writes 0,5 for a half. */
export const COMMA_LOCALE = "de_DE.UTF-8";

/**
 * What some sites' hosts have and a test wants to meet: the login shell fish, a decimal comma. Of the packages only these
 * files are taken: with the rest would come Python and every language.
 */
export const strangeParts = {
    packages: ["fish", "locales"],
    files: [
        ...["usr/bin/fish", "usr/share/fish/config.fish", "usr/share/fish/functions", "usr/lib/*/libpcre2-32.so.0"],
        ...["usr/share/i18n/locales", "usr/share/i18n/charmaps/UTF-8.gz"],
    ],
    locale: COMMA_LOCALE,
} as const;

/** Adds them to a host's file system. */
export async function addStrangeParts(root: string, progress: Progress): Promise<void> {
    const { packages, files, locale } = strangeParts;
    const unpacked = await ensureDebianFiles("strange-parts", packages, progress);
    const copy = `cp --recursive --dereference --parents ${files.join(" ")} "$1"`;
    await run("sh", ["-c", copy, "sh", root], { cwd: unpacked });
    await run("chroot", [root, "sh", "-c", "echo /usr/bin/fish >>/etc/shells"]);
    const [source = "", charmap = ""] = locale.split(".");
    await run("chroot", [root, "localedef", "--no-archive", "-i", source, "-f", charmap, locale]);
    await rm(path.join(root, "usr/share/i18n"), { recursive: true });
}
