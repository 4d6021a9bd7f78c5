using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>What a folder was recognised as, and the evidence.</summary>
/// <param name="Stack">Such as <c>aspnet</c>.</param>
/// <param name="HealthPath">A path that the program answers when it is well; null when none was seen.</param>
/// <param name="Port">The only port it can listen on; null when it obeys PORT.</param>
public sealed record Detected(
    string Stack,
    Kind Kind,
    Recipe Recipe,
    string? HealthPath,
    int? Port,
    IReadOnlyList<Evidence> Evidence
);

/// <summary>A place in the source that says something about it.</summary>
/// <param name="Path">File, relative to the folder looked at.</param>
/// <param name="Line">Counted from 1; null when the file's being there is the evidence.</param>
/// <param name="Says">What it tells, in words.</param>
public sealed record Evidence(string Path, int? Line, string Says);

/// <summary>A repository as it was recognised.</summary>
public sealed record DetectedApp(string Name, IReadOnlyList<DetectedService> Services);

/// <summary>A service found in a repository.</summary>
/// <param name="Path">Its folder, relative to the repository; <c>.</c> is the repository's own.</param>
public sealed record DetectedService(string Name, string Path, Detected Detected);
