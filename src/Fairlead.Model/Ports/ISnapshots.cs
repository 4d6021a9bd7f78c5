using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Has the cloud that runs a database take snapshots of it, each once for its deployment, in the background.</summary>
public interface ISnapshots
{
    /// <summary>Begins one, or finds it under way or taken. Called twice, by whatever server, it is one snapshot.</summary>
    Task BeginAsync(SnapshotOrder order, Fence fence, CancellationToken stop);

    /// <summary>How it stands; null when nobody began it, or the one who did is gone.</summary>
    Task<SnapshotView?> ObserveAsync(SnapshotOrder order, CancellationToken stop);
}

/// <param name="Database">As the manifest calls it.</param>
/// <param name="Deployment">The one that is about to change the schema. The same database and deployment are the same snapshot.</param>
/// <param name="TimeMax">How long it may take.</param>
public sealed record SnapshotOrder(Site Site, string Database, RdsPlace Place, string Deployment, TimeSpan TimeMax);

/// <param name="Name">What the cloud calls it.</param>
/// <param name="Says">How far it is, in words.</param>
public sealed record SnapshotView(string Name, string Says)
{
    /// <summary>It is complete.</summary>
    public bool IsTaken { get; init; }

    /// <summary>It will not be; null while it may.</summary>
    public Problem? Problem { get; init; }

    /// <summary>What could not be done beside it, such as to delete an old one.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
