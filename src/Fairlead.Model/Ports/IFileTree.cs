namespace Fairlead.Model.Ports;

/// <summary>A folder that is only read, confined to itself: links that lead outside are not followed. Paths use <c>/</c> and are relative to it.</summary>
public interface IFileTree
{
    /// <summary>Its absolute path, for messages.</summary>
    string Root { get; }

    bool FolderExists(string path);

    bool FileExists(string path);

    /// <summary>Text of a file of at most 1 MiB; null when it is missing, larger or not text.</summary>
    string? ReadText(string path);

    /// <summary>A file of at most 32 MiB; null when it is missing, larger or cannot be read.</summary>
    byte[]? ReadBytes(string path) => ReadText(path) is { } text ? System.Text.Encoding.UTF8.GetBytes(text) : null;

    /// <summary>Names in a folder, sorted, folders ending in <c>/</c>; empty when it is missing. At most <see cref="NamesMax"/>.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Whether there is nothing to see in a folder because nobody may look into it.</summary>
    bool IsClosed(string folder) => false;

    const int NamesMax = 10_000;

    /// <summary>The tree of a folder inside this one.</summary>
    IFileTree Inside(string folder);
}
