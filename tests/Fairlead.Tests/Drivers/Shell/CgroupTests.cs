using Fairlead.Drivers.Shell;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Drivers.Shell;

public sealed class CgroupTests
{
    [Fact]
    public void Hierarchies_of_both_versions_are_found_with_our_place_in_each()
    {
        const string mounts = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /nowhere/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 /box /nowhere/memory\040here rw,relatime shared:3 - cgroup cgroup rw,memory
            40 31 0:37 / /nowhere/systemd rw,relatime - cgroup cgroup rw,name=systemd
            41 31 0:38 / /nowhere/unified rw,relatime - cgroup2 cgroup2 rw
            """;
        const string memberships = """
            9:name=systemd:/
            4:memory:/box/inner
            2:cpu,cpuacct:/
            0::/user.slice
            """;

        Assert.Equal(
            [
                "cpu,cpuacct at /nowhere/cpu",
                "memory at /nowhere/memory here/inner",
                "name=systemd at /nowhere/systemd",
                "(2) at /nowhere/unified/user.slice",
            ],
            CgroupMount
                .Parse(mounts, memberships)
                .Select(one => $"{(one.IsVersion2 ? "(2)" : string.Join(',', one.Controllers))} at {one.Own}")
        );
    }

    [Fact]
    public void Limits_are_written_for_either_version() =>
        Assert.Equal(
            [
                ("cpu.max", "50000 100000"),
                ("cpu.cfs_period_us", "100000"),
                ("cpu.cfs_quota_us", "50000"),
                ("memory.max", "134217728"),
                ("memory.swap.max", "0"),
                ("memory.limit_in_bytes", "134217728"),
                ("memory.memsw.limit_in_bytes", "134217728"),
                ("pids.max", "64"),
            ],
            Cgroups.Files(
                new Limits
                {
                    Cpu = 0.5,
                    Memory = 128 * 1024 * 1024,
                    Pids = 64,
                }
            )
        );

    [Fact]
    public void No_limit_writes_nothing() => Assert.Empty(Cgroups.Files(new Limits()));

    [Theory]
    [InlineData("oom_kill 3", 3)]
    [InlineData("oom_kill_disable 1", 0)]
    [InlineData("", 0)]
    public void Kills_for_memory_are_counted(string line, long kills) => Assert.Equal(kills, Cgroup.KillsOf(line));
}
