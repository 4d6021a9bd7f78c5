using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What a run of a pipeline uses.</summary>
public sealed record PipelinePorts(
    World World,
    ITaskRunner Runner,
    ITaskCache Cache,
    IRunShelf Shelf,
    IWorkspace Workspace
)
{
    /// <summary>A copy of the workspace's source for one job, and of what fits the globs; it is thrown away when it is disposed of.</summary>
    public required Func<string, IReadOnlyList<string>, IApartWorkspace> Apart { get; init; }

    /// <summary>Reads files below a folder, such as reports of tests.</summary>
    public required Func<string, IFileTree> Open { get; init; }

    /// <summary>Where jobs run that ask for an image or for servers.</summary>
    public required IJobRooms Rooms { get; init; }

    /// <summary>Looks on which files of a folder are read.</summary>
    /// <exception cref="ProblemException">It has more folders than can be watched.</exception>
    public Func<string, IOpenings>? Watch { get; init; }

    /// <summary>What changed in the workspace, as its repository says it.</summary>
    public required IChanges Changes { get; init; }

    /// <summary>The cache of a team; null when there is none.</summary>
    public ISharedCache? Shared { get; init; }

    /// <summary>Whose entries of the caches are used and made, where the branch that is checked out does not tell; null for the branch.</summary>
    public string? Scope { get; init; }

    /// <summary>As <see cref="Rooms"/>, in a cluster.</summary>
    public required Func<RoomPlace, IJobRooms> InCluster { get; init; }

    /// <summary>The branch that is checked out, and the commit; empty where there is none.</summary>
    public required (string Branch, string Commit) Head { get; init; }

    /// <summary>Cores of this machine.</summary>
    public required int Cores { get; init; }

    /// <summary>Such as <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>How Fairlead itself is called.</summary>
    public required IReadOnlyList<string> Self { get; init; }

    /// <summary>Values of secrets by name; null for one that is not there.</summary>
    public required Func<string, string?> Secret { get; init; }

    /// <summary>Lets these values never be shown or written from now on.</summary>
    public required Action<IReadOnlyList<string>> Hide { get; init; }

    /// <summary>Makes digests of secrets that tell nothing to whoever does not know it.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>Takes what goes on, line by line, for people.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
