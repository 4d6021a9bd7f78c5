using System.Globalization;
using System.Runtime.CompilerServices;
using CsCheck;
using Fairlead.Drivers.Telemetry.Hosts;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Telemetry;

/// <summary>
/// What Linux says, and what is made of it, as files: input, a line of dashes, answer. To take new answers, run once with
/// FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class HostTextsTests
{
    private const string Line = "----------\n";
    private static readonly string Folder = Path.Combine(Here(), "Golden");

    private static readonly Dictionary<string, Action<string, MetricPage>> Readers = new(StringComparer.Ordinal)
    {
        ["stat"] = HostTexts.Stat,
        ["meminfo"] = HostTexts.Memory,
        ["loadavg"] = HostTexts.Load,
        ["net-dev"] = HostTexts.Network,
        ["diskstats"] = HostTexts.Disks,
        ["pressure"] = (text, page) => HostTexts.Pressure("memory", text, page),
        ["file-nr"] = HostTexts.Descriptors,
        ["vmstat"] = HostTexts.Paging,
        ["mounts"] = (text, page) =>
        {
            foreach (var mount in HostTexts.Mounts(text))
            {
                page.Gauge(
                    "mount",
                    "",
                    mount.IsReadOnly ? 1 : 0,
                    ("device", mount.Device),
                    ("point", mount.Point),
                    ("kind", mount.Kind)
                );
            }
        },
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_kernel_says_becomes_what_the_node_exporter_makes_of_it(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var parts = File.ReadAllText(path).Split(Line);
        var page = new MetricPage();
        Readers[name](parts[0], page);
        var actual = string.Concat(
            page.Samples.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Labels} {one.Value:R}\n"))
        );
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, parts[0] + Line + actual);
            return;
        }
        Assert.Equal(parts.ElementAtOrDefault(1), actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_a_kernel_says_nothing_breaks(string name) =>
        Gen.Select(Gen.Int[0, 400], Gen.Char[' ', '~'].Array[0, 12])
            .Sample(
                (at, noise) =>
                {
                    var text = File.ReadAllText(Path.Combine(Folder, $"{name}.txt")).Split(Line)[0];
                    var cut = Math.Min(at, text.Length);
                    Readers[name]
                        (text[..cut] + new string(noise) + text[Math.Min(text.Length, cut + 3)..], new MetricPage());
                },
                iter: 2_000
            );

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
