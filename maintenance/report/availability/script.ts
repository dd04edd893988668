/**
 * What the page does in a browser: a line follows the pointer or the arrow keys, and its moment is read out in words.
 * Without it the page shows the same.
 */
export const SCRIPT = `
const { start, end, timeline, phases, states } = JSON.parse(document.getElementById("data").textContent);
const [chart, cursor, reading] = ["chart", "cursor", "reading"].map((id) => document.getElementById(id));
const plot = cursor.parentElement;
let at = start;
const ms = (value) => (value < 10 ? value.toFixed(1) : Math.round(value)) + " ms";
const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(Math.floor(seconds % 60)).padStart(2, "0");
function show(time) {
    at = Math.min(end, Math.max(start, time));
    cursor.hidden = false;
    cursor.style.left = ((at - start) / (end - start)) * 100 + "%";
    const span = Math.min(Math.floor((at - start) / timeline.width), (timeline.series[0]?.sent.length ?? 1) - 1);
    const figures = timeline.series.map(({ group, sent, failed, median, worst }) =>
        group + " " + sent[span] + " sent, " + failed[span] + " failed, median " + ms(median[span]) + ", worst " + ms(worst[span]));
    const during = (all) => all.filter((one) => one.start <= at && one.end >= at);
    const short = (words) => (words.length > 8 ? words.slice(0, 8).concat("and " + (words.length - 8) + " more") : words).join(", ");
    const running = short(during(phases).map(({ phase, host }) => phase + " on " + host));
    const seen = short(during(states).map(({ text }) => text));
    reading.textContent = [clock((at - start) / 1000), ...figures, running || "no phase", seen].filter(Boolean).join("  \\u00b7  ");
}
chart.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    if (event.clientX >= box.left) show(start + ((event.clientX - box.left) / box.width) * (end - start));
});
chart.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    show(at + step * timeline.width);
});
for (const button of document.querySelectorAll("button[data-at]")) {
    button.addEventListener("click", () => {
        show(Number(button.dataset.at));
        chart.scrollIntoView({ block: "center" });
    });
}
`;
