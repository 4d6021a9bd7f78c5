using System.Text;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>Writes files of rules as Prometheus reads them: every text in double quotes, so nothing in it means something else.</summary>
public static class RuleFileWriter
{
    public static string Write(IReadOnlyList<RuleGroup> groups)
    {
        if (groups.Count == 0)
        {
            return "groups: []\n";
        }
        var text = new StringBuilder("groups:\n");
        foreach (var group in groups)
        {
            Line(text, $"  - name: {Quoted(group.Name)}");
            if (group.Interval is { } interval)
            {
                Line(text, $"    interval: {Length(interval)}");
            }
            if (group.QueryOffset > TimeSpan.Zero)
            {
                Line(text, $"    query_offset: {Length(group.QueryOffset)}");
            }
            if (group.Limit > 0)
            {
                Line(text, $"    limit: {group.Limit}");
            }
            Line(text, "    rules:");
            foreach (var rule in group.Rules)
            {
                Write(text, rule);
            }
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, Rule rule)
    {
        Line(text, $"      - {(rule.IsAlerting ? "alert" : "record")}: {Quoted(rule.Name)}");
        Line(text, $"        expr: {Quoted(rule.Query)}");
        if (rule.For > TimeSpan.Zero)
        {
            Line(text, $"        for: {Length(rule.For)}");
        }
        if (rule.KeepFiringFor > TimeSpan.Zero)
        {
            Line(text, $"        keep_firing_for: {Length(rule.KeepFiringFor)}");
        }
        Write(text, "labels", rule.Labels);
        Write(text, "annotations", rule.Annotations);
    }

    private static void Write(StringBuilder text, string key, IReadOnlyList<Label> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }
        Line(text, $"        {key}:");
        foreach (var (name, value) in labels)
        {
            Line(text, $"          {Quoted(name)}: {Quoted(value)}");
        }
    }

    private static string Length(TimeSpan time) => Durations.Write((long)time.TotalMilliseconds);

    /// <summary>A text of YAML in double quotes.</summary>
    internal static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(letter) || letter is '\u0085' or '\u2028' or '\u2029' or '\ufeff' => quoted
                    .Append("\\u")
                    .Append(((int)letter).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => quoted.Append(letter),
            };
        }
        return quoted.Append('"').ToString();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
