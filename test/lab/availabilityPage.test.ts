import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Finished, finish } from "../../lab/process";
import { ensurePrograms } from "../../lab/programs";
import { Progress } from "../../lab/progress";
import { probeReport } from "../../maintenance/probe/probeReport";
import { availabilityPage } from "../../maintenance/report/availabilityPage";
import { Duration } from "../../model/duration";
import { rebootedRun } from "../fakes/rebootedRun";

const BUDGET = { failed: 0, outage: undefined, minRate: 0.98, maxStall: Duration.milliseconds(500) };
/** A browser on a machine that is busy with a lab. */
const BROWSER_SECONDS = 180;

/** Nothing but the page: no extensions, updates or reports of the browser's own that would ask the network. */
const FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/** What the page does with the pointer, with what it shows then put where the test can read it. */
const PROBE = `<script>
const problems = [];
addEventListener("error", ({ message }) => problems.push(message));
addEventListener("securitypolicyviolation", ({ blockedURI }) => problems.push("blocked " + blockedURI));
addEventListener("load", () => {
    const visible = (selector) => [...document.querySelectorAll(selector)].filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > 0 && height > 0;
    }).length;
    document.querySelector("button[data-at]")?.click();
    const box = document.documentElement;
    document.body.dataset.seen = JSON.stringify({
        problems,
        loaded: performance.getEntriesByType("resource").map(({ name }) => name),
        hosts: visible(".row.host .label"),
        states: visible(".row.state .label"),
        cluster: visible(".row.cluster .label"),
        phases: visible(".row.host .bar"),
        off: visible(".bar.off"),
        held: visible(".bar.held"),
        silent: visible(".bar.silent"),
        marks: visible(".marks rect"),
        cursor: visible("#cursor"),
        reading: document.getElementById("reading").textContent,
        tooWide: box.scrollWidth - box.clientWidth,
    });
});
</script>`;

interface Seen {
    readonly problems: readonly string[];
    readonly loaded: readonly string[];
    readonly reading: string;
    readonly tooWide: number;
    readonly [count: string]: unknown;
}

/** Chromium needs neither the lab's hosts nor root, but it is a program that the lab's tests may install. */
describe("the availability page in Chromium", function () {
    this.timeout(2 * BROWSER_SECONDS * 1000);
    const folder = mkdtempSync(path.join(os.tmpdir(), "quorate-page-"));

    before(async function () {
        this.timeout(20 * 60_000);
        await ensurePrograms(["chromium"], new Progress());
        for (const failing of [false, true]) {
            const page = availabilityPage(probeReport(await rebootedRun({ failing }), BUDGET));
            writeFileSync(file(failing ? "failures" : "good"), page);
        }
    });
    after(() => console.log(`    pages and pictures of them are in ${folder}`));

    const file = (name: string, extension = "html") => path.join(folder, `${name}.${extension}`);

    async function chromium(page: string, flags: readonly string[]): Promise<Finished> {
        const profile = mkdtempSync(path.join(folder, "profile-"));
        const all = [...FLAGS, `--user-data-dir=${profile}`, ...flags, pathToFileURL(page).href];
        const result = await finish("timeout", [String(BROWSER_SECONDS), "chromium", ...all]);
        rmSync(profile, { recursive: true, force: true });
        assert.equal(result.status, 0, result.stderr.slice(-2000));
        return result;
    }

    /** What a person would see and meet, from inside the page. */
    async function look(name: string, width: number): Promise<Seen> {
        const watched = file(`${name}-watched`);
        writeFileSync(watched, readFileSync(file(name), "utf8").replace("<style>", `${PROBE}<style>`));
        const flags = ["--dump-dom", `--window-size=${width},1500`, "--enable-logging=stderr", "--v=0"];
        const { stdout, stderr } = await chromium(watched, flags);
        assert.deepEqual(
            stderr.split("\n").filter((line) => line.includes(":CONSOLE")),
            [],
        );
        const [, json] = /data-seen="([^"]*)"/.exec(stdout) ?? [];
        assert.ok(json, "the page ran its scripts");
        return JSON.parse(json.replaceAll("&quot;", '"').replaceAll("&amp;", "&")) as Seen;
    }

    /** The picture's size and bytes. A picture of one colour has next to none. */
    async function picture(name: string, to: string, flags: readonly string[], width: number, height: number) {
        const png = file(to, "png");
        await chromium(file(name), [`--screenshot=${png}`, `--window-size=${width},${height}`, ...flags]);
        const bytes = readFileSync(png);
        assert.equal(bytes.toString("latin1", 1, 4), "PNG");
        assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [width, height]);
        return bytes;
    }

    it("shows every host with its phases and states, and the failures across them", async () => {
        const { problems, loaded, reading, tooWide, ...counts } = await look("failures", 1400);
        assert.deepEqual([problems, loaded, tooWide], [[], [], 0]);
        assert.equal(counts["hosts"], 8);
        assert.equal(counts["cluster"], 2);
        assert.equal(counts["states"], 14);
        for (const kind of ["phases", "off", "held", "silent", "marks", "cursor"]) {
            assert.ok(Number(counts[kind]) > 0, `${kind}: ${String(counts[kind])}`);
        }
        assert.match(reading, /stop-api-server on cp3.*etcd leader: cp2.*cp3 ingress-http: maint/);
    });

    it("shows a run without failures without marks", async () => {
        const { problems, loaded, marks, hosts } = await look("good", 1400);
        assert.deepEqual([problems, loaded, marks, hosts], [[], [], 0, 8]);
    });

    it("fits a telephone", async () => {
        const { problems, tooWide, hosts, states } = await look("failures", 420);
        assert.deepEqual([problems, tooWide, hosts, states], [[], 0, 8, 14]);
    });

    it("can be looked at, by day and by night", async () => {
        const sizes = [1400, 1500] as const;
        const day = await picture("failures", "day", ["--blink-settings=preferredColorScheme=1"], ...sizes);
        const night = await picture("failures", "night", ["--blink-settings=preferredColorScheme=0"], ...sizes);
        await picture("failures", "telephone", [], 420, 1700);
        const blank = file("blank");
        writeFileSync(blank, "<!doctype html><title>blank</title>");
        const nothing = await picture("blank", "blank", [], ...sizes);
        for (const shown of [day, night]) assert.ok(shown.length > 5 * nothing.length, `${shown.length} bytes`);
        assert.ok(!day.equals(night));
    });
});
