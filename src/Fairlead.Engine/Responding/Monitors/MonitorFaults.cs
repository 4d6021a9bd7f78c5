using System.Text.RegularExpressions;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>Something in a monitor that cannot be.</summary>
/// <param name="Key">Where, as a manifest calls it.</param>
public sealed record MonitorFault(string Key, string What, string Why, string Fix)
{
    /// <summary>Whose; empty where only one is looked at.</summary>
    public string Monitor { get; init; } = "";
}

/// <summary>Finds what cannot be in monitors. Pure.</summary>
public static class MonitorFaults
{
    private const int AddressLettersMax = 2_000;
    private const int RetriesMax = 10;
    private const int DependsMax = 20;
    private static readonly TimeSpan TimeoutMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GraceMax = TimeSpan.FromDays(7);

    private static readonly string[] DnsTypes = ["a", "aaaa", "caa", "cname", "mx", "ns", "ptr", "soa", "srv", "txt"];

    /// <summary>What a look may take where nothing is said.</summary>
    public static TimeSpan UsualTimeout(TimeSpan every) =>
        every * 0.8 < TimeSpan.FromSeconds(10) ? every * 0.8 : TimeSpan.FromSeconds(10);

    /// <param name="isOfApp">It is in a manifest: it may begin with a slash, and no variable is filled in.</param>
    public static IReadOnlyList<MonitorFault> Of(MonitorSpec spec, bool isOfApp) =>
        [
            .. (
                (MonitorFault?[])
                    [
                        AddressFault(spec, isOfApp),
                        .. TimeFaults(spec),
                        .. ContentFaults.Expect(spec),
                        .. ContentFaults.Request(spec, isOfApp),
                        ContentFaults.Journey(spec),
                    ]
            ).OfType<MonitorFault>(),
        ];

    /// <summary>Monitors that depend on themselves, over others or at once.</summary>
    public static IEnumerable<MonitorFault> Circles(IReadOnlyList<MonitorSpec> all)
    {
        var byName = all.ToDictionary(one => one.Name, StringComparer.Ordinal);
        foreach (var spec in all)
        {
            if (Reaches(spec, spec.Name, byName, []))
            {
                yield return new(
                    "dependsOn",
                    $"The monitor '{spec.Name}' depends on itself.",
                    "What is on the way to it cannot be behind it as well.",
                    "Take one of the names out of 'dependsOn'."
                )
                {
                    Monitor = spec.Name,
                };
            }
        }
    }

    private static bool Reaches(
        MonitorSpec from,
        string goal,
        Dictionary<string, MonitorSpec> all,
        HashSet<string> seen
    ) =>
        from.DependsOn.Any(name =>
            name == goal || (seen.Add(name) && all.TryGetValue(name, out var next) && Reaches(next, goal, all, seen))
        );

    private static MonitorFault? AddressFault(MonitorSpec spec, bool isOfApp)
    {
        if (spec.Url.StartsWith('/') && isOfApp)
        {
            return
                spec.Url.StartsWith("//", StringComparison.Ordinal) || spec.Url.Any(letter => letter is < '!' or > '~')
                ? Wrong(spec, "It is no path.")
                : null;
        }
        if (spec.Url.Length is 0 or > AddressLettersMax)
        {
            return Wrong(spec, spec.Url.Length == 0 ? "Nothing says where to look." : "It is too long.");
        }
        if (!MonitorWays.All.Contains(spec.Scheme) || !spec.Url.Contains(':', StringComparison.Ordinal))
        {
            return Wrong(
                spec,
                $"It has to begin with one of: {string.Join(", ", MonitorWays.All.Select(one => one + ":"))}."
            );
        }
        if (isOfApp && spec.Url.Contains("${", StringComparison.Ordinal))
        {
            return Wrong(spec, "Variables are only filled in where an operator added the monitor, not in manifests.");
        }
        if (spec.IsPush)
        {
            return spec.Url is "push:" ? null : Wrong(spec, "One that others report to is written 'push:'.");
        }
        return spec.Scheme is "docker" ? ContainerFault(spec) : PlaceFault(spec);
    }

    private static MonitorFault? ContainerFault(MonitorSpec spec) =>
        spec.Url.StartsWith("docker://", StringComparison.Ordinal)
        && spec.Url["docker://".Length..].Trim('/') is { Length: > 0 } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-')
            ? null
            : Wrong(spec, "It has to name a container: docker://NAME.");

    private static MonitorFault? PlaceFault(MonitorSpec spec)
    {
        // A variable stands for something without dots and slashes where this is judged.
        if (
            !Uri.TryCreate(
                Regex.Replace(spec.Url, "\\$\\{[^}]*\\}", "x", RegexOptions.NonBacktracking),
                UriKind.Absolute,
                out var url
            )
        )
        {
            return Wrong(spec, "It is no address.");
        }
        if (spec.Scheme is "dns")
        {
            var type = System.Web.HttpUtility.ParseQueryString(url.Query)["type"] ?? "a";
            return url.AbsolutePath.Trim('/').Length == 0
                    ? Wrong(
                        spec,
                        "It has to say which name is asked for: dns:///shop.example.com, or dns://1.1.1.1/shop.example.com."
                    )
                : DnsTypes.Contains(type, StringComparer.OrdinalIgnoreCase) ? null
                : Wrong(spec, $"A type of records is one of: {string.Join(", ", DnsTypes)}.");
        }
        return Uri.CheckHostName(url.DnsSafeHost) is UriHostNameType.Unknown ? Wrong(spec, "It has no host.")
            : MonitorWays.NeedsPort(spec.Scheme) && url.Port <= 0 ? Wrong(spec, "It needs a port, HOST:PORT.")
            : null;
    }

    private static IEnumerable<MonitorFault?> TimeFaults(MonitorSpec spec)
    {
        if (spec.Every < MonitorSpec.EveryMin || spec.Every > MonitorSpec.EveryMax)
        {
            yield return new(
                "every",
                $"The monitor '{spec.Name}' would be looked at every {spec.Every.Text}.",
                "Looks are 5s to 1d apart.",
                "Write for example: every: 30s"
            );
        }
        else if (!spec.IsPush && (spec.Timeout < TimeoutMin || spec.Timeout >= spec.Every || spec.Timeout > TimeoutMax))
        {
            yield return new(
                "timeout",
                $"A look of the monitor '{spec.Name}' may take {spec.Timeout.Text}.",
                $"It takes a time of 100ms to 5m that is less than 'every', {spec.Every.Text}.",
                $"Write for example: timeout: {UsualTimeout(spec.Every).Text}"
            );
        }
        if (spec.Grace < TimeSpan.Zero || spec.Grace > GraceMax)
        {
            yield return new(
                "grace",
                $"Signs of life of the monitor '{spec.Name}' may be {spec.Grace.Text} late.",
                "It takes a time up to 7d.",
                "Write for example: grace: 5m"
            );
        }
        if (spec.Retries is < 0 or > RetriesMax || spec.DependsOn.Count > DependsMax)
        {
            yield return new(
                "retries",
                $"The monitor '{spec.Name}' forgives or depends on too much.",
                $"At most {RetriesMax} failed looks are forgiven, and it depends on at most {DependsMax} others.",
                "Write for example: retries: 2"
            );
        }
    }

    private static MonitorFault Wrong(MonitorSpec spec, string why) =>
        new(
            "url",
            $"The monitor '{spec.Name}' cannot look there.",
            why,
            "Write for example: https://shop.example.com/healthz, or tcp://10.0.0.5:22"
        );
}
