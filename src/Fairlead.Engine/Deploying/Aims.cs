using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What each phase aims at.</summary>
public static class Aims
{
    private static readonly HashSet<Part> Nobody = [];

    /// <summary>The live release alone, with what is kept warm and without what sleeps.</summary>
    public static Aim Idle(Situation now) =>
        new()
        {
            Shape = Warmed(Shape.Of(now.Live).Without(now.MaySleep), now),
            Hosts = now.Live?.Hosts ?? [],
            Https = HttpsOf(now.Live),
            MustBeReady = Nobody,
            Exclusive = Exclusive(now),
        };

    /// <summary>The step under way.</summary>
    public static Aim RollOut(Situation now) =>
        new()
        {
            Shape = Shape.At(now.Live, now.Next!, now.Deployment!.Steps, now.Deployment.Step),
            Hosts = [.. now.Next!.Hosts.Union(now.Live?.Hosts ?? [])],
            Https = HttpsOf(now.Next),
            Spared = now.Next,
            MustBeReady = Changed(now),
            MustBeAlone = now.Deployment.Current is Step.Retire or Step.Replace,
            Exclusive = Exclusive(now),
        };

    /// <summary>As it was before.</summary>
    public static Aim RollBack(Situation now) =>
        new()
        {
            Shape = Shape.Of(now.Live),
            Hosts = now.Live?.Hosts ?? [],
            Https = HttpsOf(now.Live),
            MustBeReady = now.Live?.Services.Select(one => one.Part).ToHashSet() ?? Nobody,
            IsTakingBack = true,
            MustBeAlone = true,
            Exclusive = Exclusive(now),
        };

    /// <summary>The parts that the deployment brings.</summary>
    public static IReadOnlySet<Part> Changed(Situation now) =>
        now.Next!.Services.Select(one => one.Part).Except(now.Live?.Services.Select(one => one.Part) ?? []).ToHashSet();

    private static HttpsRules? HttpsOf(Release? release) =>
        release?.Tls is { Mode: not TlsMode.Off } tls ? tls.Https : null;

    private static Shape Warmed(Shape shape, Situation now)
    {
        foreach (var warm in now.Record.Warm)
        {
            var service = now
                .WarmReleases.FirstOrDefault(release => release.Number == warm.Release)
                ?.Find(warm.Part.Service);
            if (service?.Part != warm.Part || shape.Find(warm.Part.Service)?.Find(warm.Part) is not null)
            {
                continue;
            }
            var holding = new Holding(service, warm.Replicas, Share.None);
            shape = shape.Find(warm.Part.Service) is { } known
                ? new([
                    .. shape.Services.Select(one =>
                        one == known ? one with { Holdings = [.. one.Holdings, holding] } : one
                    ),
                ])
                : new([.. shape.Services, new ServiceShape(warm.Part.Service, [holding])]);
        }
        return shape;
    }

    private static HashSet<string> Exclusive(Situation now) =>
        [
            .. (now.Live?.Services ?? [])
                .Concat(now.Next?.Services ?? [])
                .Where(one => one.Service.IsExclusive)
                .Select(one => one.Service.Name),
        ];
}
