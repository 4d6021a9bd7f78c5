using Fairlead.Drivers.Hosts;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Compliance.Host;
using Fairlead.Tests.Drivers;
using static Fairlead.Tests.Guarding.Compliance.ComplianceSample;

namespace Fairlead.Tests.Guarding.Compliance.Host;

/// <summary>Machines made of files: one as it should be, changed one thing at a time.</summary>
public sealed class HostCheckTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder root = new();
    private readonly TempFolder state = new();

    public HostCheckTests()
    {
        foreach (var (path, text) in GoodFiles)
        {
            Write(path, text);
        }
        Write(
            "/proc/self/mountinfo",
            $"""
            21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            36 21 253:3 / {state.Path} rw - ext4 /dev/mapper/data rw
            """
        );
        File.SetUnixFileMode(state.Path, Private | UnixFileMode.UserExecute);
        foreach (var name in new[] { "api-token", "signing-key.pem", "fairlead.db" })
        {
            File.WriteAllText(state.File(name), "");
            File.SetUnixFileMode(state.File(name), Private);
        }
    }

    public void Dispose()
    {
        root.Dispose();
        state.Dispose();
    }

    // Formats as kernel 6.8, Debian 12's packages and OpenSSH 9.2 write them.
    private static Dictionary<string, string> GoodFiles =>
        new()
        {
            ["/proc/self/status"] = "Name:\tdotnet\nUid:\t998\t998\t998\t998\nGid:\t998\t998\t998\t998\n",
            ["/proc/self/limits"] =
                "Limit                     Soft Limit           Hard Limit           Units     \nMax core file size        0                    unlimited            bytes     \n",
            ["/proc/sys/kernel/core_pattern"] = "core\n",
            ["/proc/sys/kernel/randomize_va_space"] = "2\n",
            ["/proc/sys/kernel/yama/ptrace_scope"] = "1\n",
            ["/proc/sys/kernel/unprivileged_bpf_disabled"] = "2\n",
            ["/proc/sys/kernel/dmesg_restrict"] = "1\n",
            ["/proc/sys/kernel/kptr_restrict"] = "1\n",
            ["/proc/sys/fs/suid_dumpable"] = "0\n",
            ["/proc/sys/fs/protected_symlinks"] = "1\n",
            ["/proc/sys/fs/protected_hardlinks"] = "1\n",
            ["/proc/sys/fs/protected_fifos"] = "1\n",
            ["/proc/sys/fs/protected_regular"] = "2\n",
            ["/proc/sys/net/ipv4/tcp_syncookies"] = "1\n",
            ["/proc/sys/net/ipv4/conf/all/accept_redirects"] = "0\n",
            ["/proc/sys/net/ipv4/conf/all/accept_source_route"] = "0\n",
            ["/proc/swaps"] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1 partition\t8388604\t0\t-2\n",
            ["/proc/net/tcp"] = """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
                   1: 0100007F:1F8D 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 2 1 0 100 0 0 10 0
                   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 3 1 0 100 0 0 10 0
                   3: 0200000A:1538 0300000A:9C40 01 00000000:00000000 00:00000000 00000000   998        0 4 1 0 100 0 0 10 0

                """,
            ["/proc/net/tcp6"] = """
                  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 00000000000000000000000001000000:1538 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 5 1 0 100 0 0 10 0

                """,
            ["/sys/dev/block/253:3/slaves/dm-0"] = "",
            ["/sys/class/block/dm-0/dev"] = "253:0\n",
            ["/sys/dev/block/253:0/dm/uuid"] = "CRYPT-LUKS2-0123456789abcdef-data\n",
            ["/sys/class/block/dm-1/dm/uuid"] = "CRYPT-PLAIN-swap\n",
            ["/etc/ssh/sshd_config"] =
                "# Ours.\nInclude /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin prohibit-password\nPasswordAuthentication yes\nMatch User backup\n  PermitRootLogin yes\n",
            ["/etc/ssh/sshd_config.d/10-ours.conf"] = "passwordauthentication no\n",
            ["/etc/apt/apt.conf.d/20auto-upgrades"] =
                "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n",
            ["/usr/bin/unattended-upgrade"] = "",
            ["/run/systemd/timesync/synchronized"] = "",
            ["/etc/ufw/ufw.conf"] = "ENABLED=yes\nLOGLEVEL=low\n",
        };

    [Fact]
    public void A_machine_as_it_should_be_fails_nothing_and_leaves_nothing_unknown() =>
        Assert.All(
            Look().Where(one => one.Key != "host-disk-space"), // That is the test's own disk.
            one => Assert.True(one.Value is Measured.Holds, $"{one.Key}: {one.Value.Text}")
        );

    [Fact]
    public void Of_a_machine_that_shows_nothing_nothing_is_claimed_but_that_it_has_no_ssh_server()
    {
        using var empty = new TempFolder();
        var found = AllHostChecks.Of(new(new HostFiles(empty.Path, empty.File("none")), new HashSet<int>(), Now));
        Assert.Equal(
            ["host-ssh-password", "host-ssh-root"],
            found.Where(one => one.Value is not Measured.Unknown && one.Key != "host-disk-space").Select(one => one.Key)
        );
    }

    public static TheoryData<string, string, string, string> Faults =>
        new()
        {
            { "host-account", "/proc/self/status", "Uid:\t1000\t0\t0\t0\n", "Fairlead runs as root" },
            { "host-address-space", "/proc/sys/kernel/randomize_va_space", "0\n", "randomize_va_space is 0" },
            { "host-bpf", "/proc/sys/kernel/unprivileged_bpf_disabled", "0\n", "may load programs" },
            {
                "host-core-dumps",
                "/proc/sys/kernel/core_pattern",
                "|/usr/share/apport/apport %p\n",
                "/usr/share/apport"
            },
            {
                "host-core-dumps",
                "/proc/self/limits",
                "Max core file size        unlimited            unlimited            bytes     \n",
                "written to 'core'"
            },
            { "host-fifos", "/proc/sys/fs/protected_regular", "0\n", "protected_regular is 0" },
            { "host-kernel-log", "/proc/sys/kernel/dmesg_restrict", "0\n", "dmesg_restrict is 0" },
            { "host-kernel-pointers", "/proc/sys/kernel/kptr_restrict", "0\n", "kptr_restrict is 0" },
            { "host-links", "/proc/sys/fs/protected_hardlinks", "0\n", "protected_hardlinks is 0" },
            {
                "host-listening",
                "/proc/net/tcp6",
                "sl\n 0: 00000000000000000000000000000000:1538 0:0 0A\n 1: 0000000000000000FFFF00000100007F:1539 0:0 0A\n",
                "listen for others on 5432."
            },
            { "host-ptrace", "/proc/sys/kernel/yama/ptrace_scope", "0\n", "ptrace_scope is 0" },
            { "host-redirects", "/proc/sys/net/ipv4/conf/all/accept_source_route", "1\n", "accept_source_route is 1" },
            { "host-restart", "/run/reboot-required", "", "only after a restart" },
            { "host-ssh-password", "/etc/ssh/sshd_config.d/10-ours.conf", "", "Passwords are taken" },
            {
                "host-ssh-root",
                "/etc/ssh/sshd_config.d/10-ours.conf",
                "PermitRootLogin=yes\nPasswordAuthentication no\n",
                "Root may sign in"
            },
            { "host-suid-dumps", "/proc/sys/fs/suid_dumpable", "1\n", "suid_dumpable is 1" },
            {
                "host-swap",
                "/proc/swaps",
                "Filename\n/dev/sda2 partition 1 0 -2\n/dev/zram0 partition 1 0 5\n",
                "clear to /dev/sda2."
            },
            { "host-syn-cookies", "/proc/sys/net/ipv4/tcp_syncookies", "0\n", "tcp_syncookies is 0" },
            {
                "host-updates",
                "/etc/apt/apt.conf.d/99-off",
                "APT::Periodic::Unattended-Upgrade \"0\";\n",
                "wait for somebody"
            },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void One_fault_is_found_said_and_comes_with_what_to_do(string check, string path, string text, string says)
    {
        Write(path, text);
        var found = Look();
        var fault = Assert.IsType<Measured.Fails>(found[check]);
        Assert.Contains(says, fault.Text, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Fix);
        Assert.Equal(
            [check],
            found.Where(one => one.Value is not Measured.Holds && one.Key != "host-disk-space").Select(one => one.Key)
        );
    }

    [Fact]
    public void What_others_may_read_or_write_in_the_state_folder_is_named()
    {
        File.SetUnixFileMode(state.File("signing-key.pem"), Private | UnixFileMode.GroupRead);
        File.SetUnixFileMode(state.File("fairlead.db"), Private | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(state.Path, Private | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var found = Look();
        Assert.Equal("The state folder is 701: other accounts see into it.", found["host-state-folder"].Text);
        Assert.Equal("Other accounts may read keys: signing-key.pem (640).", found["host-state-keys"].Text);
        Assert.Equal("Other accounts may write: fairlead.db (602).", found["host-state-writable"].Text);
    }

    [Fact]
    public void Keys_of_apps_are_not_taken_for_ours()
    {
        Directory.CreateDirectory(state.File("artifacts"));
        File.WriteAllText(state.File("artifacts/server.pem"), "");
        File.SetUnixFileMode(state.File("artifacts/server.pem"), Private | UnixFileMode.OtherRead);
        Assert.IsType<Measured.Holds>(Look()["host-state-keys"]);
    }

    [Fact]
    public void A_disk_without_encryption_that_shows_is_unknown_because_it_may_lie_below()
    {
        Write("/sys/dev/block/253:0/dm/uuid", "LVM-abc\n");
        Assert.IsType<Measured.Unknown>(Look()["host-disk-encryption"]);
    }

    [Fact]
    public void Settings_that_include_each_other_come_to_an_end_and_are_unknown()
    {
        Write("/etc/ssh/sshd_config.d/10-ours.conf", "Include /etc/ssh/sshd_config.d/10-ours.conf\n");
        Assert.IsType<Measured.Unknown>(Look()["host-ssh-root"]);
    }

    [Theory]
    [InlineData("\0\u0001\uFFFF: : 0A\n::::\n 0: ZZ:ZZ 0:0 0A\n 0: 00000000:FFFFFFFFFF 0:0 0A\n")]
    [InlineData("a b c d e f - \n- - - -\nInclude *\nInclude /\nMatch\n=\nUid:\n")]
    public void Files_that_hold_anything_throw_nothing(string text)
    {
        foreach (var path in GoodFiles.Keys.Append("/proc/self/mountinfo"))
        {
            Write(path, text);
        }
        Assert.Equal(AllHostChecks.Entries.Count, Look().Count);
    }

    [Fact]
    public void Checks_have_names_of_their_own_in_order()
    {
        var names = AllHostChecks.Entries.Select(check => check.Name).ToList();
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.All(names, name => Assert.StartsWith("host-", name, StringComparison.Ordinal));
    }

    private IReadOnlyDictionary<string, Measured> Look() =>
        AllHostChecks.Of(new(new HostFiles(root.Path, state.Path), new HashSet<int> { 8080 }, Now));

    private void Write(string path, string text)
    {
        var file = Path.Join(root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
