using System.Globalization;

namespace Fairlead.Drivers.Git;

/// <summary>One thing that a commit holds.</summary>
/// <param name="Path">From its top, as git has it.</param>
/// <param name="Id">Of a file's bytes, or of the commit of another repository.</param>
/// <param name="Bytes">0 for what is no file.</param>
internal readonly record struct GitEntry(string Path, string Id, long Bytes, bool IsFile, bool IsModule)
{
    /// <summary>Reads <c>git ls-tree -r -l -z</c>.</summary>
    public static IReadOnlyList<GitEntry> Read(string output) =>
        [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Of).OfType<GitEntry>()];

    private static GitEntry? Of(string entry)
    {
        var at = entry.IndexOf('\t', StringComparison.Ordinal);
        if (
            at < 0
            || entry[..at].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                is not [var mode, var kind, var id, var size]
        )
        {
            return null;
        }
        return new(
            entry[(at + 1)..],
            id,
            long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0,
            kind == "blob" && mode is "100644" or "100755",
            kind == "commit"
        );
    }
}
