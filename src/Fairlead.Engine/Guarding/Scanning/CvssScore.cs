using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Base scores of CVSS 3.0 and 3.1, by the specification's section 7.1.</summary>
public static class CvssScore
{
    private const double HighFrom = 7;
    private const double CriticalFrom = 9;
    private const double MediumFrom = 4;

    public static Severity Of(double score) =>
        score >= CriticalFrom ? Severity.Critical
        : score >= HighFrom ? Severity.High
        : score >= MediumFrom ? Severity.Medium
        : Severity.Low;

    /// <summary>How bad a vector is; null when it is none.</summary>
    public static Severity? TryRate(string vector) => TryRead(vector) is { } score ? Of(score) : null;

    /// <summary>The score of a vector such as <c>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H</c>; null when it is none.</summary>
    public static double? TryRead(string vector)
    {
        const int LettersMax = 200;
        if (vector.Length > LettersMax || !vector.StartsWith("CVSS:3.", StringComparison.Ordinal))
        {
            return null;
        }
        var metrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var metric in vector.Split('/').Skip(1))
        {
            if (metric.Split(':') is not [var name, var value] || !metrics.TryAdd(name, value))
            {
                return null;
            }
        }
        var isChanged = metrics.GetValueOrDefault("S") == "C";
        if (
            metrics.GetValueOrDefault("S") is not ("C" or "U")
            || Pick(metrics, "AV", ("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)) is not { } way
            || Pick(metrics, "AC", ("L", 0.77), ("H", 0.44)) is not { } effort
            || Pick(metrics, "PR", ("N", 0.85), ("L", isChanged ? 0.68 : 0.62), ("H", isChanged ? 0.5 : 0.27))
                is not { } rights
            || Pick(metrics, "UI", ("N", 0.85), ("R", 0.62)) is not { } people
            || Loss(metrics, "C") is not { } secrecy
            || Loss(metrics, "I") is not { } integrity
            || Loss(metrics, "A") is not { } presence
        )
        {
            return null;
        }
        var loss = 1 - ((1 - secrecy) * (1 - integrity) * (1 - presence));
        var impact = isChanged ? (7.52 * (loss - 0.029)) - (3.25 * Math.Pow(loss - 0.02, 15)) : 6.42 * loss;
        if (impact <= 0)
        {
            return 0;
        }
        var ease = 8.22 * way * effort * rights * people;
        return Up(Math.Min((isChanged ? 1.08 : 1) * (impact + ease), 10));
    }

    private static double? Loss(Dictionary<string, string> metrics, string name) =>
        Pick(metrics, name, ("H", 0.56), ("L", 0.22), ("N", 0));

    private static double? Pick(
        Dictionary<string, string> metrics,
        string name,
        params ReadOnlySpan<(string Value, double Weight)> weights
    )
    {
        foreach (var (value, weight) in weights)
        {
            if (metrics.GetValueOrDefault(name) == value)
            {
                return weight;
            }
        }
        return null;
    }

    // "Roundup" of the specification's appendix A: in whole numbers, so that floating point adds nothing.
    private static double Up(double score)
    {
        var whole = (int)Math.Round(score * 100_000);
        return whole % 10_000 == 0 ? whole / 100_000.0 : (Math.Floor(whole / 10_000.0) + 1) / 10.0;
    }
}
