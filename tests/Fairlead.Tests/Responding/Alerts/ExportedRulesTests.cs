using System.Runtime.CompilerServices;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;

namespace Fairlead.Tests.Responding.Alerts;

/// <summary>
/// The rules that Fairlead makes, as files of Prometheus. To take new ones, run once with FAIRLEAD_GOLDEN=write and read the difference.
/// </summary>
public sealed class ExportedRulesTests
{
    private static readonly Site Shop = new("shop", "production");
    private static readonly Dictionary<string, IReadOnlyList<string>> NobodyOff = new(StringComparer.Ordinal);
    private static readonly Slo Goals = new(0.999) { Fast = 0.95, Within = TimeSpan.FromMilliseconds(300) };

    public static TheoryData<string> Names => ["defaults", "defaults-off", "slo", "manifest"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Are_written_as_they_are_meant(string name)
    {
        var path = Path.Combine(Here(), "Golden", $"{name}.yml");
        var text = RuleFileWriter.Write(Groups(name));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }
        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Can_be_read_and_mean_the_same(string name)
    {
        var groups = Groups(name);

        Assert.Equal(groups.Select(Text), RuleFile.Read("exported.yml", RuleFileWriter.Write(groups)).Select(Text));
    }

    [Fact]
    public void Each_usual_alert_says_how_grave_it_is_what_is_wrong_and_what_to_do()
    {
        var rules = DefaultRules.Of(NobodyOff).SelectMany(one => one.Rules).ToList();

        Assert.All(rules, one => Assert.True(one.IsAlerting));
        Assert.All(rules, one => Assert.Contains(one.Labels.Single().Value, new[] { Alert.Page, Alert.Ticket }));
        Assert.All(
            rules,
            one => Assert.Equal(["action", "description", "summary"], one.Annotations.Select(text => text.Name).Order())
        );
        Assert.Equal(rules.Select(one => one.Name).Distinct(), DefaultRules.Names);
        Assert.DoesNotContain(rules, one => one.Query.Contains("APPS", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_is_promised_there_are_no_rules()
    {
        Assert.Empty(SloRules.Of(Shop, null));
        Assert.Empty(SloRules.Of(Shop, new Slo(null)));
        Assert.Empty(RuleSources.Of(Shop, null));
        Assert.Empty(RuleSources.Of(Shop, new WatchSettings()));
    }

    private static IReadOnlyList<RuleGroup> Groups(string name) =>
        name switch
        {
            "defaults" => DefaultRules.Of(NobodyOff),
            "defaults-off" => DefaultRules.Of(
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
                {
                    ["ServiceErrors"] = ["till", "shop"],
                }
            ),
            "slo" => SloRules.Of(Shop, Goals),
            _ =>
            [
                .. RuleSources
                    .Of(
                        Shop,
                        new WatchSettings
                        {
                            Rules =
                            [
                                new("QueueLong", "sum(jobs_waiting) > 100")
                                {
                                    For = TimeSpan.FromMinutes(5),
                                    KeepFiringFor = TimeSpan.FromSeconds(90),
                                    Labels = new Dictionary<string, string> { ["severity"] = "page", ["app"] = "till" },
                                    Annotations = new Dictionary<string, string>
                                    {
                                        ["summary"] = "{{ $value }} \"jobs\" wait:\n# many",
                                    },
                                },
                                new("jobs:rate5m", "rate(jobs_total[5m])") { IsAlerting = false },
                            ],
                        }
                    )
                    .Select(one => one.Group),
            ],
        };

    private static string Text(RuleGroup group) =>
        $"{group.Name} {group.Interval} {string.Join('\n', group.Rules.Select(one => $"{one.Name} {one.IsAlerting} {one.Query} {one.For} {one.KeepFiringFor} {string.Join(',', one.Labels)} {string.Join(',', one.Annotations)}"))}";

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
