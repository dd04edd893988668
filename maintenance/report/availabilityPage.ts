import type { ProbeReport } from "../probe/reportShape";
import { chart } from "./availability/chart";
import { header, totals } from "./availability/header";
import { markup, Markup } from "./availability/markup";
import { SCRIPT } from "./availability/script";
import { STYLE } from "./availability/style";
import { failureTable, phaseTable, targetTable } from "./availability/tables";

/** Nothing may be loaded from anywhere: the page holds all it needs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The report as one HTML page that opens offline. Everything in the chart is in its tables as well. */
export function availabilityPage(report: ProbeReport): string {
    const { sent, failed } = totals(report);
    const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${report.cluster}: ${failed} of ${sent} requests failed</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${header(report)}
${chart(report)}
${failureTable(report)}
${targetTable(report)}
${phaseTable(report)}
<footer>quorate probe, ${report.startedAt}, seed ${report.seed}. Requests were sent at planned times whatever became of the ones before. All samples are in samples.ndjson, all figures in report.json.</footer>
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
    return page.text;
}
