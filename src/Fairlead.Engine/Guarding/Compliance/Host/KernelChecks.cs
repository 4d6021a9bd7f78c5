using System.Text.RegularExpressions;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>What the kernel lets programs do to each other: <c>Documentation/admin-guide/sysctl</c> and <c>proc(5)</c>, <c>core(5)</c>.</summary>
internal static partial class KernelChecks
{
    public static Measured AddressSpace(HostLook look) =>
        look.Kernel("kernel.randomize_va_space", ["2"], "an attacker knows where to jump.");

    public static Measured Bpf(HostLook look) =>
        look.Kernel(
            "kernel.unprivileged_bpf_disabled",
            ["1", "2"],
            "every account may load programs that the kernel runs."
        );

    public static Measured Messages(HostLook look) =>
        look.Kernel("kernel.dmesg_restrict", ["1"], "every account reads what helps to attack the kernel.");

    public static Measured Pointers(HostLook look) =>
        look.Kernel("kernel.kptr_restrict", ["1", "2"], "every account sees the kernel's addresses.");

    public static Measured Tracing(HostLook look) =>
        look.Kernel(
            "kernel.yama.ptrace_scope",
            ["1", "2", "3"],
            "programs of one account read each other's memory, and the secrets in it."
        );

    public static Measured SuidDumps(HostLook look) =>
        look.Kernel("fs.suid_dumpable", ["0", "2"], "memory of programs with another's rights lands on the disk.");

    public static Measured Links(HostLook look) =>
        look.All(
            look.Kernel("fs.protected_symlinks", ["1"], "a link in /tmp leads programs where its maker likes."),
            look.Kernel("fs.protected_hardlinks", ["1"], "an account keeps another's file alive by a link.")
        );

    public static Measured Fifos(HostLook look) =>
        look.All(
            look.Kernel("fs.protected_fifos", ["1", "2"], "a program writes to a pipe that another laid for it."),
            look.Kernel("fs.protected_regular", ["1", "2"], "a program writes to a file that another laid for it.")
        );

    // A pattern that begins with | hands the memory to a program, and the limit of sizes does not count.
    public static Measured CoreDumps(HostLook look)
    {
        const string Fix =
            "Write to /etc/sysctl.d/60-fairlead.conf: kernel.core_pattern = |/bin/false; then: sysctl --system";
        var limit = CoreLimit().Match(look.Sights.ReadText("/proc/self/limits") ?? "");
        return (look.Kernel("kernel.core_pattern"), limit.Success ? limit.Groups["soft"].Value : null) switch
        {
            (null, _) => new Measured.Unknown("The kernel does not say kernel.core_pattern.", Fix),
            ("|/bin/false" or "|/bin/true" or "|/usr/bin/false" or "|/usr/bin/true", _) => look.Holds(
                "The kernel throws core dumps away."
            ),
            (['|', ..] pattern, _) => look.Fails(
                $"The kernel hands the memory of crashed programs, with the secrets in it, to: {HostLook.Cut(pattern[1..])}",
                Fix
            ),
            (_, "0") => look.Holds("Fairlead and what it starts write no core dumps: their limit is 0."),
            (_, null) => new Measured.Unknown("Nothing says how large core dumps may be.", Fix),
            (var pattern, _) => look.Fails(
                $"The memory of crashed programs, with the secrets in it, is written to '{HostLook.Cut(pattern)}'.",
                "Start Fairlead with 'ulimit -c 0', or with LimitCORE=0 in its unit."
            ),
        };
    }

    [GeneratedRegex(@"^Max core file size\s+(?<soft>\S+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CoreLimit();
}
