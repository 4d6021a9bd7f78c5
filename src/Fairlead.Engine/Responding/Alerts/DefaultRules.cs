using System.Reflection;
using Fairlead.Engine.Watching.Rules;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>The alerts that there are without a line written (<c>defaults.yaml</c>).</summary>
public static class DefaultRules
{
    private const string Resource = "Fairlead.Engine.Responding.Alerts.defaults.yaml";
    internal const string File = "fairlead";

    private static readonly string Text = Load();

    /// <summary>Names of all alerts.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Of(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))
            .SelectMany(static one => one.Rules)
            .Select(static one => one.Name),
    ];

    /// <summary>The rules, without the apps that turned an alert off.</summary>
    /// <param name="off">Apps by the name of an alert.</param>
    public static IReadOnlyList<RuleGroup> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> off) =>
        [
            .. RuleFile
                .Read(File, Text)
                .Select(group =>
                    group with
                    {
                        Rules = [.. group.Rules.Select(rule => rule with { Query = Scoped(rule, off) })],
                    }
                ),
        ];

    private static string Scoped(Rule rule, IReadOnlyDictionary<string, IReadOnlyList<string>> off)
    {
        var apps = off.GetValueOrDefault(rule.Name) ?? [];
        var scope = apps.Count == 0 ? "app!=\"\"" : $"app!~\"|{string.Join('|', apps.Order(StringComparer.Ordinal))}\"";
        return rule.Query.Replace("APPS=\"\"", scope, StringComparison.Ordinal).Trim();
    }

    private static string Load()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!; // It is built in.
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
