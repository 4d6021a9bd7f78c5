using System.ComponentModel;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Starts the new part beside the old one, then gives it all traffic in one step; the old one stays warm.</summary>
public sealed record BlueGreen : IStrategy
{
    public static string Kind => "blue-green";

    [Description(
        "Show the new release under a host name of its own for this long, or until it is promoted, before it takes traffic."
    )]
    public TimeSpan Preview { get; init; } = TimeSpan.Zero;

    [Description("How long the gates are watched after the switch.")]
    public TimeSpan Hold { get; init; } = TimeSpan.Zero;

    [Description("Checks that must hold after the switch, such as 'error-rate < 1%'.")]
    public IReadOnlyList<Gate> Gates { get; init; } = [new Gate.ErrorRate(1)];

    [Description("What to do when too few requests came to judge: proceed, wait or rollback.")]
    public Quiet Quiet { get; init; } = Quiet.Proceed;

    public IEnumerable<Step> Plan(Replacement replacement)
    {
        var next = replacement.New;
        yield return new Step.Place(next, replacement.Replicas);
        if (!replacement.TakesTraffic)
        {
            yield break;
        }
        if (Preview > TimeSpan.Zero && replacement.Old is not null)
        {
            yield return new Step.Preview(next, replacement.PreviewHost, Preview);
        }
        yield return new Step.Shift(next, Share.All);
        if (Hold > TimeSpan.Zero && replacement.Old is not null)
        {
            yield return new Step.Watch(next, Gates, Hold, Quiet);
        }
    }
}
