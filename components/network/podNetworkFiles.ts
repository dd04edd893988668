import { type HostFile, LIBRARY_DIRECTORY, loadScript } from "../command/hostScript";

const SUBNET_FILE = "/run/flannel/subnet.env";

/** The path units that are to be enabled and running on every node. */
export const POD_NETWORK_UNITS: readonly string[] = ["quorate-cni.path", "quorate-cni-changed.path"];

/**
 * Files on every node that turn flannel's subnet into a CNI configuration with the standard plugins. Path units do it, as
 * soon as the file is there and whenever flannel writes it, so that no pod with write access to the host's CNI folder is
 * needed. `PathChanged` alone is not enough: systemd looks away while it reloads its units, which kubeadm lets it do at
 * the very moment flannel starts; `PathExists` is looked at again after a reload, and the service that remains active
 * keeps it from being started over and over (systemd.path(5)).
 */
export function podNetworkFiles(): readonly HostFile[] {
    return [
        { path: `${LIBRARY_DIRECTORY}/cni`, mode: "0755", content: loadScript(__dirname, "cni.sh") },
        unit(
            "quorate-cni.service",
            `[Unit]
Description=CNI configuration from flannel's subnet
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
Restart=on-failure
RestartSec=1
ExecStart=${LIBRARY_DIRECTORY}/cni
`,
        ),
        unit("quorate-cni.path", pathUnit("Waits for flannel's subnet", `PathExists=${SUBNET_FILE}`)),
        unit(
            "quorate-cni-changed.service",
            `[Unit]
Description=CNI configuration anew from flannel's subnet
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=systemctl restart quorate-cni.service
`,
        ),
        unit("quorate-cni-changed.path", pathUnit("Watches flannel's subnet", `PathChanged=${SUBNET_FILE}`)),
    ];
}

function unit(name: string, content: string): HostFile {
    return { path: `/etc/systemd/system/${name}`, mode: "0644", content };
}

function pathUnit(description: string, condition: string): string {
    return `[Unit]
Description=${description}

[Path]
${condition}

[Install]
WantedBy=multi-user.target
`;
}
