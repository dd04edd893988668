import type { LeavingHost } from "../actions/leaveRequest";
import type { EtcdMember } from "../ports/etcdOutput";

/** The member on a host, by its peer address: a member that never started has no name (TRAPS 4). */
export function memberOn(host: LeavingHost, members: readonly EtcdMember[]): EtcdMember | undefined {
    return members.find(({ peerUrls }) => peerUrls.some((url) => new URL(url).hostname === host.address));
}

/** The host of a member. */
export function hostOf(member: EtcdMember, hosts: readonly LeavingHost[]): LeavingHost | undefined {
    return hosts.find((host) => memberOn(host, [member]) !== undefined);
}
