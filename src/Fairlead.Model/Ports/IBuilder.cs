using System.Text.Json.Serialization;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Turns source into artifacts: folders named by the digest of what went into them, never changed once made.</summary>
public interface IBuilder
{
    /// <summary>The digest that an artifact of this source would have. Reads the source, builds nothing.</summary>
    /// <exception cref="ProblemException">The source cannot be read, or is too large.</exception>
    Task<string> DigestAsync(BuildOrder order, CancellationToken stop);

    /// <summary>Begins a build, or finds it running or done. It goes on by itself; its state is observed.</summary>
    /// <param name="artifact">What <see cref="DigestAsync"/> said; the build fails when the source has changed since.</param>
    Task StartAsync(BuildOrder order, string artifact, CancellationToken stop);

    /// <summary>How a build stands; <see cref="BuildState.Missing"/> when nobody started it, or the one who did is gone.</summary>
    Task<BuildView> ObserveAsync(string artifact, CancellationToken stop);

    /// <summary>Ends a build that nobody waits for any more, or finds it ended.</summary>
    Task CancelAsync(string artifact, CancellationToken stop);
}

/// <param name="Source">The manifest's folder, absolute.</param>
public sealed record BuildOrder(string App, string Source, Service Service);

/// <param name="Problem">Why it failed, with the last 40 lines of output as evidence.</param>
/// <param name="Lines">The latest lines of output.</param>
public sealed record BuildView(BuildState State, Problem? Problem = null, IReadOnlyList<string>? Lines = null)
{
    /// <summary>What should be mended in what it made; said once, by the build that made it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A build's life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BuildState>))]
public enum BuildState
{
    Missing,
    Running,
    Done,
    Failed,
}
