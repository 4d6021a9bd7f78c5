using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Telemetry.Metrics.Appending;

/// <summary>Counts samples that were not taken, by the problem's code.</summary>
internal sealed class Refused
{
    private Dictionary<string, long>? counts;

    public long Total { get; private set; }

    public void Add(Problem reason, int samples = 1)
    {
        if (samples > 0)
        {
            counts ??= new(StringComparer.Ordinal);
            counts[reason.Code] = counts.GetValueOrDefault(reason.Code) + samples;
            Total += samples;
        }
    }

    public IReadOnlyDictionary<string, long> ByCode => counts ?? (IReadOnlyDictionary<string, long>)Nothing;

    private static readonly Dictionary<string, long> Nothing = [];
}
