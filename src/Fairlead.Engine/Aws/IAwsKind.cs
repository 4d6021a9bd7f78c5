using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Aws;

/// <summary>One way to run a service at AWS. Every member may be called again after a crash, with the same result.</summary>
internal interface IAwsKind
{
    /// <summary>Whether it runs what is at this place.</summary>
    bool Runs(AwsPlace place);

    /// <summary>Makes a part, or finds it, without traffic. It may take minutes.</summary>
    /// <exception cref="ProblemException">It cannot be.</exception>
    Task PlaceAsync(InstanceOrder order, AwsCharge charge, CancellationToken stop);

    /// <summary>Which parts are there, and which share each has. Takes charge: what an earlier server has begun shall fail.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task<AwsSight> LookAsync(AwsSpot spot, AwsCharge charge, CancellationToken stop);

    /// <summary>Gives parts their shares, in one step.</summary>
    /// <param name="shares">They sum to 100; none takes all traffic away.</param>
    Task RouteAsync(
        AwsSpot spot,
        IReadOnlyList<(Part Part, Share Share)> shares,
        AwsCharge charge,
        CancellationToken stop
    );

    /// <summary>Removes a part that has no share, and with the last one all that was made for it.</summary>
    Task RemoveAsync(AwsSpot spot, Part part, AwsCharge charge, CancellationToken stop);

    /// <summary>What parts did since their shares changed; none where nobody counts.</summary>
    Task<IReadOnlyList<PartTraffic>> TrafficAsync(AwsSpot spot, AwsSight sight, CancellationToken stop);
}

/// <summary>A service at its place.</summary>
internal sealed record AwsSpot(Site Site, string Service, AwsPlace Place)
{
    public override string ToString() => $"{Service} of {Site}";

    /// <summary>Asked in its region.</summary>
    public AwsCall In(AwsCall call) => call with { Region = Place.Region };
}

/// <summary>As whom a change is made.</summary>
/// <param name="Owner">Of this Fairlead.</param>
internal sealed record AwsCharge(string Owner, Fence Fence);

/// <summary>What was seen of a service at AWS.</summary>
/// <param name="Parts">One instance for each: how many machines it is made of is AWS's own matter.</param>
/// <param name="Shares">Of those that have any.</param>
/// <param name="Since">When the shares were last changed; null where nobody knows.</param>
internal sealed record AwsSight(
    IReadOnlyList<Instance> Parts,
    IReadOnlyList<(Part Part, Share Share)> Shares,
    DateTimeOffset? Since
)
{
    public static readonly AwsSight Nothing = new([], [], null);

    /// <summary>Something is under way.</summary>
    public bool IsMoving =>
        Shares.Count > 1 || Parts.Any(static one => one.State is not (InstanceState.Ready or InstanceState.Failed));
}
