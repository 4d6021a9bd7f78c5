using System.Buffers;
using System.Text;

namespace Fairlead.Model.Security;

/// <summary>
/// Finds secrets in text, in all forms in which programs print them (<c>SecretForms</c>), also where line breaks, indents and
/// colours stand within one, and hides them. All forms of all secrets are looked for at once (Aho and Corasick, 1975), so a text is
/// read once however many there are. It never changes: another set of secrets is another mask.
/// </summary>
public sealed class SecretMask
{
    private readonly Dictionary<long, int> edges = [];
    private readonly List<int> fails = [0];
    private readonly List<int> depths = [0];

    // Of the longest form that ends at a node; what is shorter lies within it.
    private readonly List<int> found = [0];
    private readonly SearchValues<char> firsts;
    private readonly SearchValues<string> whole;

    private SecretMask(IReadOnlyList<string> forms)
    {
        Forms = forms;
        foreach (var form in forms)
        {
            Add(form);
        }
        Link();
        firsts = SearchValues.Create([.. forms.Select(form => form[0]).Distinct(), Skim.Escape]);
        whole = SearchValues.Create([.. forms], StringComparison.Ordinal);
        CharsMax = depths.Max();
    }

    /// <summary>Hides nothing.</summary>
    public static SecretMask None { get; } = new([]);

    /// <summary>Everything that is looked for.</summary>
    internal IReadOnlyList<string> Forms { get; }

    /// <summary>Letters of the longest form.</summary>
    internal int CharsMax { get; }

    /// <summary>Nothing is looked for.</summary>
    public bool IsEmpty => Forms.Count == 0;

    /// <summary>For text.</summary>
    /// <param name="more">What is hidden as well though it is not of the vault, such as a token of Fairlead's own.</param>
    public static SecretMask Of(IEnumerable<Secret> secrets, IEnumerable<string>? more = null) =>
        Of(secrets.Select(one => one.Reveal()).Concat(more ?? []), form => form);

    /// <summary>For bytes of UTF-8 that are read as Latin-1, one letter for each: so nothing but secrets is changed in what programs print.</summary>
    public static SecretMask OfBytes(IEnumerable<Secret> secrets) =>
        Of(secrets.Select(one => one.Reveal()), form => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form)));

    /// <summary>The same text with secrets hidden; the very same string when it has none.</summary>
    public string Masked(string text)
    {
        if (IsEmpty || (!HasControls(text) && !text.AsSpan().ContainsAny(whole)))
        {
            return text;
        }
        var stream = new PiecewiseMask(this);
        var masked = stream.Push(text) + stream.Flush();
        return stream.HasHidden ? masked : text;
    }

    /// <summary>The node after one more letter.</summary>
    internal int Next(int node, char letter)
    {
        while (true)
        {
            if (edges.TryGetValue(Edge(node, letter), out var next))
            {
                return next;
            }
            if (node == 0)
            {
                return 0;
            }
            node = fails[node];
        }
    }

    /// <summary>Letters of the beginning of a form that the text ends with.</summary>
    internal int DepthOf(int node) => depths[node];

    /// <summary>Letters of the longest form that ends here; 0 when none does.</summary>
    internal int FoundAt(int node) => found[node];

    /// <summary>Where something could begin; the text's length when nothing does.</summary>
    internal int FirstIn(ReadOnlySpan<char> text) =>
        text.IndexOfAny(firsts) is >= 0 and var index ? index : text.Length;

    private static bool HasControls(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\0', '\x1F') is >= 0 and var index)
        {
            if (rest[index] != '\t')
            {
                return true;
            }
            rest = rest[(index + 1)..];
        }
        return false;
    }

    private static SecretMask Of(IEnumerable<string> texts, Func<string, string> written)
    {
        string[] forms =
        [
            .. texts
                .SelectMany(SecretForms.Of)
                .Select(form => Skim.Bare(written(form)))
                .Where(form => form.Length >= Secret.CharsMin)
                .Distinct(StringComparer.Ordinal),
        ];
        return forms.Length == 0 ? None : new SecretMask(forms);
    }

    private static long Edge(int node, char letter) => ((long)node << 16) | letter;

    private void Add(string form)
    {
        var node = 0;
        foreach (var letter in form)
        {
            if (!edges.TryGetValue(Edge(node, letter), out var next))
            {
                next = depths.Count;
                edges[Edge(node, letter)] = next;
                depths.Add(depths[node] + 1);
                fails.Add(0);
                found.Add(0);
            }
            node = next;
        }
        found[node] = form.Length;
    }

    // Level by level, so that what a node falls back to is linked already.
    private void Link()
    {
        foreach (var (edge, node) in edges.OrderBy(pair => depths[pair.Value]))
        {
            var (parent, letter) = ((int)(edge >> 16), (char)(edge & 0xFFFF));
            if (parent != 0)
            {
                fails[node] = Next(fails[parent], letter);
            }
            found[node] = Math.Max(found[node], found[fails[node]]);
        }
    }
}
