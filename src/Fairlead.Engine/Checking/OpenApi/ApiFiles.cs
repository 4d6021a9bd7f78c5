using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>A document of several files: what its references name is read too, within the folder.</summary>
/// <param name="Root">The document itself.</param>
/// <param name="Others">By their paths from the folder; null for one that is not there.</param>
internal sealed record ApiFiles(ApiTree Root, IReadOnlyDictionary<string, ApiTree?> Others)
{
    public const int FilesMax = 500;

    /// <param name="label">How the document is called, for messages.</param>
    /// <param name="path">Where it is, from the folder.</param>
    /// <param name="read">Reads a file of the folder; null when it is not there or too large.</param>
    /// <exception cref="ProblemException">A file cannot be read, or there are too many, or too much is in them.</exception>
    public static async Task<ApiFiles> ReadAsync(
        byte[] bytes,
        string label,
        string path,
        Func<string, CancellationToken, Task<byte[]?>> read,
        CancellationToken stop
    )
    {
        var root = ApiReader.Read(bytes, label);
        var waiting = new Queue<string>(FilesOf(root, path));
        var others = new Dictionary<string, ApiTree?>(StringComparer.Ordinal);
        if (waiting.Count == 0)
        {
            return new(root, others);
        }
        root = root.In(file: null, reference => Called(reference, path, path));
        long size = bytes.Length;
        while (waiting.TryDequeue(out var file))
        {
            if (file == path || others.ContainsKey(file))
            {
                continue;
            }
            var found = await read(file, stop);
            size += found?.Length ?? 0;
            if (others.Count == FilesMax || size > ApiReader.BytesMax)
            {
                throw TooMuch(label);
            }
            var tree = found is null ? null : ApiReader.Read(found, file);
            others[file] = tree?.In(file, reference => Called(reference, file, path));
            foreach (var next in tree is null ? [] : FilesOf(tree, file))
            {
                waiting.Enqueue(next);
            }
        }
        return new(root, others);
    }

    /// <summary>Whether a reference names another file, and not an address or a place outside of the folder.</summary>
    public static bool IsInside(string reference) => PathOf(reference, "") is not null;

    private static IEnumerable<string> FilesOf(ApiTree tree, string file) =>
        tree.References.Select(one => PathOf(one, file)).OfType<string>().Distinct();

    // orders.yaml#/Order, said in api/models/user.yaml, is api/models/orders.yaml#/Order; and what leads back to the document begins with #.
    private static string Called(string reference, string file, string document)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var place = hash < 0 ? "#" : reference[hash..];
        var path = hash == 0 ? file : PathOf(reference, file);
        return path is null ? reference
            : path == document ? place
            : path + place;
    }

    /// <summary>The file from the folder; null when it names none, or none of the folder.</summary>
    private static string? PathOf(string reference, string file)
    {
        var written = Uri.UnescapeDataString(reference.Split('#')[0]);
        if (written.Length == 0 || written[0] == '/' || written.AsSpan().ContainsAny(":\\\0"))
        {
            return null;
        }
        List<string> parts = [.. file.Split('/').SkipLast(1)];
        foreach (var part in written.Split('/'))
        {
            if (part is ".." && parts.Count == 0)
            {
                return null;
            }
            if (part is "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ""))
            {
                parts.Add(part);
            }
        }
        return parts.Count == 0 ? null : string.Join('/', parts);
    }

    private static ProblemException TooMuch(string label) =>
        new(
            new Problem(
                "openapi.too-many-files",
                What: $"{label} is made of too many files.",
                Why: $"At most {FilesMax} are read, of {ApiReader.BytesMax} bytes together.",
                Fix: "Make one document of them first, for example: npx @redocly/cli bundle openapi.yaml -o all.yaml"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
