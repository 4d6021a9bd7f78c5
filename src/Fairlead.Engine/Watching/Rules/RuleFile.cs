using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>Reads files of rules as Prometheus has them.</summary>
public static class RuleFile
{
    private static readonly string[] Known =
    [
        "record",
        "alert",
        "expr",
        "for",
        "keep_firing_for",
        "labels",
        "annotations",
    ];

    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ProblemException">With everything that is wrong with it.</exception>
    public static IReadOnlyList<RuleGroup> Read(string file, string text)
    {
        var page = YamlPage.Read(file, text);
        var groups = page.List("groups").Select(group => Group(file, group)).ToList();
        page.CheckKeys("groups");
        foreach (var twice in groups.GroupBy(static one => one.Name).Where(static one => one.Skip(1).Any()))
        {
            page.Add("rules.bad-group", $"The group '{twice.Key}' is there twice.", "Groups are known by their names.");
        }
        page.ThrowIfAny();
        return groups;
    }

    private static RuleGroup Group(string file, YamlPage group)
    {
        group.CheckKeys("name", "interval", "query_offset", "limit", "labels", "rules", "partial_response_strategy");
        var shared = group.Labels("labels");
        return new(
            group.Text("name") ?? "",
            file,
            group.Duration("interval"),
            [.. group.List("rules").Select(one => Read(one, shared))]
        )
        {
            QueryOffset = group.Duration("query_offset") ?? TimeSpan.Zero,
            Limit = (int)(Numbers.Read(group.Text("limit") ?? "0") ?? 0),
        };
    }

    private static Rule Read(YamlPage rule, IReadOnlyList<Label> shared)
    {
        rule.CheckKeys(Known);
        var (record, alert) = (rule.Text("record"), rule.Text("alert"));
        if (record is null == (alert is null))
        {
            rule.Add("rules.bad-rule", "A rule is neither or both.", "Each has one of 'record' and 'alert'.");
        }
        var query = rule.Text("expr") ?? "";
        CheckQuery(rule, query);
        var own = rule.Labels("labels");
        var read = new Rule(alert ?? record ?? "", query)
        {
            IsAlerting = alert is not null,
            For = rule.Duration("for") ?? TimeSpan.Zero,
            KeepFiringFor = rule.Duration("keep_firing_for") ?? TimeSpan.Zero,
            Labels = [.. shared.Where(one => own.All(other => other.Name != one.Name)), .. own],
            Annotations = rule.Labels("annotations"),
        };
        if (read.IsAlerting)
        {
            CheckTemplates(rule, read);
        }
        return read;
    }

    private static void CheckQuery(YamlPage rule, string query)
    {
        try
        {
            QueryEngine.Format(query);
        }
        catch (ProblemException caught)
        {
            rule.Add("rules.bad-query", $"The query '{query}' cannot be read.", caught.Problem.Why);
        }
    }

    private static void CheckTemplates(YamlPage rule, Rule read)
    {
        foreach (var (name, text) in read.Labels.Concat(read.Annotations))
        {
            try
            {
                Template.Read(text);
            }
            catch (TemplateException caught)
            {
                rule.Add("rules.bad-template", $"The template of '{name}' cannot be read.", caught.Message);
            }
        }
    }
}
