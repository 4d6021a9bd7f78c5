using System.Runtime.CompilerServices;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Objectives;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Responding.Objectives;

/// <summary>
/// Goals of OpenSLO as rules, and goals of apps as OpenSLO. Golden files: the input, a line of dashes, the rules and what was left out;
/// FAIRLEAD_GOLDEN=write writes them.
/// </summary>
public sealed class OpenSloTests
{
    private const string Line = "\n----------\n";
    private static readonly string Folder = Path.Combine(Here(), "Golden");

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_others_promise_becomes_rules_and_what_cannot_be_kept_is_said(string name)
    {
        var path = Path.Combine(Folder, $"{name}.txt");
        var parts = File.ReadAllText(path).Split(Line);
        Same(path, parts[0] + Line + Answer(parts[0]));
    }

    [Fact]
    public void Goals_of_an_app_are_written_as_OpenSLO()
    {
        var text = OpenSloWriter.Write([
            (new Site("shop", "production"), new Slo(0.999) { Fast = 0.95, Within = TimeSpan.FromMilliseconds(300) }),
        ]);
        Same(Path.Combine(Folder, "exported.openslo.yaml"), text);
    }

    [Fact]
    public void What_is_written_is_read_again_and_watches_the_same()
    {
        var text = OpenSloWriter.Write([
            (new Site("shop", "production"), new Slo(0.999) { Fast = 0.95, Within = TimeSpan.FromMilliseconds(300) }),
        ]);
        var (objectives, notes) = OpenSloReader.Read("shop.yaml", text);
        Assert.Empty(notes);
        Assert.Equal(
            [
                "shop-production-availability 0.999 30 Bad sum(fairlead_requests_failed_total{app=\"shop\",environment=\"production\"}) + sum(fairlead_requests_lost_total{app=\"shop\",environment=\"production\"}) page 14.4, page 6, ticket 3, ticket 1",
                "shop-production-latency 0.95 30 Good sum(fairlead_request_duration_seconds_bucket{app=\"shop\",environment=\"production\",le=\"0.3\"}) page 14.4, page 6, ticket 3, ticket 1",
            ],
            objectives.Select(static one =>
                FormattableString.Invariant(
                    $"{one.Name} {one.Target} {one.Window.TotalDays} {one.Indicator.Kind} {one.Indicator.Part} {string.Join(", ", one.Conditions.Select(static burn => FormattableString.Invariant($"{burn.Severity} {burn.Threshold}")))}"
                )
            )
        );
        // Prometheus' own reader of rules takes them.
        Assert.Equal(2, RuleFile.Read("x", RuleFileWriter.Write(ImportObjectives.Rules(objectives).Groups)).Count);
    }

    [Theory]
    [InlineData("5m", 5)]
    [InlineData("4w", 40320)]
    [InlineData("1M", 43200)]
    [InlineData("1Q", 129600)]
    [InlineData("1Y", 525600)]
    [InlineData("1s", null)]
    [InlineData("m", null)]
    [InlineData("1h30m", null)]
    public void Times_are_written_in_shorthand(string text, int? minutes) =>
        Assert.Equal(minutes, OpenSloReader.Shorthand(text)?.TotalMinutes);

    [Theory]
    [InlineData("a: [")]
    [InlineData("- a")]
    [InlineData("")]
    [InlineData("apiVersion: openslo/v1\nkind: Service\nmetadata: { name: a }")]
    public void What_is_no_OpenSLO_is_refused(string text) =>
        Assert.Throws<ProblemException>(() => OpenSloReader.Read("a.yaml", text));

    private static string Answer(string text)
    {
        var (objectives, notes) = OpenSloReader.Read("slo.yaml", text);
        var (groups, left) = ImportObjectives.Rules(objectives);
        return string.Concat([
            RuleFileWriter.Write(groups),
            .. notes.Concat(left).Select(static one => $"{one.Where}: {one.What} {one.Note}\n"),
        ]);
    }

    private static void Same(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
            return;
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
