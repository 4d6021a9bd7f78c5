using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.Reading;

/// <summary>Everything wrong with one manifest, collected so that it can be mended in one go.</summary>
/// <param name="file">How its file is called in its folder.</param>
internal sealed class Findings(string file = ManifestFile.Name)
{
    /// <summary>Past these a person mends the first ones and looks again.</summary>
    private const int FindingsMax = 100;

    private readonly List<(Spot Spot, string Path, Problem Problem)> found = [];
    private int left;

    public bool IsEmpty => found.Count == 0;

    /// <param name="code">Without its first part: <c>unknown-key</c>.</param>
    public void Add(Node node, string code, (string What, string Why, string Fix) words) =>
        Add(node.Spot, node.Path, code, words);

    public void Add(Spot spot, string path, string code, (string What, string Why, string Fix) words)
    {
        if (found.Count == FindingsMax)
        {
            left++;
            return;
        }
        var problem = new Problem($"manifest.{code}", Named(words.What), Named(words.Why), Named(words.Fix))
        {
            Where = $"{file}:{spot.Line}:{spot.Column}",
            Trouble = Trouble.WrongUse,
        };
        found.Add((spot, path, problem));
    }

    // The forms speak of the manifest; what is written in another file is called by that one's name.
    private string Named(string text) => text.Replace(ManifestFile.Name, file, StringComparison.Ordinal);

    /// <summary>Whether something is wrong at this path or below it, so that what follows from it need not be said.</summary>
    public bool Touch(string path) =>
        found.Exists(one =>
            one.Path.StartsWith(path, StringComparison.Ordinal)
            && (one.Path.Length == path.Length || one.Path[path.Length] is '.' or '[')
        );

    /// <exception cref="ProblemException">Something was found.</exception>
    public void ThrowIfAny()
    {
        if (found.Count == 0)
        {
            return;
        }
        List<Problem> problems =
        [
            .. found.OrderBy(one => one.Spot.Line).ThenBy(one => one.Spot.Column).Select(one => one.Problem),
        ];
        if (left > 0)
        {
            problems.Add(
                new Problem(
                    "manifest.more",
                    $"{left} more findings are not shown.",
                    $"At most {FindingsMax} are shown at once.",
                    "Mend these first, then run it again."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        throw new ProblemException(problems);
    }
}
