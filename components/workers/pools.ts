import { type ClusterConfig, type HostConfig, type PoolConfig, hostsWithRole } from "../../model/clusterConfig";

const DEFAULT_POOL: PoolConfig = { name: "default", labels: {}, taints: [] };

/** The pool of a worker; one that names none belongs to `default`, which need not be declared. */
export function poolOf(config: ClusterConfig, host: HostConfig): PoolConfig {
    const name = host.pool ?? DEFAULT_POOL.name;
    return config.pools.find((pool) => pool.name === name) ?? DEFAULT_POOL;
}

/** Every pool that has workers, with them, in the order in which the configuration first names them. */
export function populatedPools(config: ClusterConfig): readonly { pool: PoolConfig; hosts: readonly HostConfig[] }[] {
    const workers = hostsWithRole(config, "worker");
    const names = [...new Set(workers.map((host) => poolOf(config, host).name))];
    return names.map((name) => {
        const hosts = workers.filter((host) => poolOf(config, host).name === name);
        return { pool: config.pools.find((pool) => pool.name === name) ?? DEFAULT_POOL, hosts };
    });
}
