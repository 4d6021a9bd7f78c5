namespace Fairlead.Model.Ports;

/// <summary>Sees which files of a folder are read from when it was begun, by whomever on this machine.</summary>
public interface IOpenings : IDisposable
{
    /// <summary>Ends it.</summary>
    SeenFiles End();
}

/// <summary>What was read in a folder.</summary>
/// <param name="Read">Files that were there before and were opened to be read, sorted, from the folder.</param>
/// <param name="IsWhole">Whether all of it was seen; too much at once may be missed.</param>
public sealed record SeenFiles(IReadOnlyList<string> Read, bool IsWhole);
