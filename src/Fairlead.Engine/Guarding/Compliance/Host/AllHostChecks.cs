namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>All questions about the machine. To add one: write its function, add its line, sorted by name, and name it in <c>host.json</c>.</summary>
public static class AllHostChecks
{
    public static IReadOnlyList<HostCheck> Entries { get; } =
    [
        new("host-account", "Fairlead does not run as root.", AccountChecks.NotRoot),
        new("host-address-space", "Programs lie in memory where nobody can guess.", KernelChecks.AddressSpace),
        new("host-bpf", "Only root loads programs into the kernel.", KernelChecks.Bpf),
        new("host-core-dumps", "A program that crashes leaves no copy of its memory.", KernelChecks.CoreDumps),
        new("host-disk-encryption", "The disk of the state folder is encrypted.", DiskChecks.Encryption),
        new("host-disk-space", "There is room on the disk of the state folder.", DiskChecks.Space),
        new("host-fifos", "Pipes and files of others in shared folders are not opened by mistake.", KernelChecks.Fifos),
        new("host-firewall", "A firewall is set up.", NetworkChecks.Firewall),
        new("host-kernel-log", "Only root reads the kernel's messages.", KernelChecks.Messages),
        new("host-kernel-pointers", "The kernel does not tell where it lies in memory.", KernelChecks.Pointers),
        new("host-links", "Links of others in shared folders are not followed.", KernelChecks.Links),
        new("host-listening", "Others reach nothing on this machine but its doors.", NetworkChecks.Listening),
        new("host-ptrace", "A program cannot read another's memory.", KernelChecks.Tracing),
        new("host-redirects", "The network cannot change the machine's routes.", NetworkChecks.Redirects),
        new("host-restart", "No update waits for a restart.", UpdateChecks.Restart),
        new("host-ssh-password", "Nobody signs in to the machine with a password.", SshChecks.Passwords),
        new("host-ssh-root", "Root does not sign in from elsewhere with a password.", SshChecks.Root),
        new("host-state-folder", "Only Fairlead's account looks into the state folder.", StateChecks.Folder),
        new("host-state-keys", "Only Fairlead's account reads its keys.", StateChecks.Keys),
        new("host-state-writable", "Nobody else writes into the state folder.", StateChecks.Writable),
        new("host-suid-dumps", "Programs with another's rights leave no copy of their memory.", KernelChecks.SuidDumps),
        new("host-swap", "What is swapped out is encrypted.", DiskChecks.Swap),
        new("host-syn-cookies", "A flood of half-open connections closes no door.", NetworkChecks.SynCookies),
        new("host-time", "The clock is set by others' clocks.", UpdateChecks.Time),
        new("host-updates", "Updates that mend weaknesses install themselves.", UpdateChecks.Unattended),
    ];

    /// <summary>Asks everything.</summary>
    public static IReadOnlyDictionary<string, Measured> Of(HostLook look) =>
        Entries.ToDictionary(static check => check.Name, check => check.Measure(look));
}
