using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Builds Dockerfiles with this machine's container engine.</summary>
public interface IDockerfiles
{
    /// <summary>Builds, and brings what was built into the store. The engine keeps its layers for the next time.</summary>
    /// <exception cref="ProblemException">There is no engine, or the build failed: its last lines are the evidence.</exception>
    Task<Descriptor> BuildAsync(DockerfileOrder order, CancellationToken stop);
}

/// <param name="Folder">What the Dockerfile may copy from, absolute; <c>.dockerignore</c> says what not.</param>
/// <param name="File">The Dockerfile, in the folder.</param>
public sealed record DockerfileOrder(string Folder, string File)
{
    /// <summary>The stage to stop at; null for the last.</summary>
    public string? Target { get; init; }

    public Platform? Platform { get; init; }

    /// <summary>For its <c>ARG</c>s. They are no secrets: everybody who has the image can read them.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();
}
