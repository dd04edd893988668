import { mkdirSync } from "node:fs";
import type { BashHost } from "./bashHost";

/** A service by the name of its unit, with the files that it reads when it starts or is told to reload. */
export type FakeServices = Readonly<Record<string, readonly string[]>>;

const UNITS = "/etc/systemd/system";

/**
 * A systemctl with memory. It keeps below /services what each unit has: `UNIT.enabled` with what wants it, `UNIT.active`, and
 * in `UNIT.loaded` the configuration that it runs with, so that equal files there mean services that run with what is in
 * place. `units` holds the unit files as the last daemon-reload found them; a service starts with what is known of its unit
 * then.
 */
export function fakeSystemd(host: BashHost, services: FakeServices): void {
    const configured = Object.entries(services).map(
        ([unit, files]) => `${unit}) files=(${files.map((file) => `"${host.at(file)}"*`).join(" ")}) ;;`,
    );
    mkdirSync(host.at("/services"), { recursive: true });
    host.fake(
        "systemctl",
        `state="${host.at("/services")}"
        verb=$1
        while [[ \${2:-} == --* ]]; do shift; done
        unit=\${2:-}
        files=()
        case $unit in ${configured.join(" ")} esac
        load() {
            : >"$state/$unit.active"
            : >"$state/$unit.loaded"
            for file in "\${files[@]}"; do [ ! -f "$file" ] || printf '%s\\n' "$(<"$file")" >>"$state/$unit.loaded"; done
        }
        case $verb in
            is-enabled) [ -e "$state/$unit.enabled" ] ;;
            is-active) [ -e "$state/$unit.active" ] ;;
            enable) sed -n 's/^WantedBy=//p' "${host.at(UNITS)}/$unit" 2>/dev/null >"$state/$unit.enabled" || : ;;
            start) [ -e "$state/$unit.active" ] || load ;;
            restart) load ;;
            reload) [ -e "$state/$unit.active" ] && load ;;
            stop) rm -f "$state/$unit.active" "$state/$unit.loaded" ;;
            daemon-reload) find "${host.at(UNITS)}" -type f ! -name '*.staged' 2>/dev/null | sort | xargs -r cat >"$state/units" ;;
        esac`,
    );
}

/** What a service runs with, as it was when it read it last. */
export function loaded(host: BashHost, unit: string): string {
    return host.read(`/services/${unit}.loaded`);
}
