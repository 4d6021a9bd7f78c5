using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Files that are made in a folder and never outside of it.</summary>
public interface IOutputFiles
{
    /// <summary>Writes a file whole, over what was there; its folders are made.</summary>
    /// <param name="path">From the folder.</param>
    /// <returns>Its absolute path.</returns>
    /// <exception cref="ProblemException">The path leads out, or cannot be written.</exception>
    string Write(string path, ReadOnlySpan<byte> bytes);
}
