namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Keys of a service that the manifest has no word for: what they mean for the app, and what to do.</summary>
internal static class OtherKeys
{
    private const string Nothing = "Nothing is to be done.";
    private const string Keep = "Keep this service running with Compose if it needs that.";
    private const string Node = "Containers of Fairlead have the machine's usual settings for it.";

    /// <summary>Keys that are carried over, or that say what holds for every service of Fairlead.</summary>
    public static IReadOnlySet<string> Taken { get; } =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "attach",
            "build",
            "cap_add",
            "cap_drop",
            "command",
            "configs",
            "container_name",
            "cpus",
            "depends_on",
            "deploy",
            "entrypoint",
            "env_file",
            "environment",
            "expose",
            "healthcheck",
            "image",
            "init",
            "mem_limit",
            "pids_limit",
            "ports",
            "profiles",
            "read_only",
            "restart",
            "scale",
            "secrets",
            "stdin_open",
            "stop_grace_period",
            "stop_signal",
            "tmpfs",
            "tty",
            "user",
            "volumes",
            "working_dir",
        };

    public static IReadOnlyDictionary<string, (string Meaning, string Fix)> Known { get; } =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["annotations"] = ("Nobody reads them here.", Nothing),
            ["blkio_config"] = ("Limits are cpu, memory and pids.", Keep),
            ["cgroup"] = (Node, Nothing),
            ["cgroup_parent"] = ("Fairlead keeps its own control groups.", Nothing),
            ["cpu_count"] = ("Limits are cpu, memory and pids.", "Write: limits: { cpu: 1 }"),
            ["cpu_percent"] = ("Limits are cpu, memory and pids.", "Write: limits: { cpu: 1 }"),
            ["cpu_period"] = ("Limits are cpu, memory and pids.", "Write: limits: { cpu: 1 }"),
            ["cpu_quota"] = ("Limits are cpu, memory and pids.", "Write: limits: { cpu: 1 }"),
            ["cpu_rt_period"] = ("No service is run in real time.", Keep),
            ["cpu_rt_runtime"] = ("No service is run in real time.", Keep),
            ["cpu_shares"] = ("Shares are equal; only limits hold.", "Write: limits: { cpu: 1 }"),
            ["cpuset"] = ("Services are not tied to cores.", "Write: limits: { cpu: 1 }"),
            ["credential_spec"] = ("It is for Windows.", Nothing),
            ["develop"] = ("It is for developing; a release is built once.", Nothing),
            ["device_cgroup_rules"] = ("Containers of Fairlead get no devices.", Keep),
            ["devices"] = ("Containers of Fairlead get no devices.", Keep),
            ["dns"] = ("Names are looked up as on the machine.", "Set the machine's own resolver."),
            ["dns_opt"] = ("Names are looked up as on the machine.", "Set the machine's own resolver."),
            ["dns_search"] = ("Names are looked up as on the machine.", "Set the machine's own resolver."),
            ["domainname"] = ("Containers are named after their release.", Nothing),
            ["external_links"] = ("Names of other containers mean nothing here.", "Put an address into its variables."),
            ["extra_hosts"] = (
                "No names are added to /etc/hosts.",
                "Put the address into its variables, or the name into DNS."
            ),
            ["gpus"] = (
                "Containers of Fairlead get no devices such as GPUs.",
                "Run it on target 'local', where it is a process of the machine."
            ),
            ["group_add"] = ("It has one user and one group.", "Write: container: { user: \"10001:GROUP\" }"),
            ["hostname"] = ("Containers are named after their release.", Nothing),
            ["ipc"] = ("Each container has its own.", Keep),
            ["isolation"] = (Node, Nothing),
            ["label_file"] = ("Nobody reads labels here.", Nothing),
            ["labels"] = (
                "Nobody reads labels here; routes and TLS that others take from them are words of the manifest.",
                "Write routes: [/api] for a service, hosts: [shop.example.com] for an environment."
            ),
            ["links"] = (
                "Services reach each other by the variables that 'uses' gives.",
                "Write for example: uses: [api], and read API_URL."
            ),
            ["logging"] = (
                "Fairlead keeps what it prints: fairlead logs.",
                "To pass it on: fairlead forwarding set (see docs/guides/logs.md)."
            ),
            ["mac_address"] = ("Each container has one of its own.", Nothing),
            ["mem_reservation"] = (
                "Nothing is kept free for a service; only limits hold.",
                "Give the others limits that leave enough."
            ),
            ["mem_swappiness"] = (Node, Nothing),
            ["memswap_limit"] = (Node, Nothing),
            ["models"] = ("Fairlead runs no models of Docker.", Keep),
            ["network_mode"] = (
                "Each app has a network of its own, and the edge in front.",
                "Run it on target 'local' if it needs the machine's own network."
            ),
            ["networks"] = (
                "All services of an app are in one network of their own, and only the edge leads to another one.",
                "Say who may talk to whom: network: { calls: [billing] } (see docs/guides/network-policy.md)."
            ),
            ["oom_kill_disable"] = (Node, Nothing),
            ["oom_score_adj"] = (Node, Nothing),
            ["pid"] = ("Each container sees its own processes alone.", Keep),
            ["platform"] = ("It runs on this machine's own architecture.", Nothing),
            ["post_start"] = ("Nothing is run beside the program.", "Do it as the program starts."),
            ["pre_stop"] = (
                "Nothing is run beside the program.",
                "Do it on SIGTERM; the edge sends it no requests any more by then."
            ),
            ["privileged"] = (
                "No service of Fairlead is root on the machine.",
                "Name the capabilities that it needs: container: { capabilities: [...] }"
            ),
            ["provider"] = ("Compose asks another program for it.", Keep),
            ["pull_policy"] = ("The base image is pulled once, when it is not there.", Nothing),
            ["runtime"] = ("The engine's usual runtime is taken.", Keep),
            ["security_opt"] = ("New privileges are always refused; the engine's usual profiles hold.", Nothing),
            ["shm_size"] = ("Shared memory has the engine's usual 64 MiB.", Keep),
            ["storage_opt"] = (Node, Nothing),
            ["sysctls"] = (
                "Settings of the kernel are the machine's.",
                "Set them for the machine: sysctl -w NAME=VALUE"
            ),
            ["ulimits"] = (Node, "Set the engine's own: \"default-ulimits\" in daemon.json."),
            ["use_api_socket"] = ("No service of Fairlead gets the engine's socket.", Keep),
            ["userns_mode"] = (Node, Nothing),
            ["uts"] = ("Each container has its own.", Nothing),
            ["volumes_from"] = ("Containers share no volumes.", "Let the service that owns the data answer for it."),
        };
}
