using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Drivers.Channels;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>The guide's tables are what channels say of themselves. After a change run once with FAIRLEAD_GOLDEN=write.</summary>
public sealed class ChannelGuideTests
{
    private const string Begin = "<!-- settings: written by a test -->\n";
    private const string End = "<!-- end of settings -->";

    private static readonly string Guide = Path.GetFullPath(
        Path.Combine(Here(), "../../../../docs/guides/channels.md")
    );

    private static IReadOnlyList<IChannel> All =>
        AllChannels.Entries(new World(TimeProvider.System, new Random(1)), "none");

    [Fact]
    public void Kinds_are_unique_and_sorted() =>
        Assert.Equal(
            All.Select(static one => one.Kind).Order(StringComparer.Ordinal).Distinct(),
            All.Select(static one => one.Kind)
        );

    [Fact]
    public void The_guide_has_every_setting_of_every_channel()
    {
        var known = File.ReadAllText(Guide);
        var before = known[..(known.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)];
        var after = known[known.IndexOf(End, StringComparison.Ordinal)..];
        var written = before + Tables() + after;
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(Guide, written);
        }
        Assert.Equal(File.ReadAllText(Guide), written);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var channel in All)
        {
            text.Append("\n### ")
                .Append(channel.Kind)
                .Append("\n\n| setting | | what it takes |\n| --- | --- | --- |\n");
            foreach (var field in channel.Fields)
            {
                string[] words =
                [
                    .. field.IsRequired ? ["required"] : Array.Empty<string>(),
                    .. field.IsSecret ? ["secret"] : Array.Empty<string>(),
                ];
                text.Append("| `").Append(field.Name).Append("` | ").Append(string.Join(", ", words)).Append(" | ");
                text.Append(field.Description.Replace("|", "\\|", StringComparison.Ordinal));
                text.Append(field.Alias is { } alias ? $" Also `{alias}`. |\n" : " |\n");
            }
        }
        return text.Append('\n').ToString();
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
