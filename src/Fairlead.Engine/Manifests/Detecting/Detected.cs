using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>What in the source told us something: <c>package.json:7 depends on express</c>.</summary>
/// <param name="Path">Relative to the service's folder; it begins with <c>../</c> when it lies above it.</param>
/// <param name="Line">Counted from 1; null when the file's being there is what told us.</param>
public sealed record Evidence(string Path, int? Line, string Says)
{
    public override string ToString() => Line is { } line ? $"{Path}:{line} {Says}" : $"{Path} {Says}";
}

/// <summary>What a folder was recognised as, and why.</summary>
/// <param name="Stack">Slug of the rule that matched, such as <c>aspnet</c>.</param>
/// <param name="Recipe">
/// How it is built and run. <see cref="Recipe.Inputs"/> are relative to the service's folder here, such as <c>../Shared</c>,
/// and never lead out of the tree that was looked at; whoever makes a <see cref="Service"/> joins them with its path.
/// </param>
/// <param name="HealthPath">A path that the source answers as a health check; null when none is evident.</param>
/// <param name="Port">The only port the program can listen on; null when it obeys PORT or nothing is evident.</param>
/// <param name="Evidence">What told us, the strongest first; then what else the folder could be.</param>
public sealed record Detected(
    string Stack,
    Kind Kind,
    Recipe Recipe,
    string? HealthPath,
    int? Port,
    IReadOnlyList<Evidence> Evidence
);

/// <summary>A service found in a repository.</summary>
/// <param name="Name">Unique in the app and fit to be a service's name.</param>
/// <param name="Path">Its folder, relative to the repository; <c>.</c> is the repository itself.</param>
public sealed record DetectedService(string Name, string Path, Detected Detected);

/// <summary>What a repository is: an app and its services, none when nothing was recognised.</summary>
public sealed record DetectedApp(string Name, IReadOnlyList<DetectedService> Services);
