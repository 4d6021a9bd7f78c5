using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// Whether what an entry of a shared cache wants to put into a workspace may be put there. A signature says who wrote it, not that it does no harm: a run of
/// a change signs for the scope of its change.
/// </summary>
internal static class SharedEntryChecks
{
    public const int FilesMax = 200_000;

    /// <summary>Of all files of a task together; more is kept on the machine alone.</summary>
    public const long BytesMax = 2L << 30;

    /// <summary>Compressing makes no more of it than a little.</summary>
    public const long PackBytesMax = BytesMax + (BytesMax >> 4);

    private const int DigestLength = 64;

    /// <param name="globs">The task's outputs.</param>
    public static bool IsSound(SharedTask shared, IReadOnlyList<string> globs)
    {
        var outputs = shared.Task.Outputs;
        if (
            outputs.Count > FilesMax
            || shared.PackBytes > PackBytesMax
            || outputs.Any(static one => one.Size is < 0 or > BytesMax)
            || outputs.Sum(static one => one.Size) > BytesMax
            || !(IsDigest(shared.Pack) || shared.Pack.Length == 0 && outputs.All(static one => one.IsLink))
        )
        {
            return false;
        }
        var (patterns, paths) = (new Globs(globs), new HashSet<string>(StringComparer.Ordinal));
        return outputs.All(one =>
                IsPlain(one.Path)
                && paths.Add(one.Path)
                && Fits(patterns, one.Path)
                && (one.IsLink ? StaysInside(one) : IsDigest(one.Digest))
            )
            // Nothing is put below what is a file or a link itself.
            && outputs.All(one => Parents(one.Path).All(parent => !paths.Contains(parent)));
    }

    private static bool IsPlain(string path) =>
        !path.Contains('\0', StringComparison.Ordinal)
        && path.Split('/').All(static name => name is not ("" or "." or ".." or ".git"));

    private static bool Fits(Globs globs, string path) =>
        globs.IsWanted(path.Split('/').Aggregate(globs.Top, globs.Step));

    // Steps up only at its beginning, and no more than there are folders: one in its midst would go up from wherever another link leads.
    private static bool StaysInside(WorkFile link)
    {
        var names = link.Digest.Split('/');
        var up = names.TakeWhile(static name => name == "..").Count();
        return link.Digest.Length > 0
            && !link.Digest.Contains('\0', StringComparison.Ordinal)
            && up < link.Path.Split('/').Length
            && names.Skip(up).All(static name => name is not ("" or ".."));
    }

    private static bool IsDigest(string text) =>
        text.Length == DigestLength && text.All(static one => one is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static IEnumerable<string> Parents(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            yield return path[..at];
        }
    }
}
