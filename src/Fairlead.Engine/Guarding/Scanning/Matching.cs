using Fairlead.Engine.Guarding.Scanning.Versions;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Whether an advisory is about a component in its version. Pure.</summary>
public static class Matching
{
    /// <summary>Null when it is not about it.</summary>
    public static Match? Of(Advisory advisory, Component component)
    {
        var version = component.SourceVersion ?? component.Version;
        var isUnclear = false;
        foreach (var affected in advisory.Affected.Where(one => IsAbout(one, component)))
        {
            if (affected.Versions.Contains(version, StringComparer.Ordinal))
            {
                return new(FixedAfter(affected, version), IsSure: true);
            }
            foreach (var range in affected.Ranges)
            {
                switch (Holds(affected.Ecosystem, range, version))
                {
                    case true:
                        return new(range.Fixed, IsSure: true);
                    case null:
                        isUnclear = true;
                        break;
                    default:
                        break;
                }
            }
        }
        return isUnclear ? new(FixedIn: null, IsSure: false) : null;
    }

    /// <summary>The name under which advisories speak of it.</summary>
    public static string NameOf(Ecosystem ecosystem, string name) =>
        ecosystem switch
        {
            Ecosystem.NuGet or Ecosystem.Packagist => name.ToLowerInvariant(),
            Ecosystem.PyPI => string.Join(
                '-',
                name.ToLowerInvariant().Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries)
            ),
            _ => name,
        };

    private static bool IsAbout(Affected affected, Component component) =>
        affected.Ecosystem == component.Ecosystem
        && NameOf(affected.Ecosystem, affected.Name)
            == NameOf(component.Ecosystem, component.SourceName ?? component.Name)
        && (affected.Release is null || component.Distribution is null || affected.Release == component.Distribution);

    // Null when the versions cannot be compared: that is neither yes nor no.
    private static bool? Holds(Ecosystem ecosystem, AffectedRange range, string version)
    {
        var isBegun = range.Introduced == "0" ? 0 : VersionOrder.Compare(ecosystem, range.Introduced, version);
        if (isBegun is null)
        {
            return null;
        }
        if (isBegun > 0)
        {
            return false;
        }
        if (range.Fixed is { } mended)
        {
            return VersionOrder.Compare(ecosystem, version, mended) is { } order ? order < 0 : null;
        }
        if (range.LastAffected is { } last)
        {
            return VersionOrder.Compare(ecosystem, version, last) is { } order ? order <= 0 : null;
        }
        // Even a version that nobody can compare is one of all.
        return true;
    }

    private static string? FixedAfter(Affected affected, string version) =>
        affected
            .Ranges.Select(static one => one.Fixed)
            .OfType<string>()
            .FirstOrDefault(mended => VersionOrder.Compare(affected.Ecosystem, mended, version) > 0);

    /// <param name="FixedIn">The first version without it; null where none is known.</param>
    /// <param name="IsSure">False when the versions cannot be compared.</param>
    public sealed record Match(string? FixedIn, bool IsSure);
}
