using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Hosts;

/// <summary>
/// What Linux says of itself in <c>/proc</c> (proc(5)), as the metrics that Prometheus's node exporter makes of it: the same names and
/// units, so dashboards and rules that people have go on working. A line that cannot be read is left out.
/// </summary>
internal static partial class HostTexts
{
    /// <summary>The kernel's ticks a second, as programs see them; the same on every Linux.</summary>
    private const double Ticks = 100;
    private const double SectorBytes = 512;

    private static readonly string[] Modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];

    /// <summary>Reads <c>/proc/stat</c>: <c>cpu0 30528 59089 17950 58033 139 0 7144 60 0 0</c>, <c>ctxt 25196046</c>.</summary>
    public static void Stat(string text, MetricPage page)
    {
        foreach (var words in Lines(text))
        {
            if (words[0] is ['c', 'p', 'u', not ' ', ..] && words[0].Length > 3)
            {
                for (var mode = 0; mode < Modes.Length && mode + 1 < words.Length; mode++)
                {
                    if (TryNumber(words[mode + 1], out var ticks))
                    {
                        page.Counter(
                            "node_cpu_seconds_total",
                            "Seconds the CPUs spent in each mode.",
                            ticks / Ticks,
                            ("cpu", words[0][3..]),
                            ("mode", Modes[mode])
                        );
                    }
                }
            }
            else if (words.Length > 1 && TryNumber(words[1], out var number))
            {
                StatOf(words[0], number, page);
            }
        }
    }

    private static void StatOf(string word, double number, MetricPage page)
    {
        switch (word)
        {
            case "intr":
                page.Counter("node_intr_total", "Total number of interrupts serviced.", number);
                break;
            case "ctxt":
                page.Counter("node_context_switches_total", "Total number of context switches.", number);
                break;
            case "processes":
                page.Counter("node_forks_total", "Total number of forks.", number);
                break;
            case "btime":
                page.Gauge("node_boot_time_seconds", "Node boot time, in unixtime.", number);
                break;
            case "procs_running":
                page.Gauge("node_procs_running", "Number of processes in runnable state.", number);
                break;
            case "procs_blocked":
                page.Gauge("node_procs_blocked", "Number of processes blocked waiting for I/O to complete.", number);
                break;
        }
    }

    /// <summary>Reads <c>/proc/meminfo</c>: <c>Active(anon):      44444 kB</c>, <c>HugePages_Total:       0</c>.</summary>
    public static void Memory(string text, MetricPage page)
    {
        foreach (var words in Lines(text))
        {
            if (words.Length > 1 && words[0].EndsWith(':') && TryNumber(words[1], out var number))
            {
                var isBytes = words.Length > 2 && words[2] == "kB";
                var name = words[0][..^1].Replace("(", "_", StringComparison.Ordinal).TrimEnd(')');
                page.Gauge(
                    $"node_memory_{name}{(isBytes ? "_bytes" : "")}",
                    $"Memory information field {name}{(isBytes ? "_bytes" : "")}.",
                    isBytes ? number * 1024 : number
                );
            }
        }
    }

    /// <summary>Reads <c>/proc/loadavg</c>: <c>3.47 8.87 6.73 1/121 26919</c>.</summary>
    public static void Load(string text, MetricPage page)
    {
        if (
            text.Split(' ') is [var one, var five, var fifteen, ..]
            && TryNumber(one, out var minute)
            && TryNumber(five, out var minutes)
            && TryNumber(fifteen, out var quarter)
        )
        {
            page.Gauge("node_load1", "1m load average.", minute);
            page.Gauge("node_load5", "5m load average.", minutes);
            page.Gauge("node_load15", "15m load average.", quarter);
        }
    }

    private static readonly string[] Received =
    [
        "bytes",
        "packets",
        "errs",
        "drop",
        "fifo",
        "frame",
        "compressed",
        "multicast",
    ];

    private static readonly string[] Sent =
    [
        "bytes",
        "packets",
        "errs",
        "drop",
        "fifo",
        "colls",
        "carrier",
        "compressed",
    ];

    /// <summary>Reads <c>/proc/net/dev</c>: <c>  eth0: 479746884   11124    0    0    0     0          0         0   723276    7526 ...</c>.</summary>
    public static void Network(string text, MetricPage page)
    {
        foreach (var line in text.Split('\n'))
        {
            // An alias may hold a colon, so the last one ends the name.
            var colon = line.LastIndexOf(':');
            if (colon < 0)
            {
                continue;
            }
            var device = line[..colon].Trim();
            var words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < words.Length && i < Received.Length + Sent.Length; i++)
            {
                if (TryNumber(words[i], out var number))
                {
                    var name = i < Received.Length ? $"receive_{Received[i]}" : $"transmit_{Sent[i - Received.Length]}";
                    page.Counter(
                        $"node_network_{name}_total",
                        $"Network device statistic {name}.",
                        number,
                        ("device", device)
                    );
                }
            }
        }
    }

    private static readonly (string Name, string Help, double Factor, bool IsGauge)[] DiskFields =
    [
        ("reads_completed_total", "The total number of reads completed successfully.", 1, false),
        ("reads_merged_total", "The total number of reads merged.", 1, false),
        ("read_bytes_total", "The total number of bytes read successfully.", SectorBytes, false),
        ("read_time_seconds_total", "The total number of seconds spent by all reads.", 0.001, false),
        ("writes_completed_total", "The total number of writes completed successfully.", 1, false),
        ("writes_merged_total", "The number of writes merged.", 1, false),
        ("written_bytes_total", "The total number of bytes written successfully.", SectorBytes, false),
        ("write_time_seconds_total", "This is the total number of seconds spent by all writes.", 0.001, false),
        ("io_now", "The number of I/Os currently in progress.", 1, true),
        ("io_time_seconds_total", "Total seconds spent doing I/Os.", 0.001, false),
        ("io_time_weighted_seconds_total", "The weighted # of seconds spent doing I/Os.", 0.001, false),
    ];

    /// <summary>Reads <c>/proc/diskstats</c>: <c> 254       0 vda 17392 31 1240394 2100 ...</c>. Parts of disks and what is none are left out.</summary>
    public static void Disks(string text, MetricPage page)
    {
        foreach (var words in Lines(text))
        {
            if (words.Length < 3 || NoDisk().IsMatch(words[2]))
            {
                continue;
            }
            for (var i = 0; i < DiskFields.Length && i + 3 < words.Length; i++)
            {
                if (TryNumber(words[i + 3], out var number))
                {
                    var (name, help, factor, isGauge) = DiskFields[i];
                    var about = new MetricAbout(
                        $"node_disk_{name}",
                        isGauge ? MetricKind.Gauge : MetricKind.Counter,
                        help
                    );
                    page.Add(about, "", number * factor, [("device", words[2])]);
                }
            }
        }
    }

    [GeneratedRegex(
        @"^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex NoDisk();

    /// <summary>Reads <c>/proc/pressure/RESOURCE</c>: <c>some avg10=24.75 avg60=29.79 avg300=57.27 total=700263111</c>, in microseconds.</summary>
    public static void Pressure(string resource, string text, MetricPage page)
    {
        foreach (var words in Lines(text))
        {
            var total = words[^1];
            if (!total.StartsWith("total=", StringComparison.Ordinal) || !TryNumber(total[6..], out var micros))
            {
                continue;
            }
            if (words[0] == "some")
            {
                page.Counter(
                    $"node_pressure_{resource}_waiting_seconds_total",
                    $"Total time in seconds that processes have waited for {resource}.",
                    micros / 1e6
                );
            }
            else if (words[0] == "full" && resource != "cpu")
            {
                page.Counter(
                    $"node_pressure_{resource}_stalled_seconds_total",
                    $"Total time in seconds no process could make progress due to {resource}.",
                    micros / 1e6
                );
            }
        }
    }

    /// <summary>Reads <c>/proc/sys/fs/file-nr</c>: <c>743	0	2466170</c>.</summary>
    public static void Descriptors(string text, MetricPage page)
    {
        if (
            text.Split('\t', StringSplitOptions.TrimEntries) is [var allocated, _, var most]
            && TryNumber(allocated, out var now)
            && TryNumber(most, out var limit)
        )
        {
            page.Gauge("node_filefd_allocated", "File descriptor statistics: allocated.", now);
            page.Gauge("node_filefd_maximum", "File descriptor statistics: maximum.", limit);
        }
    }

    /// <summary>Reads of <c>/proc/vmstat</c> what the node exporter does: <c>pgfault 14516333</c>.</summary>
    public static void Paging(string text, MetricPage page)
    {
        foreach (var words in Lines(text))
        {
            if (
                words is [var name, var said]
                && (
                    name.StartsWith("pgpg", StringComparison.Ordinal)
                    || name.StartsWith("pswp", StringComparison.Ordinal)
                    || name is "oom_kill" or "pgfault" or "pgmajfault"
                )
                && TryNumber(said, out var number)
            )
            {
                page.Add(
                    new($"node_vmstat_{name}", MetricKind.Unknown, $"/proc/vmstat information field {name}."),
                    "",
                    number,
                    []
                );
            }
        }
    }

    private static readonly string[] NoFiles =
    [
        "autofs",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "fusectl",
        "hugetlbfs",
        "iso9660",
        "mqueue",
        "nsfs",
        "overlay",
        "proc",
        "procfs",
        "pstore",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "squashfs",
        "sysfs",
        "tracefs",
    ];

    /// <summary>Reads of <c>/proc/self/mounts</c> where files are kept: <c>/dev/vda / ext4 rw,relatime 0 0</c>.</summary>
    public static IReadOnlyList<HostMount> Mounts(string text) =>
        [
            .. from words in Lines(text)
            where words.Length > 3
            let point = Unescaped(words[1])
            where !NoFiles.Contains(words[2], StringComparer.Ordinal) && !NoPlace().IsMatch(point)
            group new HostMount(
                Unescaped(words[0]),
                point,
                words[2],
                words[3].Split(',').Contains("ro")
            ) by point into same
            // What was mounted over something hides it.
            select same.Last(),
        ];

    [GeneratedRegex(
        "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex NoPlace();

    // A blank in a path is written \040.
    private static string Unescaped(string path) =>
        path.Contains('\\', StringComparison.Ordinal)
            ? path.Replace("\\040", " ", StringComparison.Ordinal)
                .Replace("\\011", "\t", StringComparison.Ordinal)
                .Replace("\\012", "\n", StringComparison.Ordinal)
                .Replace("\\134", "\\", StringComparison.Ordinal)
            : path;

    private static IEnumerable<string[]> Lines(string text) =>
        text.Split('\n')
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0);

    private static bool TryNumber(string word, out double number) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}

/// <summary>Where files are kept.</summary>
internal sealed record HostMount(string Device, string Point, string Kind, bool IsReadOnly);
