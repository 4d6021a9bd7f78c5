using System.Globalization;
using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Responding.Objectives;

/// <summary>Times of goals, and when people are told.</summary>
public sealed partial class OpenSloReader
{
    private TimeSpan WindowOf(YamlPage spec, string where)
    {
        if (spec.List("timeWindow") is not [var first, ..])
        {
            return WindowUsual;
        }
        var said = first.Text("duration") ?? "";
        var window = Shorthand(said);
        if (window is null || window < TimeSpan.FromDays(1) || window > TimeSpan.FromDays(400))
        {
            Note(where, "Its budget lasts 30d.", $"A window of '{said}' is not from 1d to 400d.");
            return WindowUsual;
        }
        if (first.Has("calendar") || first.Flag("isRolling") == false)
        {
            Note(
                where,
                $"Its budget lasts {window.Value.TotalDays}d at each time.",
                "It went by the calendar; here windows move on."
            );
        }
        return window.Value;
    }

    private List<BurnCondition> ConditionsOf(YamlPage spec, string where)
    {
        var found = new List<BurnCondition>();
        foreach (var one in spec.List("alertPolicies"))
        {
            var policy = one.Text("alertPolicyRef") is { } reference
                ? objects.GetValueOrDefault(("AlertPolicy", reference))
                : one;
            if (policy?.Section("spec") is not { } said)
            {
                Note(where, "An alert policy was left out.", "It is not in the file.");
                continue;
            }
            if (said.Flag("alertWhenNoData") == true)
            {
                Note(where, "Nobody is told where there is no data.", "A rule with absent() says that.");
            }
            if (said.List("notificationTargets").Count > 0)
            {
                Note(where, "Its notification targets were left out.", "Who is told is said by the routing.");
            }
            if (said.Flag("alertWhenBreaching") == false)
            {
                Note(where, "An alert policy was left out.", "It tells nobody while a condition holds.");
                continue;
            }
            found.AddRange(said.List("conditions").Select(each => ConditionOf(each, where)).OfType<BurnCondition>());
        }
        return found;
    }

    private BurnCondition? ConditionOf(YamlPage page, string where)
    {
        var found = page.Text("conditionRef") is { } reference
            ? objects.GetValueOrDefault(("AlertCondition", reference))
            : page;
        if (found?.Section("spec") is not { } spec || spec.Section("condition") is not { } condition)
        {
            Note(where, "An alert condition was left out.", "It is not in the file, or says nothing.");
            return null;
        }
        if (
            (condition.Text("kind") ?? "burnrate") != "burnrate"
            || !double.TryParse(
                condition.Text("threshold"),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var threshold
            )
            || threshold is not (> 0 and < 100_000)
            || Shorthand(condition.Text("lookbackWindow") ?? "") is not { } window
            || window > TimeSpan.FromDays(30)
        )
        {
            Note(
                where,
                "An alert condition was left out.",
                "It is no burnrate with a threshold above 0 and a lookbackWindow of at most 30d."
            );
            return null;
        }
        return new(
            NameOf(found) is { Length: > 0 } name ? name : "burnrate",
            spec.Text("severity") ?? "ticket",
            threshold,
            window,
            Shorthand(condition.Text("alertAfter") ?? "0m") ?? TimeSpan.Zero
        );
    }

    /// <summary>Reads <c>4w</c>; months are 30 days, quarters 90 and years 365. Null when it is none.</summary>
    internal static TimeSpan? Shorthand(string text)
    {
        var read = Length().Match(text);
        if (!read.Success)
        {
            return null;
        }
        var number = int.Parse(read.Groups["number"].Value, CultureInfo.InvariantCulture);
        return read.Groups["unit"].Value switch
        {
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            "w" => TimeSpan.FromDays(7 * number),
            "M" => TimeSpan.FromDays(30 * number),
            "Q" => TimeSpan.FromDays(90 * number),
            _ => TimeSpan.FromDays(365 * number),
        };
    }
}
