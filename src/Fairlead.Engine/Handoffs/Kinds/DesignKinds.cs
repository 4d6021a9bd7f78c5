using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Handoffs.Kinds;

/// <summary>How pages must feel: measured at real users' browsers while a release is tried, and by Lighthouse.</summary>
public sealed record PerformanceBudget : HandoffBody
{
    /// <summary>The service whose pages they are.</summary>
    public required string Service { get; init; }

    /// <summary>Largest Contentful Paint of 75 of 100 views, in milliseconds.</summary>
    public int? LcpMilliseconds { get; init; }

    /// <summary>Interaction to Next Paint of 75 of 100 views, in milliseconds.</summary>
    public int? InpMilliseconds { get; init; }

    /// <summary>Cumulative Layout Shift of 75 of 100 views.</summary>
    public double? Cls { get; init; }

    /// <summary>Sizes of what is sent, by route, are checked as the app's fairlead.checks.yaml says.</summary>
    public bool Bundle { get; init; }

    /// <summary>Lighthouse looks at the part that is tried, as the app's fairlead.checks.yaml says.</summary>
    public bool Lighthouse { get; init; }

    private static readonly TimeSpan CheckMax = TimeSpan.FromMinutes(5);

    public override string? Fault() =>
        LcpMilliseconds is <= 0 || InpMilliseconds is <= 0 || Cls is <= 0 ? "limits are above 0" : null;

    public override IEnumerable<string> Effects() =>
        Gates("APP").Select(gate => $"'{gate}' is a gate of each rollout of {Service}");

    public override void Compile(HandoffCompile compile) =>
        compile.Watch(Service, [.. Gates(compile.Candidate.Site.App)]);

    private IEnumerable<Gate> Gates(string app)
    {
        foreach (
            var (vital, limit) in new[]
            {
                ("LCP", (double?)LcpMilliseconds),
                ("INP", (double?)InpMilliseconds),
                ("CLS", Cls),
            }
        )
        {
            if (limit is { } below)
            {
                // Also when no user has come yet: then there is nothing to judge, and the gate holds.
                yield return new Gate.Query(
                    $"max(fairlead_vital_p75{{app=\"{app}\",release=\"{Gate.Query.ReleaseWord}\",vital=\"{vital}\"}}) or vector(0)",
                    below,
                    Above: null,
                    Rise: null
                );
            }
        }
        if (Bundle)
        {
            yield return new Gate.Check(CheckKind.Bundle, CheckMax);
        }
        if (Lighthouse)
        {
            yield return new Gate.Check(CheckKind.Lighthouse, CheckMax);
        }
    }
}

/// <summary>What somebody wants to be told of.</summary>
public sealed record MonitoringWishes : HandoffBody
{
    public required IReadOnlyList<Wish> Alerts { get; init; }

    /// <param name="Name">Letters, digits and underscores.</param>
    /// <param name="Query">In PromQL: it fires while this gives anything.</param>
    /// <param name="For">How long that must be so, such as <c>5m</c>.</param>
    public sealed record Wish(string Name, string Query, string For = "5m", string Severity = "warning");

    public override string? Fault() =>
        Alerts.Count > 50 ? "it has more than 50 wishes"
        : Alerts.Any(static one =>
            one.Name.Length is 0 or > 60
            || !one.Name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_')
        )
            ? "names of alerts have letters, digits and underscores"
        : null;

    public override IEnumerable<string> Effects() =>
        Alerts.Select(static one => $"'{one.Name}' fires when {one.Query} holds for {one.For}");
}

/// <summary>How much is expected, turned into replicas.</summary>
public sealed record GrowthForecast : HandoffBody
{
    private const int ReplicasMax = 100;

    public required string Service { get; init; }

    /// <summary>Requests in a second that are expected at most.</summary>
    public required double PeakPerSecond { get; init; }

    /// <summary>Requests in a second that one replica was seen to take.</summary>
    public required double PerReplicaPerSecond { get; init; }

    /// <summary>How many more replicas there are than are needed.</summary>
    public int Spare { get; init; } = 1;

    private int Needed => (int)Math.Ceiling(PeakPerSecond / PerReplicaPerSecond) + Spare;

    public override string? Fault() =>
        PeakPerSecond <= 0 || PerReplicaPerSecond <= 0 || Spare is < 0 or > 10
            ? "rates are above 0, and 'spare' is 0 to 10"
        : PeakPerSecond / PerReplicaPerSecond + Spare > ReplicasMax ? $"it would take more than {ReplicasMax} replicas"
        : null;

    public override IEnumerable<string> Effects() =>
        [string.Create(CultureInfo.InvariantCulture, $"{Service} has, or may grow to, {Needed} replicas")];

    public override void Compile(HandoffCompile compile)
    {
        if (compile.Find(Service) is not { } found || found.Service.IsExclusive)
        {
            return;
        }
        compile.Change(
            found,
            one =>
                one with
                {
                    Service = one.Service.Scale is { } scale
                        ? one.Service with
                        {
                            Scale = scale with { Max = Math.Max(scale.Max, Needed) },
                        }
                        : one.Service with
                        {
                            Replicas = Math.Max(one.Service.Replicas, Needed),
                        },
                }
        );
    }
}

/// <summary>Where users are, and how they reach the app.</summary>
public sealed record GeoPlan : HandoffBody
{
    /// <summary>Names at which the app answers.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>All of it is sealed.</summary>
    public bool Tls { get; init; }

    /// <summary>Services whose answers are kept at the edge.</summary>
    public IReadOnlyList<string> Cached { get; init; } = [];

    public override IEnumerable<string> Effects() =>
        [
            .. Hosts.Select(static one => $"no release goes out that does not answer at {one}"),
            .. Tls ? new[] { "no release goes out with TLS switched off" } : [],
            .. Cached.Select(static one => $"no release goes out in which the edge keeps no answers of {one}"),
        ];

    public override void Compile(HandoffCompile compile)
    {
        foreach (var host in Hosts.Except(compile.Candidate.Hosts, StringComparer.OrdinalIgnoreCase))
        {
            compile.Block($"it does not answer at {host}", "Add it to 'hosts' of the environment in the manifest.");
        }
        if (Tls && compile.Candidate.Tls is { Mode: TlsMode.Off })
        {
            compile.Block("TLS is off", "Remove 'tls: off' from the manifest.");
        }
        foreach (var name in Cached)
        {
            if (compile.Find(name)?.Service is { Web: null } service && service.Gateway?.Cache is null)
            {
                compile.Block(
                    $"the edge keeps no answers of {name}",
                    $"Add services.{name}.gateway.cache to the manifest."
                );
            }
        }
    }
}
