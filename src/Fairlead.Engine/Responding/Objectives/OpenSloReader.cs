using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Responding.Objectives;

/// <summary>
/// Reads OpenSLO v1 (https://github.com/OpenSLO/OpenSLO, its specification, for the published schemas contradict it): SLO and SLI, with alert
/// policies and conditions. What has no meaning here is left out, and each time said.
/// <code>
/// apiVersion: openslo/v1
/// kind: SLO
/// metadata: { name: orders }
/// spec: { service: shop, budgetingMethod: Occurrences, indicator: {...}, objectives: [{ target: 0.99 }] }
/// </code>
/// </summary>
public sealed partial class OpenSloReader
{
    private const string Version = "openslo/v1";
    private const int ObjectsMax = 1_000;
    private static readonly TimeSpan WindowUsual = TimeSpan.FromDays(30);

    private readonly List<ObjectiveNote> notes = [];
    private readonly Dictionary<(string Kind, string Name), YamlPage> objects = [];

    private OpenSloReader() { }

    /// <exception cref="ProblemException">It is no YAML, or no OpenSLO at all.</exception>
    public static (IReadOnlyList<Objective> Objectives, IReadOnlyList<ObjectiveNote> Notes) Read(
        string file,
        string text
    )
    {
        var pages = YamlPage.ReadAll(file, text);
        var reader = new OpenSloReader();
        var slos = reader.Sorted(pages);
        if (pages.Count > 0)
        {
            // One text, one list of what is wrong with its form.
            pages[0].ThrowIfAny();
        }
        if (slos.Count == 0 && reader.notes.Count == 0)
        {
            throw new ProblemException(
                new Problem(
                    "slo.none",
                    What: $"There is no SLO in {file}.",
                    Why: $"It has no object of the kind SLO of {Version}.",
                    Fix: "Name a file of OpenSLO."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        List<Objective> objectives = [.. slos.SelectMany(reader.ObjectivesOf)];
        if (pages.Count > 0)
        {
            pages[0].ThrowIfAny();
        }
        return (objectives, reader.notes);
    }

    private List<YamlPage> Sorted(IReadOnlyList<YamlPage> pages)
    {
        var slos = new List<YamlPage>();
        foreach (var page in pages.Take(ObjectsMax))
        {
            var (kind, name) = (page.Text("kind") ?? "", NameOf(page));
            if (page.Text("apiVersion") is { } version && version != Version)
            {
                Note($"{kind} {name}", $"It is of {version} and was left out.", $"{Version} is read.");
                continue;
            }
            switch (kind)
            {
                case "SLO":
                    slos.Add(page);
                    break;
                case "SLI" or "AlertPolicy" or "AlertCondition" or "DataSource":
                    objects[(kind, name)] = page;
                    break;
                case "AlertNotificationTarget":
                    Note(
                        $"{kind} {name}",
                        "It was left out.",
                        "Who is told is said by the routing: fairlead routing set."
                    );
                    break;
                case "Service":
                    break; // A name is all that is needed of it.
                default:
                    Note($"{kind} {name}".Trim(), "It was left out.", "OpenSLO has no such kind.");
                    break;
            }
        }
        if (pages.Count > ObjectsMax)
        {
            Note("the file", $"{pages.Count - ObjectsMax} objects were left out.", $"At most {ObjectsMax} are read.");
        }
        return slos;
    }

    private IEnumerable<Objective> ObjectivesOf(YamlPage page)
    {
        var name = NameOf(page);
        var where = $"SLO {name}";
        if (page.Section("spec") is not { } spec)
        {
            Note(where, "It was left out.", "It has no 'spec'.");
            yield break;
        }
        if (spec.Text("budgetingMethod") is { } method and not "Occurrences")
        {
            Note(where, "It was left out.", $"It counts {method}; here events are counted (Occurrences).");
            yield break;
        }
        if (IndicatorOf(spec, where) is not { } indicator)
        {
            yield break;
        }
        var window = WindowOf(spec, where);
        var conditions = ConditionsOf(spec, where);
        var objectives = spec.List("objectives");
        if (objectives.Count == 0)
        {
            Note(where, "It was left out.", "It has no 'objectives'.");
        }
        for (var place = 0; place < objectives.Count; place++)
        {
            if (TargetOf(objectives[place], where) is { } target)
            {
                yield return new(
                    objectives.Count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{place + 1}"),
                    spec.Text("service") ?? "",
                    indicator,
                    target,
                    window
                )
                {
                    Conditions = conditions,
                };
            }
        }
    }

    private double? TargetOf(YamlPage page, string where)
    {
        if (page.Has("indicator") || page.Has("indicatorRef"))
        {
            Note(
                where,
                "An objective was left out.",
                "It has an indicator of its own, which makes a goal of several parts."
            );
            return null;
        }
        var (text, unit) = page.Text("target") is { } part ? (part, 1.0) : (page.Text("targetPercent") ?? "", 100);
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number / unit is > 0 and < 1 and var target
        )
        {
            return Math.Round(target, 12);
        }
        Note(where, "An objective was left out.", $"Its target '{text}' is not above 0 and below {unit}.");
        return null;
    }

    private Indicator? IndicatorOf(YamlPage spec, string where)
    {
        var sli = spec.Section("indicator");
        if (sli is null && spec.Text("indicatorRef") is { } reference)
        {
            sli = objects.GetValueOrDefault(("SLI", reference));
            if (sli is null)
            {
                Note(where, "It was left out.", $"Its indicator '{reference}' is not in the file.");
                return null;
            }
        }
        if (sli?.Section("spec")?.Section("ratioMetric") is not { } ratio)
        {
            Note(
                where,
                "It was left out.",
                sli?.Section("spec")?.Has("thresholdMetric") == true
                    ? "Its indicator compares one number with a limit, and counts no events; an alert says that better."
                    : "It has no indicator with a ratioMetric."
            );
            return null;
        }
        if (ratio.Has("raw"))
        {
            return Query(ratio, "raw", where) is { } raw
                ? new(
                    ratio.Text("rawType") == "failure" ? IndicatorKind.Failure : IndicatorKind.Success,
                    raw,
                    Total: null,
                    IsCounter: false
                )
                : null;
        }
        var isGood = ratio.Has("good");
        if (isGood == ratio.Has("bad"))
        {
            Note(where, "It was left out.", "Its ratioMetric has neither or both of 'good' and 'bad'.");
            return null;
        }
        return Query(ratio, isGood ? "good" : "bad", where) is { } counted && Query(ratio, "total", where) is { } total
            ? new(isGood ? IndicatorKind.Good : IndicatorKind.Bad, counted, total, ratio.Flag("counter") ?? false)
            : null;
    }

    private string? Query(YamlPage ratio, string key, string where)
    {
        var source = ratio.Section(key)?.Section("metricSource");
        var type =
            source?.Text("type")
            ?? (
                source?.Text("metricSourceRef") is { } reference
                    ? objects.GetValueOrDefault(("DataSource", reference))?.Section("spec")?.Text("type")
                    : null
            );
        if (type is not null && !type.Equals("prometheus", StringComparison.OrdinalIgnoreCase))
        {
            Note(where, "It was left out.", $"Its numbers are in {type}; here are those of Prometheus.");
            return null;
        }
        var query = source?.Section("spec")?.Text("query");
        if (query is null)
        {
            Note(where, "It was left out.", $"'{key}' has no metricSource with a query.");
            return null;
        }
        try
        {
            return QueryEngine.Format(query);
        }
        catch (ProblemException caught)
        {
            Note(where, "It was left out.", $"The query of '{key}' cannot be read: {caught.Problem.Why}");
            return null;
        }
    }

    private static string NameOf(YamlPage page) => page.Section("metadata")?.Text("name") ?? "";

    private void Note(string where, string what, string why) => notes.Add(new(where, what, why));

    [GeneratedRegex(
        "^(?<number>[0-9]{1,6})(?<unit>[mhdwMQY])$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Length();
}
