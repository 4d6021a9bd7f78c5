using Fairlead.Model.Security.Scanning;

namespace Fairlead.Model.Ports;

/// <summary>A program of its own that looks through a folder, such as a virus scanner.</summary>
public interface IScanner
{
    ScanKind Kind { get; }

    /// <summary>Looks through a folder. Where the program is missing or its data are old, the answer is unknown, never clean.</summary>
    /// <param name="folder">Absolute.</param>
    Task<ScanPart> ScanAsync(string folder, CancellationToken stop);
}

/// <summary>Reads one kind of file that names exact packages. It is given files that others wrote, so nothing it reads may hurt it.</summary>
public interface IComponentReader
{
    /// <summary>For people, such as <c>package-lock.json</c>.</summary>
    string Name { get; }

    /// <summary>Whether this is such a file.</summary>
    /// <param name="path">Relative, with <c>/</c>.</param>
    bool Reads(string path);

    /// <summary>What the file names. A broken file is said in <see cref="Inventory.Unread"/>; nothing is thrown.</summary>
    Inventory Read(string path, ReadOnlyMemory<byte> content);
}
