import { type HostFile, LIBRARY_DIRECTORY, loadScript } from "../command/hostScript";

/**
 * Files on every node that turn flannel's subnet into a CNI configuration with the standard plugins. A path unit does it,
 * at boot and whenever flannel writes, so that no pod with write access to the host's CNI folder is needed.
 */
export function podNetworkFiles(): readonly HostFile[] {
    return [
        { path: `${LIBRARY_DIRECTORY}/cni`, mode: "0755", content: loadScript(__dirname, "cni.sh") },
        {
            path: "/etc/systemd/system/quorate-cni.service",
            mode: "0644",
            content: `[Unit]
Description=CNI configuration from flannel's subnet

[Service]
Type=oneshot
ExecStart=${LIBRARY_DIRECTORY}/cni
`,
        },
        {
            path: "/etc/systemd/system/quorate-cni.path",
            mode: "0644",
            content: `[Unit]
Description=Watches for flannel's subnet

[Path]
PathChanged=/run/flannel/subnet.env

[Install]
WantedBy=multi-user.target
`,
        },
    ];
}
