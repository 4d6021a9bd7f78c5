using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Makes layers of images from files of this machine: the same files give the same bytes, wherever and whenever.</summary>
public interface ILayers
{
    /// <summary>Writes a layer into the store. Folders above an entry need not be said.</summary>
    /// <exception cref="ProblemException">A file is gone, or the disk is full.</exception>
    Task<Layer> WriteAsync(IReadOnlyList<LayerEntry> entries, CancellationToken stop);

    /// <summary>Finds what a program needs of this machine to run elsewhere: its loader, its libraries, its runtime.</summary>
    /// <param name="program">As a recipe names it: a word of the PATH, or a path in the artifact.</param>
    /// <param name="artifact">The artifact's folder, absolute.</param>
    /// <exception cref="ProblemException">It is not here, or is of a kind that needs more than can be found out.</exception>
    Task<HostRuntime> RuntimeAsync(string program, string artifact, CancellationToken stop);
}

/// <param name="Packed">As it is kept and sent.</param>
/// <param name="DiffId">Its digest unpacked.</param>
/// <param name="Bytes">Of its files, unpacked.</param>
public sealed record Layer(Descriptor Packed, Digest DiffId, long Bytes, int Files);

/// <summary>Something in a layer. It belongs to root, and nobody may change it.</summary>
/// <param name="Path">In the image, without the slash at its beginning.</param>
public abstract record LayerEntry(string Path)
{
    /// <summary>A folder that is empty, or that everybody may write in.</summary>
    public sealed record Folder(string Path) : LayerEntry(Path)
    {
        /// <summary>As <c>/tmp</c>.</summary>
        public bool IsOpen { get; init; }
    }

    /// <param name="From">A file of this machine, absolute.</param>
    public sealed record Copy(string Path, string From, bool IsProgram) : LayerEntry(Path);

    public sealed record Text(string Path, string Content) : LayerEntry(Path);

    public sealed record Link(string Path, string To) : LayerEntry(Path);
}

/// <summary>What a program needs of this machine.</summary>
/// <param name="Platform">For which the program is made.</param>
/// <param name="IsStatic">It needs nothing: it runs from scratch.</param>
/// <param name="Words">What it is, for people, such as <c>node from /usr/bin/node, 9 libraries</c>.</param>
public sealed record HostRuntime(Platform Platform, bool IsStatic, string Words, IReadOnlyList<LayerEntry> Entries)
{
    /// <summary>Libraries that are named and were not found.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Folders in which its programs are, for PATH.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>Variables without which it would not run.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();
}
