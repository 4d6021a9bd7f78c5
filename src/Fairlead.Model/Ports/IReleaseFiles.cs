namespace Fairlead.Model.Ports;

/// <summary>The files that releases run from.</summary>
public interface IReleaseFiles
{
    /// <summary>The hash of each file of an artifact, by its path; null when there is no such artifact here.</summary>
    Task<IReadOnlyDictionary<string, string>?> HashesAsync(string artifact, CancellationToken stop);
}
