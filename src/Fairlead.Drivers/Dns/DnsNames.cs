namespace Fairlead.Drivers.Dns;

/// <summary>Names and the zones that may hold them.</summary>
internal static class DnsNames
{
    /// <summary>More labels than any name has; it bounds how often a provider is asked.</summary>
    private const int ZonesMax = 12;

    public const int NameMax = 253;

    /// <summary>The name and its parents, longest first, down to two labels: the first that is a zone holds the name.</summary>
    public static IReadOnlyList<string> Candidates(string name)
    {
        var labels = name.ToLowerInvariant().Split('.');
        var all = Enumerable.Range(0, Math.Max(labels.Length - 1, 0)).Select(at => string.Join('.', labels[at..]));
        return [.. all.TakeLast(ZonesMax)];
    }

    public static bool Same(string? one, string? other) =>
        string.Equals(one?.TrimEnd('.'), other?.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
