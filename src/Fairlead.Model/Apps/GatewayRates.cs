using System.Globalization;
using System.Runtime.InteropServices;
using Fairlead.Model.Releases;

namespace Fairlead.Model.Apps;

/// <summary>So many in so long a time, such as <c>100/1m</c>.</summary>
/// <param name="Count">1 to 1,000,000.</param>
/// <param name="Window">One second to 31 days.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Rate(int Count, TimeSpan Window)
{
    private const int CountMax = 1_000_000;
    private static readonly TimeSpan WindowMax = TimeSpan.FromDays(31);

    /// <summary>Reads <c>100/1m</c>, also <c>100/m</c>; null for anything else.</summary>
    public static Rate? TryParse(string text)
    {
        if (text.Split('/') is not [var many, var time])
        {
            return null;
        }
        var window = Units.TryParseDuration(time is ['s' or 'm' or 'h' or 'd'] ? $"1{time}" : time);
        return
            int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= CountMax
            && window >= TimeSpan.FromSeconds(1)
            && window <= WindowMax
            ? new(count, window.Value)
            : null;
    }

    public override string ToString() => $"{Count.ToString(CultureInfo.InvariantCulture)}/{Window.Text}";
}

/// <summary>How often one client may ask.</summary>
public sealed record RateLimit
{
    /// <summary>What clients are told; unique in its service.</summary>
    public required string Name { get; init; }

    public required Rate Limit { get; init; }

    /// <summary>Who shares a limit: <c>ip</c>, <c>key</c>, <c>route</c>, <c>all</c> or <c>header:NAME</c>.</summary>
    public string By { get; init; } = "ip";

    /// <summary>Path prefixes it holds for; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Methods it holds for; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>How many may come at once, for a token bucket.</summary>
    public int? Burst { get; init; }

    public RateLimitKind Kind { get; init; }

    public bool Equals(RateLimit? other) =>
        other is not null
        && (Name, Limit, By, Burst, Kind) == (other.Name, other.Limit, other.By, other.Burst, other.Kind)
        && Paths.SequenceEqual(other.Paths)
        && Methods.SequenceEqual(other.Methods);

    public override int GetHashCode() => HashCode.Combine(Name, Limit, By, Burst, Kind);
}

/// <summary>How a rate is counted.</summary>
public enum RateLimitKind
{
    /// <summary>Never more than the limit in any window, wherever it begins.</summary>
    SlidingWindow,

    /// <summary>Fills up at the rate and may be emptied at once.</summary>
    TokenBucket,
}

/// <summary>Which requests must carry a key of the platform, and how much each key may ask.</summary>
public sealed record KeyPolicy
{
    /// <summary>Where the key is; <c>Authorization</c> is read as <c>Bearer KEY</c>.</summary>
    public string Header { get; init; } = "X-Api-Key";

    /// <summary>Requests without a valid key are refused; else a key only says who asks.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>What a key may ask that has no quota of its own; null for no limit.</summary>
    public Rate? Quota { get; init; }
}
