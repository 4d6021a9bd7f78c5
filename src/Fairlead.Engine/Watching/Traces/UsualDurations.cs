using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>
/// Learns how long each route usually takes, so that slow means slow for this route. Old experience fades: when enough is known,
/// all of it is halved.
/// </summary>
internal sealed class UsualDurations(int routesMax)
{
    internal const int EnoughToKnow = 200;
    private const int FadeAt = 4_000;
    private const double Percentile = 99;
    private const string Others = "";

    private readonly Dictionary<string, Route> routes = new(StringComparer.Ordinal);

    /// <summary>Above this a trace of the route is slow; null while too little is known.</summary>
    public TimeSpan? Limit(string route) => Find(route)?.Limit;

    public void Learn(string route, TimeSpan duration)
    {
        var known = Find(route);
        if (known is null)
        {
            known = new();
            routes[routes.Count < routesMax ? route : Others] = known;
        }
        known.Add(duration);
    }

    private Route? Find(string route) =>
        routes.GetValueOrDefault(route) ?? (routes.Count >= routesMax ? routes.GetValueOrDefault(Others) : null);

    private sealed class Route
    {
        private readonly int[] counts = new int[LatencyHistogram.Size];
        private int total;
        private int untilLook = EnoughToKnow;

        public TimeSpan? Limit { get; private set; }

        public void Add(TimeSpan duration)
        {
            counts[LatencyHistogram.Index(duration)]++;
            total++;
            if (--untilLook > 0)
            {
                return;
            }
            untilLook = EnoughToKnow / 4;
            Limit = At(Percentile);
            if (total >= FadeAt)
            {
                total = 0;
                for (var i = 0; i < counts.Length; i++)
                {
                    counts[i] /= 2;
                    total += counts[i];
                }
            }
        }

        private TimeSpan At(double percentile)
        {
            var rank = (long)Math.Ceiling(total * percentile / 100);
            for (var i = 0; i < counts.Length; i++)
            {
                rank -= counts[i];
                if (rank <= 0)
                {
                    return LatencyHistogram.UpperEdge(i);
                }
            }
            return TimeSpan.MaxValue;
        }
    }
}
