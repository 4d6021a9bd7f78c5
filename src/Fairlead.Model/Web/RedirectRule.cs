namespace Fairlead.Model.Web;

/// <summary>One line of <c>_redirects</c>, or one redirect or rewrite of <c>vercel.json</c>.</summary>
public sealed record RedirectRule
{
    /// <summary>Such as <c>_redirects:12</c>.</summary>
    public required string Where { get; init; }

    public required PathPattern From { get; init; }

    public required Target To { get; init; }

    /// <summary>200, 404 and 410 show the target's content at the path asked for; 301, 302, 303, 307 and 308 lead to it.</summary>
    public required int Status { get; init; }

    /// <summary>Holds even where a file is.</summary>
    public bool IsForced { get; init; }

    /// <summary>All must hold.</summary>
    public IReadOnlyList<RuleCondition> When { get; init; } = [];

    public bool IsRedirect => Status is >= 300 and < 400;

    /// <summary>What placeholders stand for; null when the rule is not for this request.</summary>
    public IReadOnlyDictionary<string, string>? Match(IAsked asked)
    {
        if (From.Match(asked.Path) is not { } found)
        {
            return null;
        }
        if (When.Count == 0)
        {
            return found;
        }
        var all = new Dictionary<string, string>(found, StringComparer.Ordinal);
        foreach (var condition in When)
        {
            var value = condition.Look(asked);
            if ((value is not null && (condition.Value is null || condition.Value == value)) == condition.IsAbsent)
            {
                return null;
            }
            if (condition.Capture is { } name && value is not null)
            {
                all[name] = value;
            }
        }
        return all;
    }
}

/// <summary>Something that a request must have, or must not have.</summary>
/// <param name="Value">Null takes any.</param>
/// <param name="Capture">The placeholder that stands for its value.</param>
/// <param name="IsAbsent">It must not be there, or not with this value.</param>
public sealed record RuleCondition(
    ConditionKind Kind,
    string Name,
    string? Value = null,
    string? Capture = null,
    bool IsAbsent = false
)
{
    public string? Look(IAsked asked) =>
        Kind switch
        {
            ConditionKind.Header => asked.Header(Name),
            ConditionKind.Cookie => asked.Cookie(Name),
            ConditionKind.Query => asked.Query(Name),
            _ => asked.Host,
        };
}

/// <summary>Where a condition looks.</summary>
public enum ConditionKind
{
    Header,
    Cookie,
    Query,
    Host,
}
