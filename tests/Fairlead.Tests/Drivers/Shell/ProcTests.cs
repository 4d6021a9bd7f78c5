using System.Net;
using Fairlead.Drivers.Shell;

namespace Fairlead.Tests.Drivers.Shell;

public sealed class ProcTests
{
    [Fact]
    public void A_process_name_may_hold_blanks_and_brackets() =>
        Assert.Equal(
            new ProcessStat(4242, "odd (name) x", 'S', 1, 4240, 4241, 987654),
            ProcessStat.TryParse(
                "4242 (odd (name) x) S 1 4240 4241 0 -1 4194560 1 0 0 0 5 3 0 0 20 0 11 0 987654 1000 20 0\n"
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (cut) S 1 2")]
    public void A_cut_line_is_no_process(string text) => Assert.Null(ProcessStat.TryParse(text));

    [Fact]
    public void A_process_that_waits_for_its_parent_does_not_run() =>
        Assert.False(new ProcessStat(1, "gone", 'Z', 1, 1, 1, 0).IsRunning);

    [Fact]
    public void An_environment_keeps_equals_signs_in_values() =>
        Assert.Equal(
            new Dictionary<string, string> { ["A"] = "1=2", ["EMPTY"] = "" },
            Proc.ParseEnviron("A=1=2\0EMPTY=\0=odd\0nothing\0")
        );

    [Theory]
    [InlineData("socket:[31337]", 31337L)]
    [InlineData("pipe:[31337]", null)]
    [InlineData("/dev/null", null)]
    public void Sockets_are_told_by_their_link(string link, long? inode) => Assert.Equal(inode, Proc.InodeOf(link));

    [Fact]
    public void Listeners_are_read_and_connections_passed_over()
    {
        const string table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:4E31 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0000
               1: 0100007F:4E32 0100007F:BEEF 01 00000000:00000000 00:00000000 00000000  1000        0 31338 1 0000
               0: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31339 1 0000
            """;

        Assert.Equal(
            [new(IPAddress.Loopback, 20017, 31337), new(IPAddress.IPv6Loopback, 3000, 31339)],
            Listener.Parse(table.Split('\n'))
        );
    }

    [Fact]
    public void Only_what_ipv4_loopback_reaches_counts_as_reachable() =>
        Assert.Equal(
            [true, true, true, false],
            new[] { IPAddress.Any, IPAddress.Loopback, IPAddress.IPv6Any, IPAddress.IPv6Loopback }.Select(address =>
                new Listener(address, 1, 1).IsOnLoopback
            )
        );

    [Theory]
    [InlineData(0x0000, "exit code 0")]
    [InlineData(0x0300, "exit code 3")]
    [InlineData(0x0009, "signal 9 (SIGKILL)")]
    [InlineData(0x008b, "signal 11 (SIGSEGV)")]
    public void A_wait_status_is_put_in_words(int status, string words) =>
        Assert.Equal(words, Ending.OfStatus(status).ToString());
}
