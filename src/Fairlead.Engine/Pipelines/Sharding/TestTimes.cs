using Fairlead.Engine.Pipelines.Reports;

namespace Fairlead.Engine.Pipelines.Sharding;

/// <summary>
/// How long tests took, by the files and classes that reports name. Reports call the same test otherwise than a list of tests does: pytest writes
/// <c>tests.test_cart.TestAdd</c> for what is in <c>tests/test_cart.py</c>, Surefire <c>shop.CartTest</c> for <c>src/test/java/shop/CartTest.java</c>.
/// </summary>
internal sealed class TestTimes
{
    /// <summary>Of so many files and classes times are kept.</summary>
    public const int NamesMax = 20_000;

    private const string FileKey = "file ";
    private const string ClassKey = "class ";

    private static readonly char[] Joints = ['.', ':', '$', '+'];

    private readonly IReadOnlyDictionary<string, TimeSpan> past;

    // Of each class with those inside of it: of a, what a.B and a.C took.
    private readonly Dictionary<string, TimeSpan> within = new(StringComparer.Ordinal);

    /// <param name="past">As <see cref="Of"/> made it.</param>
    public TestTimes(IReadOnlyDictionary<string, TimeSpan> past)
    {
        this.past = past;
        foreach (var (key, took) in past)
        {
            if (!key.StartsWith(ClassKey, StringComparison.Ordinal))
            {
                continue;
            }
            var name = key[ClassKey.Length..];
            for (var end = name.Length; end > 0; end = name.LastIndexOfAny(Joints, end - 1))
            {
                // Of "::" the second one.
                if (name[end - 1] != ':')
                {
                    within[name[..end]] = within.GetValueOrDefault(name[..end]) + took;
                }
            }
        }
    }

    /// <summary>What a report says, added up by files and classes.</summary>
    /// <param name="roots">Folders, absolute, from which files of the workspace are named.</param>
    public static Dictionary<string, TimeSpan> Of(IReadOnlyList<TestTime> times, IReadOnlyList<string> roots)
    {
        var all = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var one in times)
        {
            if (one.File is { } file)
            {
                Add(all, FileKey + PathOf(file, roots), one.Took);
            }
            if (one.Class is { } type)
            {
                Add(all, ClassKey + type, one.Took);
            }
        }
        return all;
    }

    /// <summary>How long a test took that is listed by its file, class or package; null when nothing tells.</summary>
    /// <param name="name">A path from the pipeline's folder, or as the list names it.</param>
    public TimeSpan? Took(string name)
    {
        if (past.TryGetValue(FileKey + name, out var took) || within.TryGetValue(name, out took))
        {
            return took;
        }
        var dot = name.LastIndexOf('.');
        var path = dot > name.LastIndexOf('/') ? name[..dot] : name;
        // src/test/java/shop/CartTest, test/java/shop/CartTest, and so on to CartTest alone.
        var at = 0;
        while (
            !past.TryGetValue(FileKey + name[at..], out took)
            && !within.TryGetValue(path[at..].Replace('/', '.'), out took)
        )
        {
            at = path.IndexOf('/', at) + 1;
            if (at == 0)
            {
                return null;
            }
        }
        return took;
    }

    /// <summary>The newest of each; when there are too many, older ones go.</summary>
    public static Dictionary<string, TimeSpan> Newest(
        IReadOnlyDictionary<string, TimeSpan> older,
        Dictionary<string, TimeSpan> newer
    )
    {
        var all = new Dictionary<string, TimeSpan>(newer.Take(NamesMax), StringComparer.Ordinal);
        foreach (var (key, took) in older)
        {
            if (all.Count >= NamesMax)
            {
                break;
            }
            all.TryAdd(key, took);
        }
        return all;
    }

    private static void Add(Dictionary<string, TimeSpan> all, string key, TimeSpan took) =>
        all[key] = all.GetValueOrDefault(key) + took;

    private static string PathOf(string file, IReadOnlyList<string> roots)
    {
        var path = file.Replace('\\', '/');
        foreach (var root in roots)
        {
            if (path.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return path[(root.Length + 1)..];
            }
        }
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }
}
